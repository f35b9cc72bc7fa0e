"""RoFormer-v2: its sizes, its layers, its tensors."""
