"""What an encoder is to the rest of the package, whatever its family."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from gplinker_tf._reprs import shapes_repr
from gplinker_tf.backend import call_of_output, keras, tf

#: What the classes of normalizations are called, whoever made them.
NORMALIZATIONS = ("LayerNormalization", "RMSNormalization")


class EncoderConfig(Protocol):
    """The sizes of an encoder; those that are named here every family has."""

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    max_position: int

    @classmethod
    def from_json(cls, path: str | Path, **overrides: Any) -> Any:
        """The sizes in a file, with some replaced; an `InputError` if it has none."""
        ...

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Any:
        """The sizes that a dict means; a `ValueError` if it means none."""
        ...

    def to_dict(self) -> dict[str, Any]:
        """Plain values, from which `from_dict` makes them again."""
        ...


class Encoder(ABC):
    """Abstract: a functional model from token and segment ids to `[B, L, D]`, and its parts.

    Attributes:
        config: its sizes.
        model: the Keras model.
        layers: its layers by name.
    """

    config: Any
    model: keras.Model
    layers: dict[str, keras.layers.Layer]

    @abstractmethod
    def tensor_names(self) -> dict[str, list[str]]:
        """For each layer with weights their names in a checkpoint, in the layer's order.

        They are Google's, as `encoder/layer_0/output/dense/kernel`, without the family's prefix.
        """


@dataclass(frozen=True)
class EncoderFamily:
    """A family of encoders: `register_encoder` makes it known.

    Args:
        name: its own.
        config: the class of its sizes, an `EncoderConfig`.
        build: from sizes, and the `name` of the Keras model, to an encoder with random weights.
        config_of: reads the sizes off a Keras model, or gives `None`: it is no encoder of the
            family.
        model_types: what configuration files call it, under `model_type`; by default its name.
        on_request: what files of encoders call themselves that it is built for only if it is
            asked for by its name, since they may mean another family.

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
        """Whether a configuration file that says so is the family's."""
        return model_type in ((self.name,) if self.model_types is None else self.model_types)

    def __repr__(self) -> str:
        return f"EncoderFamily({self.name!r})"


class EncoderOutput(NamedTuple):
    """What an encoder gives.

    Args:
        hidden: `[B, L, D]`, its output.
        pre_norm: `[B, L, D]`, what its last layer normalizes, or `None` where that is no
            normalization.
    """

    hidden: tf.Tensor
    pre_norm: tf.Tensor | None

    def __repr__(self) -> str:
        return shapes_repr(self)


def symbolic_output(encoder: keras.Model) -> EncoderOutput:
    """The outputs of a functional encoder, as Keras tensors that another model can be made of.

    Args:
        encoder: a functional model, of any family or one's own.

    Example:

    >>> from gplinker_tf.encoders import bert_from_config
    >>> sizes = {"vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}
    >>> output = symbolic_output(bert_from_config(sizes))
    >>> output.pre_norm is None
    False
    """
    last, pre_norm = call_of_output(encoder)
    # By name, for there are several: Keras's, ours, and that of the compatibility layer.
    normalizes = any(name in type(last).__name__ for name in NORMALIZATIONS)
    return EncoderOutput(encoder.outputs[0], pre_norm if normalizes else None)
