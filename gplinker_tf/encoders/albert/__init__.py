"""ALBERT: its configuration, layers and checkpoint tensors."""
