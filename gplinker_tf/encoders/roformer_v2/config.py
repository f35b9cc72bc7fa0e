"""The configuration of a RoFormer-v2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gplinker_tf.encoders.transformer_config import FactorizedConfig


@dataclass(frozen=True)
class RoFormerV2Config(FactorizedConfig):
    """The configuration of a RoFormer-v2, with bert4keras's names.

    {sizes}

    Example:

    >>> config = RoFormerV2Config.from_dict({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 2,
    ...     "num_attention_heads": 2, "intermediate_size": 16, "hidden_dropout_prob": 0.2})
    >>> config.dropout_rate, config.max_position
    (0.2, 512)
    """

    title: ClassVar[str] = "a RoFormer-v2"
    model_types: ClassVar[tuple[str, ...]] = ("roformer_v2",)
    only: ClassVar[dict[str, Any]] = {
        "norm_type": "rms_norm",
        "use_bias": False,
        "rotary_value": False,
    }

    epsilon: float = 1e-7
