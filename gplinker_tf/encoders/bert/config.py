"""The sizes of a BERT, from a JSON file in Google's or Hugging Face's spelling."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from gplinker_tf.encoders.layers.feed_forward import ACTIVATIONS
from gplinker_tf.errors import InputError

#: Google's and Hugging Face's common name to the name here and in bert4keras, where they differ.
FILE_NAMES = {
    "max_position_embeddings": "max_position",
    "type_vocab_size": "segment_vocab_size",
    "hidden_dropout_prob": "dropout_rate",
    "attention_probs_dropout_prob": "attention_dropout_rate",
    "layer_norm_eps": "epsilon",
}
REQUIRED = (
    "vocab_size",
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
)


@dataclass(frozen=True)
class BertConfig:
    """The sizes of a BERT, under bert4keras's names.

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
        epsilon: of the layer normalizations.

    Raises:
        ValueError: the heads do not divide the hidden size, a size is below 1, a rate is outside
            [0, 1), or the activation is unknown.

    Example:

    >>> config = BertConfig.from_dict({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 2,
    ...     "num_attention_heads": 2, "intermediate_size": 16, "hidden_dropout_prob": 0.2})
    >>> config.dropout_rate, config.max_position
    (0.2, 512)
    """

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    hidden_act: str = "gelu"
    dropout_rate: float = 0.1
    attention_dropout_rate: float = 0.1
    max_position: int = 512
    segment_vocab_size: int = 2
    epsilon: float = 1e-12

    def __post_init__(self) -> None:
        for name in (*REQUIRED, "max_position", "segment_vocab_size"):
            size = getattr(self, name)
            if not isinstance(size, int) or size < 1:
                raise ValueError(
                    f"Expected a whole number of at least 1. Received: {name}={size!r}."
                )
        for name in ("dropout_rate", "attention_dropout_rate"):
            rate = getattr(self, name)
            if not isinstance(rate, (int, float)) or not 0 <= rate < 1:
                raise ValueError(f"Expected a rate in [0, 1). Received: {name}={rate!r}.")
        if self.hidden_size % self.num_attention_heads:
            raise ValueError(
                "Expected a number of heads that divides the hidden size. Received: "
                f"num_attention_heads={self.num_attention_heads}, hidden_size={self.hidden_size}."
            )
        if self.hidden_act not in ACTIVATIONS:
            raise ValueError(
                f"Expected one of {sorted(ACTIVATIONS)}. Received: hidden_act={self.hidden_act!r}."
            )

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> BertConfig:
        """The configuration that a dict of either spelling means; names unknown here are ignored.

        Raises:
            ValueError: a size is missing, or a value makes no BERT.
        """
        known = {field.name for field in fields(cls)}
        renamed = {FILE_NAMES.get(name, name): value for name, value in values.items()}
        # a bert4keras name beats the file's own, as bert4keras has it: keyword over file
        renamed |= {name: value for name, value in values.items() if name in known}
        missing = [name for name in REQUIRED if renamed.get(name) is None]
        if missing:
            raise ValueError(
                f"Expected the sizes {', '.join(REQUIRED)}. Missing: {', '.join(missing)}."
            )
        if renamed.get("model_type", "bert") != "bert":
            raise ValueError(
                f"Expected a BERT. Received: model_type={renamed['model_type']!r}. Other "
                "architectures are not supported here."
            )
        if renamed.get("position_embedding_type", "absolute") != "absolute":
            raise ValueError(
                "Expected absolute positions. Received: "
                f"position_embedding_type={renamed['position_embedding_type']!r}."
            )
        return cls(**{k: v for k, v in renamed.items() if k in known and v is not None})

    @classmethod
    def from_json(cls, path: str | Path, **overrides: Any) -> BertConfig:
        """The configuration in a file, with some values replaced.

        Raises:
            InputError: the file is missing, is no JSON object, or describes no BERT.
        """
        try:
            values = json.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}).") from None
        except UnicodeDecodeError:
            raise InputError(f"{path}: is not UTF-8 text.") from None
        except json.JSONDecodeError as error:
            raise InputError(f"{path}:{error.lineno}: is not JSON ({error.msg}).") from None
        if not isinstance(values, dict):
            raise InputError(
                f"{path}:1: Expected a JSON object. Received: {type(values).__name__}."
            )
        try:
            return cls.from_dict({**values, **overrides})
        except ValueError as error:
            raise InputError(f"{path}: {error}") from None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file; `from_dict` reads them back."""
        return asdict(self)
