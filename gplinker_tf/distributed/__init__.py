"""Extraction on many machines: with Ray, with Spark, or over the rows of a dataset."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
