"""RoFormer, a BERT with rotary positions."""

from __future__ import annotations

from typing import ClassVar

from gplinker_tf.encoders.roformer.config import RoFormerConfig
from gplinker_tf.encoders.transformer import TransformerEncoder
from gplinker_tf.encoders.transformer_config import TransformerConfig


class RoFormer(TransformerEncoder):
    """A RoFormer encoder: a BERT whose attention rotates queries and keys by their positions.

    Args:
        config: the configuration.
        sequence_length: a fixed `L`, or `None` for any length.
        name: the Keras model's name.

    Attributes:
        config: the `RoFormerConfig`.
        model: the Keras model.
        layers: the layers by name.

    Example:

    >>> roformer = RoFormer(RoFormerConfig(
    ...     vocab_size=100, hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
    ...     intermediate_size=16))
    >>> roformer.layers["Transformer-0-MultiHeadSelfAttention"].positions
    'rotary'

    Source: Su et al., "RoFormer", https://arxiv.org/abs/2104.09864.
    """

    config: RoFormerConfig
    config_class: ClassVar[type[TransformerConfig]] = RoFormerConfig
    positions: ClassVar[str] = "rotary"
