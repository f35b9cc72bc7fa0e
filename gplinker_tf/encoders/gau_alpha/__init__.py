"""GAU-alpha: its configuration, layers and checkpoint tensors."""
