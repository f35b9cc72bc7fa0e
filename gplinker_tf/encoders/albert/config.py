"""The configuration of an ALBERT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gplinker_tf.encoders.transformer_config import FactorizedConfig


@dataclass(frozen=True)
class AlbertConfig(FactorizedConfig):
    """The configuration of an ALBERT, with bert4keras's names.

    {sizes}

    Example:

    >>> config = AlbertConfig.from_dict({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 2,
    ...     "num_attention_heads": 2, "intermediate_size": 16, "hidden_dropout_prob": 0.2})
    >>> config.dropout_rate, config.max_position
    (0.2, 512)
    """

    title: ClassVar[str] = "an ALBERT"
    model_types: ClassVar[tuple[str, ...]] = ("albert",)
    only: ClassVar[dict[str, Any]] = {
        "position_embedding_type": "absolute",
        "num_hidden_groups": 1,
        "inner_group_num": 1,
    }
