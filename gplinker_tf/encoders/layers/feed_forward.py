"""The two dense maps of a Transformer block."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.encoders.layers.gelu import gelu
from gplinker_tf.layers import bert_initializer

ACTIVATIONS = {
    "gelu": tf.nn.gelu,
    "gelu_new": lambda x: tf.nn.gelu(x, approximate=True),
    "relu": tf.nn.relu,
}


@register
class FeedForward(keras.layers.Layer):
    """`activation(x W1 + b1) W2 + b2`, each place by itself. Weights: W1, b1, W2, b2.

    Args:
        units: the inner size.
        activation: `"gelu"` (the erf form), `"gelu_new"` (the tanh form) or `"relu"`.

    Call arguments:
        inputs: `[B, L, D]`.

    Returns:
        `[B, L, D]`.

    Raises:
        ValueError: the activation is none of these.

    Example:

    >>> import numpy as np
    >>> tuple(FeedForward(units=8)(np.ones([2, 3, 4])).shape)
    (2, 3, 4)

    Source: Vaswani et al., "Attention is all you need", https://arxiv.org/abs/1706.03762,
    section 3.3; gelu: https://arxiv.org/abs/1606.08415.
    """

    def __init__(self, units: int, activation: str = "gelu", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"Expected one of {sorted(ACTIVATIONS)}. Received: activation={activation!r}."
            )
        self.units = units
        self.activation = activation
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        size = input_shape[-1]
        self.inner_kernel = self._add_kernel("inner_kernel", size, self.units)
        self.inner_bias = self.add_weight(
            name="inner_bias", shape=(self.units,), initializer="zeros"
        )
        self.outer_kernel = self._add_kernel("outer_kernel", self.units, size)
        self.outer_bias = self.add_weight(name="outer_bias", shape=(size,), initializer="zeros")
        self.built = True

    def _add_kernel(self, name: str, rows: int, columns: int) -> Any:
        initializer = bert_initializer()
        return self.add_weight(name=name, shape=(rows, columns), initializer=initializer)

    def call(self, inputs: Any, training: Any = None) -> tf.Tensor:
        x = tf.reshape(inputs, [-1, inputs.shape[-1]])
        x = tf.nn.bias_add(tf.matmul(x, self.inner_kernel), self.inner_bias)
        x = self._activate(x, training)
        x = tf.nn.bias_add(tf.matmul(x, self.outer_kernel), self.outer_bias)
        return tf.reshape(x, tf.shape(inputs))

    def _activate(self, x: tf.Tensor, training: Any) -> tf.Tensor:
        # out of training TensorFlow fuses its own gelu with the matrix product before it
        derivative_needed = training and self.activation == "gelu"
        return gelu(x) if derivative_needed else ACTIVATIONS[self.activation](x)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "activation": self.activation}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> FeedForward:
        # For a name in an HDF5 file Keras gives the custom object of that name, such as the "gelu"
        # that bert4keras and its modules here register.
        named = {} if isinstance(config["activation"], str) else {"activation": "gelu"}
        return cls(**{**config, **named})
