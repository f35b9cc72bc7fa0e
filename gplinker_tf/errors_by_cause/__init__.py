"""Errors by cause: why a triple was missed, or found in error; the texts worth a look first."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
