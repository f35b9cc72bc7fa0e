"""The configuration of a GAU-alpha."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gplinker_tf.encoders.transformer_config import TransformerConfig, expect_size

if TYPE_CHECKING:
    from typing_extensions import Self


@dataclass(frozen=True)
class GauAlphaConfig(TransformerConfig):
    """The configuration of a GAU-alpha, with bert4keras's names.

    Args:
        vocab_size: the number of tokens in the vocabulary.
        hidden_size: the size `D` of the hidden states.
        num_hidden_layers: the number of gated attention units.
        num_attention_heads: always 1; a file's value is ignored.
        intermediate_size: the size of a unit's gates and values.
        hidden_act: `"swish"`.
        dropout_rate: the dropout rate of the embeddings and of the units' outputs.
        attention_dropout_rate: the dropout rate of the attention weights.
        max_position: the maximum sequence length that it is used for.
        segment_vocab_size: the number of segment types.
        epsilon: the epsilon of the normalizations.
        attention_key_size: the size of queries and keys, an even number.

    Raises:
        ValueError: a size is below 1, a rate is outside [0, 1), or the activation is unknown.

    Example:

    >>> config = GauAlphaConfig.from_dict({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 2, "intermediate_size": 16,
    ...     "hidden_act": "swish"})
    >>> config.attention_key_size
    128
    """

    title: ClassVar[str] = "a GAU-alpha"
    model_types: ClassVar[tuple[str, ...]] = ("gau_alpha",)
    activations: ClassVar[tuple[str, ...]] = ("swish",)
    only: ClassVar[dict[str, Any]] = {
        "normalization": "softmax_plus",
        "attention_scale": True,
        "use_bias": False,
    }

    hidden_act: str = "swish"
    epsilon: float = 1e-7
    attention_key_size: int = 128

    def __post_init__(self) -> None:
        super().__post_init__()
        expect_size("attention_key_size", self.attention_key_size)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        return super().from_dict({**values, "num_attention_heads": 1})
