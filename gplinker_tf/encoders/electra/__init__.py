"""ELECTRA: its sizes, its layers, its tensors."""
