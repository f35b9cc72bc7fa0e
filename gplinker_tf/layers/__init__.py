"""Layers that score: pointers, a kernel for token pairs, a normalization a condition steers."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
