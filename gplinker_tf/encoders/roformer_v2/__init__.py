"""RoFormer-v2: its configuration, layers and checkpoint tensors."""
