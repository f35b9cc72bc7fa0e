"""ALBERT, whose blocks share their weights."""

from __future__ import annotations

from gplinker_tf.encoders.albert.base import AlbertEncoder
from gplinker_tf.encoders.albert.config import AlbertConfig


class Albert(AlbertEncoder):
    """An ALBERT encoder: a BERT that applies the same block repeatedly.

    Token embeddings may be narrower than hidden states; a linear map projects them to `[B, L, D]`.

    Args:
        config: the configuration.
        sequence_length: a fixed `L`, or `None` for any length.
        name: the Keras model's name.

    Attributes:
        config: the `AlbertConfig`.
        model: the Keras model.
        layers: the layers by name, e.g. `"Transformer-MultiHeadSelfAttention"`.

    Example:

    >>> albert = Albert(AlbertConfig(
    ...     vocab_size=100, hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
    ...     intermediate_size=16, embedding_size=4))
    >>> twice = Albert(AlbertConfig(
    ...     vocab_size=100, hidden_size=8, num_hidden_layers=4, num_attention_heads=2,
    ...     intermediate_size=16, embedding_size=4))
    >>> albert.model.count_params() == twice.model.count_params()
    True

    Source: Lan et al., "ALBERT", https://arxiv.org/abs/1909.11942.
    """

    config: AlbertConfig

    @classmethod
    def layer_name(cls, index: int, part: str) -> str:
        return f"Transformer-{part}"
