"""ALBERT: its sizes, its layers, its tensors."""
