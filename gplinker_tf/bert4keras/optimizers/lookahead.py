"""Lookahead: slow weights that the fast ones return to, for any optimizer here."""

from __future__ import annotations

from typing import Any, ClassVar

from gplinker_tf.backend import resource_of, tf
from gplinker_tf.bert4keras.optimizers.extending import export_to_custom_objects
from gplinker_tf.bert4keras.optimizers.step import Step


@export_to_custom_objects
def extend_with_lookahead(BaseOptimizer: type) -> type:
    """Return a class that keeps slow weights: every `steps_per_slow_update=5` steps they move
    `slow_step_size=0.5` of the way to the weights, which then continue from there.

    The slow weights start as a copy of the weights. In bert4keras they start at zero, which halves
    all weights of a pretrained model.

    Source: bert4keras 0.11.5; https://arxiv.org/abs/1907.08610.
    """

    class WithLookahead(BaseOptimizer):
        arguments: ClassVar = {"steps_per_slow_update": 5, "slow_step_size": 0.5}
        slots: ClassVar = ("slow_weight",)

        def new_slot(self, weight: Any, name: str) -> Any:
            slot = super().new_slot(weight, name)
            if name == "slow_weight":
                slot.assign(resource_of(weight))
            return slot

        def take(self, step: Step) -> None:
            super().take(step)
            slow, due = self.slot(step, "slow_weight"), self.steps % self.steps_per_slow_update == 0
            moved = slow + self.slow_step_size * (step.weight - slow)
            step.put(slow, tf.where(due, moved, slow))
            step.put(step.weight, tf.where(due, slow, step.weight))

    return WithLookahead
