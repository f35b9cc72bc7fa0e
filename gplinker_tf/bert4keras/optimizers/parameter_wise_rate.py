"""Learning-rate multipliers for some weights, for any optimizer here."""

from __future__ import annotations

import math
from typing import ClassVar

from gplinker_tf.bert4keras.optimizers.extending import export_to_custom_objects
from gplinker_tf.bert4keras.optimizers.step import Step


@export_to_custom_objects
def extend_with_parameter_wise_lr(BaseOptimizer: type) -> type:
    """Return a class with a learning-rate multiplier for each weight.

    Its argument is `paramwise_lr_schedule={}`, from text to factor: the multiplier of a weight is
    the product of the factors of all texts that its name contains.

    Source: bert4keras 0.11.5.
    """

    class WithParameterWiseRate(BaseOptimizer):
        arguments: ClassVar[dict] = {"paramwise_lr_schedule": {}}

        def take(self, step: Step) -> None:
            schedule = self.paramwise_lr_schedule.items()
            factor = math.prod(factor for text, factor in schedule if text in step.name)
            if factor != 1:
                step = step.changing_weight(
                    lambda weight, value: weight + (value - weight) * factor
                )
            super().take(step)

    return WithParameterWiseRate
