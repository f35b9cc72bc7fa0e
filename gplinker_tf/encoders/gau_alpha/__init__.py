"""GAU-alpha: its sizes, its layers, its tensors."""
