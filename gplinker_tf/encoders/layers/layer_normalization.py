"""Layer normalization with bert4keras's weight order."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.layers import normalized


@register
class LayerNormalization(keras.layers.Layer):
    """A layer that brings the last axis to mean 0 and variance 1, then scales and shifts it.

        y = gamma * (x - mean(x)) / sqrt(variance(x) + epsilon) + beta

    In half precision, mean and variance are computed in float32. Weights, in order: beta, gamma.

    Args:
        epsilon: added to the variance.

    Call arguments:
        inputs: `[..., D]`.

    Returns:
        `[..., D]`.

    Example:

    >>> import numpy as np
    >>> LayerNormalization()(np.array([[1.0, 3.0]])).numpy().tolist()
    [[-1.0, 1.0]]

    Source: Ba, Kiros and Hinton, "Layer Normalization", https://arxiv.org/abs/1607.06450.
    """

    def __init__(self, epsilon: float = 1e-12, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        size = (input_shape[-1],)
        self.beta = self.add_weight(name="beta", shape=size, initializer="zeros")
        self.gamma = self.add_weight(name="gamma", shape=size, initializer="ones")
        self.built = True

    def call(self, inputs: Any) -> tf.Tensor:
        normal = normalized(inputs, self.epsilon)
        scaled = normal * tf.cast(self.gamma, normal.dtype) + tf.cast(self.beta, normal.dtype)
        return tf.cast(scaled, inputs.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "epsilon": self.epsilon}
