"""bert4keras's Lion."""

from __future__ import annotations

from typing import Any, ClassVar

from gplinker_tf.backend import register, tf
from gplinker_tf.bert4keras.optimizers.extensible import Extensible
from gplinker_tf.bert4keras.optimizers.frame import Frame
from gplinker_tf.bert4keras.optimizers.step import Step


@register
class Lion(Extensible, Frame):
    """An optimizer that steps by the sign of a moving average of the gradients.

        w -= learning_rate * sign(beta_1 m + (1 - beta_1) g),  m = beta_2 m + (1 - beta_2) g

    Args:
        learning_rate: step size; `lr` is an alias.
        beta_1: share of the average in an update.
        beta_2: decay of the average.
        **kwargs: standard Keras optimizer arguments.

    Example:

    >>> weight = tf.Variable([1.0])
    >>> _ = Lion(learning_rate=0.1).apply_gradients([(tf.constant([3.0]), weight)])
    >>> print(weight.numpy().round(4))
    [0.9]

    Source: bert4keras 0.11.5, `optimizers.Lion`; https://arxiv.org/abs/2302.06675.
    """

    slots: ClassVar = ("momentum",)

    def __init__(
        self,
        learning_rate: Any = 3e-4,
        beta_1: float = 0.95,
        beta_2: float = 0.98,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **{"name": "Lion", **kwargs})
        self.beta_1, self.beta_2 = beta_1, beta_2

    def take(self, step: Step) -> None:
        average = self.slot(step, "momentum")
        direction = tf.sign(self.beta_1 * average + (1 - self.beta_1) * step.gradient)
        step.put(step.weight, step.weight - step.rate * direction)
        step.put(average, self.beta_2 * average + (1 - self.beta_2) * step.gradient)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2}
