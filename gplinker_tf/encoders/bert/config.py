"""The configuration of a BERT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gplinker_tf.encoders.transformer_config import FILE_NAMES as FILE_NAMES
from gplinker_tf.encoders.transformer_config import TransformerConfig


@dataclass(frozen=True)
class BertConfig(TransformerConfig):
    """The configuration of a BERT, with bert4keras's names.

    {sizes}

    Example:

    >>> config = BertConfig.from_dict({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 2,
    ...     "num_attention_heads": 2, "intermediate_size": 16, "hidden_dropout_prob": 0.2})
    >>> config.dropout_rate, config.max_position
    (0.2, 512)
    """

    title: ClassVar[str] = "a BERT"
    model_types: ClassVar[tuple[str, ...]] = ("bert",)
    only: ClassVar[dict[str, str]] = {"position_embedding_type": "absolute"}
