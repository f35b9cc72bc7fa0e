"""Readers for the formats in which pretrained weights are published."""
