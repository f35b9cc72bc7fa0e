"""RoFormer-v2's normalization, which has no weights."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.layers import normalized


@register
class RMSNormalization(keras.layers.Layer):
    """A layer that divides the last axis by its root mean square: `x / sqrt(mean(x^2) + epsilon)`.

    In half precision, the mean is computed in float32.

    Args:
        epsilon: added to the mean square.

    Call arguments:
        inputs: `[..., D]`.

    Returns:
        `[..., D]`.

    Example:

    >>> import numpy as np
    >>> RMSNormalization()(np.array([[3.0, -3.0]])).numpy().round(4).tolist()
    [[1.0, -1.0]]

    Source: Zhang and Sennrich, https://arxiv.org/abs/1910.07467; RoFormer-v2,
    https://kexue.fm/archives/8998.
    """

    def __init__(self, epsilon: float = 1e-7, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        self.built = True

    def call(self, inputs: Any) -> tf.Tensor:
        return tf.cast(normalized(inputs, self.epsilon, zero_mean=False), inputs.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "epsilon": self.epsilon}
