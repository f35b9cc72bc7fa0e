"""The configuration of an ELECTRA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gplinker_tf.encoders.transformer_config import FactorizedConfig


@dataclass(frozen=True)
class ElectraConfig(FactorizedConfig):
    """The configuration of an ELECTRA, with bert4keras's names.

    {sizes}

    Example:

    >>> config = ElectraConfig.from_dict({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 2,
    ...     "num_attention_heads": 2, "intermediate_size": 16, "hidden_dropout_prob": 0.2})
    >>> config.dropout_rate, config.max_position
    (0.2, 512)
    """

    title: ClassVar[str] = "an ELECTRA"
    model_types: ClassVar[tuple[str, ...]] = ("electra",)
    only: ClassVar[dict[str, Any]] = {"position_embedding_type": "absolute"}
