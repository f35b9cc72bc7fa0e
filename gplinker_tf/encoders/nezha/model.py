"""NEZHA, a BERT with relative positions."""

from __future__ import annotations

from typing import ClassVar

from gplinker_tf.encoders.nezha.config import NezhaConfig
from gplinker_tf.encoders.transformer import TransformerEncoder
from gplinker_tf.encoders.transformer_config import TransformerConfig


class Nezha(TransformerEncoder):
    """A NEZHA encoder: a BERT whose attention adds relative position vectors to keys and values.

    Distances are clipped to 64, so that it can encode texts of any length.

    Args:
        config: the configuration.
        sequence_length: a fixed `L`, or `None` for any length.
        name: the Keras model's name.

    Attributes:
        config: the `NezhaConfig`.
        model: the Keras model.
        layers: the layers by name.

    Example:

    >>> nezha = Nezha(NezhaConfig(
    ...     vocab_size=100, hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
    ...     intermediate_size=16))
    >>> nezha.layers["Transformer-0-MultiHeadSelfAttention"].positions
    'relative'

    Source: Wei et al., "NEZHA", https://arxiv.org/abs/1909.00204.
    """

    config: NezhaConfig
    config_class: ClassVar[type[TransformerConfig]] = NezhaConfig
    positions: ClassVar[str] = "relative"
