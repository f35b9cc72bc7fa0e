"""bert4keras's affine map of the last axis, optionally conditional on a second input."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.initializers import serialized_initializer
from gplinker_tf.bert4keras.layer import Layer, build_part


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class ScaleOffset(Layer):
    """A layer that scales and shifts the last axis: `y = gamma * x + beta`.

    With `conditional`, a linear function of a second input, zero at first, is added to `gamma` and
    another one to `beta`.

    Args:
        scale: True for a trainable `gamma`, False for none, or a number.
        offset: the same for `beta`.
        conditional: take `[x, condition]`.
        hidden_units: size of a hidden layer between condition and linear functions, or `None`.
        hidden_activation: activation of the hidden layer.
        hidden_initializer: initializer of the hidden layer's kernel.
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: `x`, `[B, ..., D]`, or `[x, condition]` with a condition `[B, C]`.

    Returns:
        `[B, ..., D]`, with the first input's mask.

    Example:

    >>> layer = ScaleOffset(offset=False)
    >>> layer(tf.ones([2, 3])).shape, [tuple(weight.shape) for weight in layer.weights]
    (TensorShape([2, 3]), [(3,)])

    Weights, in order: beta, gamma, hidden kernel, beta's kernel, gamma's kernel, if present.

    Source: bert4keras 0.11.5, `layers.ScaleOffset`.
    """

    def __init__(
        self,
        scale: Any = True,
        offset: Any = True,
        conditional: bool = False,
        hidden_units: int | None = None,
        hidden_activation: Any = "linear",
        hidden_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.scale, self.offset = scale, offset
        self.conditional, self.hidden_units = conditional, hidden_units
        self.hidden_activation = keras.activations.get(hidden_activation)
        self.hidden_initializer = keras.initializers.get(hidden_initializer)

    def build(self, input_shape: Any) -> None:
        shape, condition = input_shape if self.conditional else (input_shape, None)
        size = shape[-1]
        if self.offset is True:
            self.beta = self.add_weight(name="beta", shape=(size,), initializer="zeros")
        if self.scale is True:
            self.gamma = self.add_weight(name="gamma", shape=(size,), initializer="ones")
        if condition is not None:
            self._build_condition(size, condition[-1])
        self.built = True

    def _build_condition(self, size: int, condition_size: int) -> None:
        if self.hidden_units is not None:
            self.hidden_dense = keras.layers.Dense(
                self.hidden_units,
                activation=self.hidden_activation,
                use_bias=False,
                kernel_initializer=self.hidden_initializer,
                name="hidden_dense",
            )
            build_part(self.hidden_dense, [None, condition_size])
            condition_size = self.hidden_units
        for name, wanted in (("beta_dense", self.offset), ("gamma_dense", self.scale)):
            if _wanted(wanted):
                dense = keras.layers.Dense(
                    size, use_bias=False, kernel_initializer="zeros", name=name
                )
                setattr(self, name, dense)
                build_part(dense, [None, condition_size])

    def call(self, inputs: Any) -> tf.Tensor:
        x, condition = inputs if self.conditional else (inputs, None)
        return self._scaled(x, condition)

    def _scaled(self, x: tf.Tensor, condition: Any) -> tf.Tensor:
        if condition is not None:
            if self.hidden_units is not None:
                condition = self.hidden_dense(condition)
            between = [1] * (len(x.shape) - 2)
            condition = tf.reshape(
                condition, [tf.shape(condition)[0], *between, condition.shape[-1]]
            )
        if _wanted(self.scale):
            gamma = self.gamma if self.scale is True else self.scale
            x *= self._steered(gamma, condition, "gamma_dense", x.dtype)
        if _wanted(self.offset):
            beta = self.beta if self.offset is True else self.offset
            x += self._steered(beta, condition, "beta_dense", x.dtype)
        return x

    def _steered(self, part: Any, condition: Any, dense: str, dtype: Any) -> tf.Tensor:
        part = tf.cast(part, dtype)
        return part if condition is None else part + tf.cast(getattr(self, dense)(condition), dtype)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return mask[0] if self.conditional and mask is not None else mask

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape[0] if self.conditional else input_shape

    def get_config(self) -> dict[str, Any]:
        names = ("scale", "offset", "conditional", "hidden_units")
        return {
            **super().get_config(),
            **{name: getattr(self, name) for name in names},
            "hidden_activation": keras.activations.serialize(self.hidden_activation),
            "hidden_initializer": serialized_initializer(self.hidden_initializer),
        }


def _wanted(part: Any) -> bool:
    return part is not False and part is not None
