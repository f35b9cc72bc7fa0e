"""Gradient accumulation over several batches, for any optimizer here."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras.optimizers.extending import export_to_custom_objects
from gplinker_tf.bert4keras.optimizers.step import Step


@export_to_custom_objects
def extend_with_gradient_accumulation(BaseOptimizer: type) -> type:
    """Return a class that updates weights by the mean gradient of `grad_accum_steps=2` steps.

    As in bert4keras, the first update, at step 0, uses an empty sum, and every step counts in the
    bias corrections of Adam.

    Source: bert4keras 0.11.5.
    """

    class WithGradientAccumulation(BaseOptimizer):
        arguments: ClassVar = {"grad_accum_steps": 2}
        slots: ClassVar = ("gradient_sum",)

        def take(self, step: Step) -> None:
            gathered = self.slot(step, "gradient_sum")
            due = self.steps % self.grad_accum_steps == 0
            waiting = step.changing(lambda target, value: tf.where(due, value, target))
            super().take(replace(waiting, gradient=gathered / self.grad_accum_steps))
            left = tf.where(due, tf.zeros_like(gathered), gathered)
            step.put(gathered, left + step.gradient)

    return WithGradientAccumulation
