"""Weight decay, for any optimizer here."""

from __future__ import annotations

from typing import ClassVar

from gplinker_tf.bert4keras.optimizers.extending import export_to_custom_objects
from gplinker_tf.bert4keras.optimizers.step import Step
from gplinker_tf.bert4keras.snippets import string_matching


@export_to_custom_objects
def extend_with_weight_decay(BaseOptimizer: type) -> type:
    """Return a class with weight decay: each step also does `w -= rate * weight_decay_rate * w`.

    Its arguments are `weight_decay_rate=0.01` and `exclude_from_weight_decay=[]`: regular
    expressions; weights whose names match one of them do not decay.

    Source: bert4keras 0.11.5; Loshchilov and Hutter, https://arxiv.org/abs/1711.05101.
    """

    class WithWeightDecay(BaseOptimizer):
        arguments: ClassVar = {"weight_decay_rate": 0.01, "exclude_from_weight_decay": ()}

        def take(self, step: Step) -> None:
            if not string_matching(step.name, self.exclude_from_weight_decay):
                share = step.rate * self.weight_decay_rate
                step = step.changing_weight(lambda weight, value: value - share * weight)
            super().take(step)

    return WithWeightDecay
