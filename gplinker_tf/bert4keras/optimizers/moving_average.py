"""An exponential moving average of the weights, for any optimizer here."""

from __future__ import annotations

from typing import Any, ClassVar

from gplinker_tf.backend import resource_of, steps_taken
from gplinker_tf.bert4keras.optimizers.extending import export_to_custom_objects
from gplinker_tf.bert4keras.optimizers.step import Step


@export_to_custom_objects
def extend_with_exponential_moving_average(BaseOptimizer: type) -> type:
    """Return a class that keeps a moving average of the weights with decay `ema_momentum=0.999`.

    `apply_ema_weights()` puts the averages into the model, and `reset_old_weights()` restores the
    trained weights. The average starts at zero; this bias is corrected unless you call
    `apply_ema_weights(bias_correction=False)`.

    Source: bert4keras 0.11.5.
    """

    class WithExponentialMovingAverage(BaseOptimizer):
        arguments: ClassVar = {"ema_momentum": 0.999}
        slots: ClassVar = ("ema",)

        def build(self, var_list: list[Any]) -> None:
            super().build(var_list)
            self.model_weights = list(var_list)

        @property
        def ema_weights(self) -> list[Any]:
            """The averages before correction, in the order of `model_weights`."""
            return self._slots["ema"]

        def take(self, step: Step) -> None:
            super().take(step)
            average = self.slot(step, "ema")
            momentum = self.ema_momentum
            step.put(average, average * momentum + step.weight * (1 - momentum))

        def apply_ema_weights(self, bias_correction: bool = True) -> None:
            self.old_weights = [resource_of(weight).numpy() for weight in self.model_weights]
            scale = 1 - self.ema_momentum ** steps_taken(self) if bias_correction else 1.0
            for weight, average in zip(self.model_weights, self.ema_weights, strict=True):
                weight.assign(resource_of(average) / scale)

        def reset_old_weights(self) -> None:
            for weight, old in zip(self.model_weights, self.old_weights, strict=True):
                weight.assign(old)

    return WithExponentialMovingAverage
