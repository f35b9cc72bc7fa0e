"""Data: reading, writing, splitting and checking annotated texts; file formats; schemas."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
