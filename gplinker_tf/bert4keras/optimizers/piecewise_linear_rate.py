"""A piecewise linear learning rate, for any optimizer here."""

from __future__ import annotations

from typing import ClassVar

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras.backend import piecewise_linear
from gplinker_tf.bert4keras.optimizers.extending import export_to_custom_objects


@export_to_custom_objects
def extend_with_piecewise_linear_lr(BaseOptimizer: type) -> type:
    """Return a class with a piecewise linear learning rate.

    Its argument is `lr_schedule={0: 1}`, from step to factor: `{1000: 1, 2000: 0.1}` rises from 0
    to the full rate in 1,000 steps, falls to a tenth of it in the next 1,000 and stays there.

    Source: bert4keras 0.11.5.
    """

    class WithPiecewiseLinearRate(BaseOptimizer):
        arguments: ClassVar = {"lr_schedule": {0: 1}}

        def rate(self, learning_rate: tf.Tensor | None = None) -> tf.Tensor:
            schedule = {int(step): factor for step, factor in self.lr_schedule.items()}
            rate = super().rate(learning_rate)
            return rate * tf.cast(piecewise_linear(self.steps, schedule), rate.dtype)

    return WithPiecewiseLinearRate
