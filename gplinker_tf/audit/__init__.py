"""The label audit: which annotated triples a model can learn, which it can't, and why."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
