"""Pretrained weights, from the forms they are published in."""
