"""Errors by cause: why triples were missed or wrongly found, and which texts to review first."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
