"""NEZHA: its sizes, its layers, its tensors."""
