"""ELECTRA: its configuration, layers and checkpoint tensors."""
