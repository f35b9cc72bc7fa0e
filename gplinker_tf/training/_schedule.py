"""The learning rate over a run."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, register, tf


@register
class WarmUpAndDecay(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that rises linearly from 0, then stays constant or falls linearly to 0.

    At step t, counted from 0, it is `rate * min((t + 1) / warm_up, 1)`; with a linear decay, this
    is multiplied by `(total - t) / (total - warm_up)`, at most 1.

    Args:
        rate: the highest learning rate.
        warm_up: the number of warm-up steps; 0 for none.
        total: the step at which a linear decay reaches 0, or `None` for no decay.

    Example:

    >>> schedule = WarmUpAndDecay(1.0, warm_up=2, total=6)
    >>> [round(float(schedule(step)), 2) for step in range(7)]
    [0.5, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0]

    Source: Goyal et al., "Accurate, large minibatch SGD", https://arxiv.org/abs/1706.02677.
    """

    def __init__(self, rate: float, warm_up: int = 0, total: int | None = None) -> None:
        self.rate = rate
        self.warm_up = warm_up
        self.total = total

    def __call__(self, step: Any) -> tf.Tensor:
        step = tf.cast(step, tf.float32)
        factor = tf.minimum((step + 1) / max(self.warm_up, 1), 1.0)
        if self.total is not None:
            left = (self.total - step) / max(self.total - self.warm_up, 1)
            factor *= tf.clip_by_value(left, 0.0, 1.0)
        return self.rate * factor

    def get_config(self) -> dict[str, Any]:
        return {"rate": self.rate, "warm_up": self.warm_up, "total": self.total}
