"""bert4keras's layer normalization, optionally conditional on a second input."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.scale_offset import ScaleOffset
from gplinker_tf.layers import normalized


# The encoders' own layer has the same name; the package name tells them apart when loading.
@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class LayerNormalization(ScaleOffset):
    """Layer normalization, optionally conditional.

        y = gamma * (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon) + beta

    Args:
        zero_mean: subtract the mean.
        unit_variance: divide by the root of the mean square.
        epsilon: added to the mean square; defaults to Keras's 1e-7.
        **kwargs: arguments of `ScaleOffset`, which defines `gamma` and `beta`.

    Call arguments:
        inputs: `x`, `[B, ..., D]`, or `[x, condition]` with a condition `[B, C]`.

    Returns:
        `[B, ..., D]`, with the first input's mask.

    Example:

    >>> layer = LayerNormalization(conditional=True)
    >>> layer([tf.zeros([2, 5, 8]), tf.zeros([2, 3])]).shape, len(layer.weights)
    (TensorShape([2, 5, 8]), 4)

    Weights: those of `ScaleOffset`.

    Source: Su Jianlin, https://kexue.fm/archives/7124; bert4keras 0.11.5.
    """

    def __init__(
        self,
        zero_mean: bool = True,
        unit_variance: bool = True,
        epsilon: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.zero_mean, self.unit_variance = zero_mean, unit_variance
        self.epsilon = epsilon or keras.backend.epsilon()

    def call(self, inputs: Any) -> tf.Tensor:
        x, condition = inputs if self.conditional else (inputs, None)
        exact = normalized(x, self.epsilon, self.zero_mean, self.unit_variance)
        return tf.cast(self._scaled(exact, condition), x.dtype)

    def get_config(self) -> dict[str, Any]:
        names = ("zero_mean", "unit_variance", "epsilon")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
