"""BERT: its configuration, layers and checkpoint tensors."""
