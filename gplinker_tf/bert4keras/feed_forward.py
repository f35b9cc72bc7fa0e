"""bert4keras's feed-forward layers of a Transformer block."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.activations import activation_of, name_of
from gplinker_tf.bert4keras.initializers import fresh, serialized_initializer
from gplinker_tf.bert4keras.layer import Layer, build_part, mapped
from gplinker_tf.encoders.layers.gelu import gelu


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class FeedForward(Layer):
    """`activation(x W1 + b1) W2 + b2`; with several activations, the inner results are multiplied.

    Weights, in order: kernel and bias of each inner dense layer, then of the outer one.

    Args:
        units: the inner size.
        activation: a name or function, or a list (https://arxiv.org/abs/2002.05202) such as
            `["gelu", "linear"]`. `set_gelu` chooses the form of `"gelu"`, by default erf.
        use_bias: whether the dense layers have biases.
        kernel_initializer: initializer of the kernels.
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: `[B, L, D]`.

    Returns:
        `[B, L, D]`.

    Example:

    >>> FeedForward(units=8, activation="gelu")(tf.ones([2, 3, 4])).shape
    TensorShape([2, 3, 4])

    Source: bert4keras 0.11.5, `layers.FeedForward`.
    """

    def __init__(
        self,
        units: int,
        activation: Any = "relu",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units = units
        names = activation if isinstance(activation, (list, tuple)) else [activation]
        self.activation = [activation_of(name) for name in names]
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape: Any) -> None:
        size = input_shape[-1]
        for number in range(len(self.activation)):
            self._add_part(f"i{number}_dense", self.units, size)
        self._add_part("o_dense", size, self.units)
        self.built = True

    def _add_part(self, name: str, units: int, size: int) -> None:
        initializer = fresh(self.kernel_initializer)
        part = keras.layers.Dense(
            units, use_bias=self.use_bias, kernel_initializer=initializer, name=name
        )
        setattr(self, name, part)
        build_part(part, [None, size])

    def call(self, inputs: Any, training: Any = None) -> tf.Tensor:
        x = tf.reshape(inputs, [-1, inputs.shape[-1]])
        inner = None
        for number, activation in enumerate(self.activation):
            # Outside training, TensorFlow fuses its own gelu with the preceding matrix product.
            if training and activation is tf.nn.gelu:
                activation = gelu
            factor = activation(mapped(getattr(self, f"i{number}_dense"), x))
            inner = factor if inner is None else inner * factor
        return tf.reshape(mapped(self.o_dense, inner), tf.shape(inputs))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "activation": [name_of(activation) for activation in self.activation],
            "use_bias": self.use_bias,
            "kernel_initializer": serialized_initializer(self.kernel_initializer),
        }
