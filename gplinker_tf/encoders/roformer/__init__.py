"""RoFormer: its sizes, its layers, its tensors."""
