"""ALBERT with separate weights for each block."""

from __future__ import annotations

from gplinker_tf.encoders.albert.base import AlbertEncoder
from gplinker_tf.encoders.albert.config import AlbertConfig


class AlbertUnshared(AlbertEncoder):
    """An ALBERT whose blocks load the same checkpoint weights but are trained separately.

    Args:
        config: the configuration.
        sequence_length: a fixed `L`, or `None` for any length.
        name: the Keras model's name.

    Example:

    >>> albert = AlbertUnshared(AlbertConfig(
    ...     vocab_size=100, hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
    ...     intermediate_size=16, embedding_size=4))
    >>> "Transformer-1-FeedForward" in albert.layers
    True

    Source: bert4keras's `ALBERT_Unshared`, https://github.com/bojone/bert4keras.
    """

    config: AlbertConfig
