"""Data: annotated texts in and out, their schema, split and checks, labels, batches."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
