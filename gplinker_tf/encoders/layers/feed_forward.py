"""The feed-forward layer of a Transformer block."""

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
    """A feed-forward layer: `activation(x W1 + b1) W2 + b2` at each position.

    Weights, in order: W1, b1, W2, b2; without `use_bias` only W1 and W2.

    Args:
        units: the inner size.
        activation: `"gelu"` (the erf form), `"gelu_new"` (the tanh form) or `"relu"`.
        use_bias: whether the two linear maps have a bias.

    Call arguments:
        inputs: `[B, L, D]`.

    Returns:
        `[B, L, D]`.

    Raises:
        ValueError: the activation is not one of these.

    Example:

    >>> import numpy as np
    >>> tuple(FeedForward(units=8)(np.ones([2, 3, 4])).shape)
    (2, 3, 4)

    Source: Vaswani et al., "Attention is all you need", https://arxiv.org/abs/1706.03762,
    section 3.3; gelu: https://arxiv.org/abs/1606.08415.
    """

    def __init__(
        self, units: int, activation: str = "gelu", use_bias: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"Expected one of {sorted(ACTIVATIONS)}. Received: activation={activation!r}."
            )
        self.units = units
        self.activation = activation
        self.use_bias = use_bias
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        size = input_shape[-1]
        self.inner_kernel, self.inner_bias = self._add_dense("inner", size, self.units)
        self.outer_kernel, self.outer_bias = self._add_dense("outer", self.units, size)
        self.built = True

    def _add_dense(self, name: str, rows: int, columns: int) -> tuple[Any, Any]:
        kernel = self.add_weight(
            name=f"{name}_kernel", shape=(rows, columns), initializer=bert_initializer()
        )
        if not self.use_bias:
            return kernel, None
        return kernel, self.add_weight(name=f"{name}_bias", shape=(columns,), initializer="zeros")

    def call(self, inputs: Any, training: Any = None) -> tf.Tensor:
        x = tf.reshape(inputs, [-1, inputs.shape[-1]])
        x = self._activate(_dense(x, self.inner_kernel, self.inner_bias), training)
        x = _dense(x, self.outer_kernel, self.outer_bias)
        return tf.reshape(x, tf.shape(inputs))

    def _activate(self, x: tf.Tensor, training: Any) -> tf.Tensor:
        # outside training, TensorFlow fuses its own gelu with the preceding matrix product
        derivative_needed = training and self.activation == "gelu"
        return gelu(x) if derivative_needed else ACTIVATIONS[self.activation](x)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "activation": self.activation,
            "use_bias": self.use_bias,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> FeedForward:
        # When loading HDF5, Keras replaces a name by the custom object of that name, such as the
        # "gelu" that bert4keras, or the compatibility layer here, registers.
        named = {} if isinstance(config["activation"], str) else {"activation": "gelu"}
        return cls(**{**config, **named})


def _dense(x: tf.Tensor, kernel: Any, bias: Any) -> tf.Tensor:
    x = tf.matmul(x, kernel)
    return x if bias is None else tf.nn.bias_add(x, bias)
