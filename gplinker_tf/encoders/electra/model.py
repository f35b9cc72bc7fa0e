"""ELECTRA's discriminator."""

from __future__ import annotations

from typing import ClassVar

from gplinker_tf.encoders.electra.config import ElectraConfig
from gplinker_tf.encoders.transformer import TransformerEncoder
from gplinker_tf.encoders.transformer_config import TransformerConfig


class Electra(TransformerEncoder):
    """An ELECTRA encoder: a BERT whose token embeddings may be narrower than hidden states.

    Args:
        config: the configuration.
        sequence_length: a fixed `L`, or `None` for any length.
        name: the Keras model's name.

    Attributes:
        config: the `ElectraConfig`.
        model: the Keras model.
        layers: the layers by name.

    Example:

    >>> electra = Electra(ElectraConfig(
    ...     vocab_size=100, hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
    ...     intermediate_size=16, embedding_size=4))
    >>> electra.model.output_shape, electra.layers["Embedding-Token"].output_dim
    ((None, None, 8), 4)

    Source: Clark et al., "ELECTRA", https://arxiv.org/abs/2003.10555.
    """

    config: ElectraConfig
    config_class: ClassVar[type[TransformerConfig]] = ElectraConfig
