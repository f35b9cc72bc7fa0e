"""The configuration of a NEZHA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gplinker_tf.encoders.transformer_config import TransformerConfig


@dataclass(frozen=True)
class NezhaConfig(TransformerConfig):
    """The configuration of a NEZHA, with bert4keras's names.

    {sizes}

    Example:

    >>> config = NezhaConfig.from_dict({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 2,
    ...     "num_attention_heads": 2, "intermediate_size": 16, "hidden_dropout_prob": 0.2})
    >>> config.dropout_rate, config.max_position
    (0.2, 512)
    """

    title: ClassVar[str] = "a NEZHA"
    model_types: ClassVar[tuple[str, ...]] = ("nezha",)
    only: ClassVar[dict[str, Any]] = {
        "use_relative_position": True,
        "max_relative_position": 64,
    }

    epsilon: float = 1e-7
