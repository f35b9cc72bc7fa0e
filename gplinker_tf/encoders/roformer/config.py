"""The configuration of a RoFormer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gplinker_tf.encoders.transformer_config import FactorizedConfig


@dataclass(frozen=True)
class RoFormerConfig(FactorizedConfig):
    """The configuration of a RoFormer, with bert4keras's names.

    {sizes}

    Example:

    >>> config = RoFormerConfig.from_dict({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 2,
    ...     "num_attention_heads": 2, "intermediate_size": 16, "hidden_dropout_prob": 0.2})
    >>> config.dropout_rate, config.max_position
    (0.2, 512)
    """

    title: ClassVar[str] = "a RoFormer"
    model_types: ClassVar[tuple[str, ...]] = ("roformer",)
    only: ClassVar[dict[str, Any]] = {
        "norm_type": "layer_norm",
        "use_bias": True,
        "rotary_value": False,
    }

    epsilon: float = 1e-7
