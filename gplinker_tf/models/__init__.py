"""Encoder and heads and their loss: whole models."""

from gplinker_tf.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, {"GPLinker": "gplinker"})
