"""Tokenizers: text to token ids, with the characters that each token stands for."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
