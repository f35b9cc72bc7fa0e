"""The sizes of an ELECTRA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gplinker_tf.encoders.transformer_config import FactorizedConfig


@dataclass(frozen=True)
class ElectraConfig(FactorizedConfig):
    """The sizes of an ELECTRA, under bert4keras's names.

    Args:
        vocab_size: rows of the token table.
        hidden_size: `D`.
        num_hidden_layers: number of Transformer blocks.
        num_attention_heads: heads of each block; they divide `hidden_size`.
        intermediate_size: inner size of the feed-forward maps.
        hidden_act: `"gelu"` (the erf form), `"gelu_new"` (the tanh form) or `"relu"`.
        dropout_rate: of the embeddings and of both maps of a block.
        attention_dropout_rate: of the attention weights.
        max_position: the longest sequence.
        segment_vocab_size: rows of the segment table.
        epsilon: of the normalizations.
        embedding_size: of an embedded token, which a map brings to `hidden_size`; `None` where it
            is that already.

    Raises:
        ValueError: the heads do not divide the hidden size, a size is below 1, a rate is outside
            [0, 1), or the activation is unknown.

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
