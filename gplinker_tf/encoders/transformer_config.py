"""The configuration of a Transformer encoder, from Google's or Hugging Face's JSON file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from gplinker_tf.encoders.layers.feed_forward import ACTIVATIONS
from gplinker_tf.errors import InputError

if TYPE_CHECKING:
    from typing_extensions import Self

#: Names that Google and Hugging Face share, mapped to those here and in bert4keras if different.
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

#: The sections about the sizes in the docstrings of the families.
SIZES = """\
Args:
    vocab_size: the number of tokens in the vocabulary.
    hidden_size: the size `D` of the hidden states.
    num_hidden_layers: the number of Transformer blocks.
    num_attention_heads: the number of heads per block, a divisor of `hidden_size`.
    intermediate_size: the inner size of the feed-forward layers.
    hidden_act: `"gelu"` (the erf form), `"gelu_new"` (the tanh form) or `"relu"`.
    dropout_rate: the dropout rate of the embeddings and of both parts of a block.
    attention_dropout_rate: the dropout rate of the attention weights.
    max_position: the maximum sequence length that it is used for.
    segment_vocab_size: the number of segment types.
    epsilon: the epsilon of the normalizations."""
EMBEDDING_SIZE = """\
    embedding_size: the size of token embeddings, which a linear map projects to `hidden_size`;
        `None` if they have that size already."""
WRONG_SIZES = """\
Raises:
    ValueError: the heads do not divide the hidden size, a size is below 1, a rate is outside
        [0, 1), or the activation is unknown."""


@dataclass(frozen=True)
class TransformerConfig:
    """Abstract: the configuration that all families share, with bert4keras's names.

    In a family's docstring, `{sizes}` is replaced by the sections about its sizes.

    Attributes:
        title: the family's name in messages, with an article.
        model_types: the values of `model_type` in the family's files.
        activations: the values that `hidden_act` may have.
        only: keys of a file that change the architecture, with the only value the family allows.
    """

    title: ClassVar[str]
    model_types: ClassVar[tuple[str, ...]]
    activations: ClassVar[tuple[str, ...]] = tuple(sorted(ACTIVATIONS))
    only: ClassVar[dict[str, Any]] = {}

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

    def __init_subclass__(cls) -> None:
        cls.__doc__ = cleandoc(cls.__doc__ or "").replace("{sizes}", cls._about_sizes())

    def __post_init__(self) -> None:
        for name in (*REQUIRED, "max_position", "segment_vocab_size"):
            expect_size(name, getattr(self, name))
        for name in ("dropout_rate", "attention_dropout_rate"):
            rate = getattr(self, name)
            if not isinstance(rate, (int, float)) or not 0 <= rate < 1:
                raise ValueError(f"Expected a rate in [0, 1). Received: {name}={rate!r}.")
        if self.hidden_size % self.num_attention_heads:
            raise ValueError(
                "Expected a number of heads that divides the hidden size. Received: "
                f"num_attention_heads={self.num_attention_heads}, hidden_size={self.hidden_size}."
            )
        if self.hidden_act not in self.activations:
            raise ValueError(
                f"Expected one of {list(self.activations)}. Received: "
                f"hidden_act={self.hidden_act!r}. Another encoder family may fit: "
                "--encoder-family."
            )

    @classmethod
    def _about_sizes(cls) -> str:
        """Return the sections `Args` and `Raises` of the docstring."""
        return f"{SIZES}\n\n{WRONG_SIZES}"

    @property
    def embedding_width(self) -> int:
        """The size of token embeddings."""
        return self.hidden_size

    def smallest(self) -> Self:
        """Return the same architecture with the smallest sizes."""
        size = 2 * self.num_attention_heads  # rotary positions need an even head size
        return replace(self, vocab_size=1, hidden_size=size, intermediate_size=1, max_position=1)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Build the configuration from a dict with either kind of names; ignore unknown names.

        Raises:
            ValueError: a size is missing, or the values are those of another family.
        """
        known = {field.name for field in fields(cls)}
        renamed = {FILE_NAMES.get(name, name): value for name, value in values.items()}
        # a bert4keras name overrides the file's own name, as keywords do in bert4keras
        renamed |= {name: value for name, value in values.items() if name in known}
        missing = [name for name in REQUIRED if renamed.get(name) is None]
        if missing:
            raise ValueError(
                f"Expected the sizes {', '.join(REQUIRED)}. Missing: {', '.join(missing)}."
            )
        model_type = renamed.get("model_type") or cls.model_types[0]
        if model_type not in cls.model_types:
            raise ValueError(
                f"Expected {cls.title}. Received: model_type={model_type!r}. Use the configuration "
                "that belongs to the encoder, or name its family: --encoder-family."
            )
        for name, value in cls.only.items():
            if renamed.get(name, value) != value:
                raise ValueError(
                    f"Expected {cls.title} with {name}={value!r}. Received: "
                    f"{name}={renamed[name]!r}. Another encoder family may fit: --encoder-family."
                )
        return cls(**{k: v for k, v in renamed.items() if k in known and v is not None})

    @classmethod
    def from_json(cls, path: str | Path, **overrides: Any) -> Self:
        """Read the configuration in a file, with some values replaced.

        Raises:
            InputError: the file is missing, is not a JSON object, or is of another family.
        """
        values = read_json_object(path)
        try:
            return cls.from_dict({**values, **overrides})
        except ValueError as error:
            raise InputError(f"{path}: {error}") from None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a JSON file; `from_dict` reads them back."""
        return asdict(self)


@dataclass(frozen=True)
class FactorizedConfig(TransformerConfig):
    """Abstract: a configuration whose embeddings may be narrower than the hidden states."""

    embedding_size: int | None = None

    @classmethod
    def _about_sizes(cls) -> str:
        return f"{SIZES}\n{EMBEDDING_SIZE}\n\n{WRONG_SIZES}"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.embedding_size is not None:
            expect_size("embedding_size", self.embedding_size)

    @property
    def embedding_width(self) -> int:
        return self.embedding_size or self.hidden_size

    def smallest(self) -> Self:
        same = self.embedding_width == self.hidden_size
        return replace(super().smallest(), embedding_size=None if same else 1)


def expect_size(name: str, size: Any) -> None:
    """Check that a size is a whole number of at least 1.

    Raises:
        ValueError: it is not.
    """
    if not isinstance(size, int) or size < 1:
        raise ValueError(f"Expected a whole number of at least 1. Received: {name}={size!r}.")


def read_json_object(path: str | Path) -> dict[str, Any]:
    """Read the JSON object in a file.

    Raises:
        InputError: the file is missing, or is not a JSON object.
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
        raise InputError(f"{path}:1: Expected a JSON object. Received: {type(values).__name__}.")
    return values
