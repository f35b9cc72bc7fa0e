"""Layer normalization controlled by a second input."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.layers.normalized import normalized


@register
class ConditionalLayerNormalization(keras.layers.Layer):
    """Layer normalization whose scale and shift depend on a condition.

        y = (gamma + c G) * (x - mean(x)) / sqrt(variance(x) + epsilon) + beta + c B

    `G` and `B` start at zero, so it starts as plain layer normalization. Under half precision, mean
    and variance are computed in float32.

    Args:
        epsilon: the value added to the variance; defaults to bert4keras's 1e-7.

    Call arguments:
        inputs: `[x, c]`, `[B, L, D]` and `[B, C]`.

    Returns:
        `[B, L, D]`.

    Example:

    >>> layer = ConditionalLayerNormalization()
    >>> layer([tf.constant([[[1.0, 3.0]]]), tf.ones([1, 3])]).numpy().tolist()
    [[[-1.0, 1.0]]]

    Weights, in bert4keras's order: beta, gamma, `B` `[C, D]`, `G` `[C, D]`.

    Source: Su Jianlin, https://kexue.fm/archives/7124; bert4keras 0.11.5.
    """

    def __init__(self, epsilon: float = 1e-7, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        size, condition = (shape[-1] for shape in input_shape)
        self.beta = self.add_weight(name="beta", shape=(size,), initializer="zeros")
        self.gamma = self.add_weight(name="gamma", shape=(size,), initializer="ones")
        self.beta_kernel, self.gamma_kernel = (
            self.add_weight(name=name, shape=(condition, size), initializer="zeros")
            for name in ("beta_kernel", "gamma_kernel")
        )
        self.built = True

    def call(self, inputs: Any) -> tf.Tensor:
        x, condition = inputs
        beta = self.beta + tf.matmul(condition, self.beta_kernel)
        gamma = self.gamma + tf.matmul(condition, self.gamma_kernel)
        normal = tf.cast(normalized(x, self.epsilon), x.dtype)
        return normal * gamma[:, None] + beta[:, None]

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return None if mask is None else mask[0]

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "epsilon": self.epsilon}
