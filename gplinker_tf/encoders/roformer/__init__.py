"""RoFormer: its configuration, layers and checkpoint tensors."""
