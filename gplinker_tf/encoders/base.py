"""The interface that encoders of every family offer to the rest of the package."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from gplinker_tf._reprs import shapes_repr
from gplinker_tf.backend import call_of_output, keras, tf

#: Parts of the class names of normalization layers, from any library.
NORMALIZATIONS = ("LayerNormalization", "RMSNormalization")


class EncoderConfig(Protocol):
    """The configuration of an encoder; every family has the fields listed here."""

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    max_position: int

    @classmethod
    def from_json(cls, path: str | Path, **overrides: Any) -> Any:
        """Read a file, replacing some values; raise an `InputError` if it is not valid."""
        ...

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Any:
        """Build a configuration from a dict; raise a `ValueError` if it is not valid."""
        ...

    def to_dict(self) -> dict[str, Any]:
        """Return plain values from which `from_dict` rebuilds the configuration."""
        ...


class Encoder(ABC):
    """Abstract: a functional model from token and segment ids to `[B, L, D]`, and its parts.

    Attributes:
        config: its configuration.
        model: the Keras model.
        layers: its layers by name.
    """

    config: Any
    model: keras.Model
    layers: dict[str, keras.layers.Layer]

    @abstractmethod
    def tensor_names(self) -> dict[str, list[str]]:
        """Return the names of each layer's weights in a checkpoint, in the layer's order.

        They are Google's, e.g. `encoder/layer_0/output/dense/kernel`, without a family prefix.
        """


@dataclass(frozen=True)
class EncoderFamily:
    """A family of encoders, to be registered with `register_encoder`.

    Args:
        name: the name of the family.
        config: the class of its configurations, an `EncoderConfig`.
        build: builds an encoder with random weights from a configuration and the model's `name`.
        config_of: returns the configuration of a Keras model, or `None` if the model is not an
            encoder of the family.
        model_types: the values of `model_type` in its configuration files; defaults to its name.
        on_request: further values of `model_type`, accepted only if the family is requested by
            name, since they may mean another family.

    Example:

    >>> from gplinker_tf.encoders import ENCODERS
    >>> family = ENCODERS["bert"]
    >>> sizes = family.config.from_dict({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16})
    >>> family.build(sizes, name="encoder").model.output_shape
    (None, None, 8)
    """

    name: str
    config: type[Any]
    build: Callable[..., Encoder]
    config_of: Callable[[keras.Model], Any]
    model_types: tuple[str, ...] | None = None
    on_request: tuple[str, ...] = ()

    def is_meant_by(self, model_type: str | None) -> bool:
        """Return whether a configuration file with this `model_type` belongs to the family."""
        return model_type in ((self.name,) if self.model_types is None else self.model_types)

    def __repr__(self) -> str:
        return f"EncoderFamily({self.name!r})"


class EncoderOutput(NamedTuple):
    """The output of an encoder.

    Args:
        hidden: `[B, L, D]`, the hidden states.
        pre_norm: `[B, L, D]`, the input of the last layer if that is a normalization, else
            `None`.
    """

    hidden: tf.Tensor
    pre_norm: tf.Tensor | None

    def __repr__(self) -> str:
        return shapes_repr(self)


def symbolic_output(encoder: keras.Model) -> EncoderOutput:
    """Return the outputs of a functional encoder as Keras tensors to build another model on.

    Args:
        encoder: a functional model, of any family or custom.

    Example:

    >>> from gplinker_tf.encoders import bert_from_config
    >>> sizes = {"vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}
    >>> output = symbolic_output(bert_from_config(sizes))
    >>> output.pre_norm is None
    False
    """
    last, pre_norm = call_of_output(encoder)
    # By name, since there are several: Keras's, ours, and that of the compatibility layer.
    normalizes = any(name in type(last).__name__ for name in NORMALIZATIONS)
    return EncoderOutput(encoder.outputs[0], pre_norm if normalizes else None)
