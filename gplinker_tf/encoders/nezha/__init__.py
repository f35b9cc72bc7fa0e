"""NEZHA: its configuration, layers and checkpoint tensors."""
