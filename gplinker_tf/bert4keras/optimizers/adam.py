"""bert4keras's Adam."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import register, tf
from gplinker_tf.bert4keras.optimizers.extensible import Extensible
from gplinker_tf.bert4keras.optimizers.step import Step
from gplinker_tf.training import AveragingAdam


@register
class Adam(Extensible, AveragingAdam):
    """bert4keras's Adam, whose epsilon is added after the bias corrections.

        w -= learning_rate * m^ / (sqrt(v^) + epsilon)

    Args:
        learning_rate: step size; `lr` is an alias.
        beta_1: decay of the first moment.
        beta_2: decay of the second moment.
        epsilon: added to the root of the second moment.
        bias_correction: whether to correct both moments for their start at zero.
        **kwargs: standard Keras optimizer arguments.

    Example:

    >>> weight = tf.Variable([1.0])
    >>> _ = Adam(learning_rate=0.1).apply_gradients([(tf.constant([3.0]), weight)])
    >>> print(weight.numpy().round(4))
    [0.9]

    Source: bert4keras 0.11.5, `optimizers.Adam`.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-6,
        bias_correction: bool = True,
        **kwargs: Any,
    ) -> None:
        moments = {"beta_1": beta_1, "beta_2": beta_2, "epsilon": epsilon}
        super().__init__(learning_rate, **moments, **{**kwargs, "averaging": None})
        self.bias_correction = bias_correction

    def take(self, step: Step) -> None:
        if not step.changes:
            # A single kernel does the whole update.
            AveragingAdam.update_step(self, step.gradient, step.variable, step.rate)
            return
        first, second = self.moments_of(step.index)
        numbers = self._numbers()
        mean = step.put(first, self.beta_1 * first + (1 - self.beta_1) * step.gradient)
        square = step.put(second, self.beta_2 * second + (1 - self.beta_2) * step.gradient**2)
        mean = mean / tf.cast(1 - numbers.beta_1_power, mean.dtype)
        square = square / tf.cast(1 - numbers.beta_2_power, square.dtype)
        step.put(step.weight, step.weight - step.rate * mean / (tf.sqrt(square) + self.epsilon))

    def _power(self, beta: float) -> tf.Tensor:
        return super()._power(beta) if self.bias_correction else tf.constant(0.0)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "bias_correction": self.bias_correction}
