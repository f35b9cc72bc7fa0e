"""Updates only of the rows that have a gradient, for any optimizer here."""

from __future__ import annotations

from typing import ClassVar

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras.optimizers.extending import export_to_custom_objects
from gplinker_tf.bert4keras.optimizers.step import Step
from gplinker_tf.bert4keras.snippets import string_matching


@export_to_custom_objects
def extend_with_lazy_optimization(BaseOptimizer: type) -> type:
    """Return a class that does not update rows of a weight whose gradient is 0, such as the
    embeddings of tokens that are not in a batch.

    Its argument is `include_in_lazy_optimization=[]`: regular expressions; only weights whose
    names match one of them are affected.

    Source: bert4keras 0.11.5.
    """

    class WithLazyOptimization(BaseOptimizer):
        arguments: ClassVar = {"include_in_lazy_optimization": ()}

        def take(self, step: Step) -> None:
            def moved_rows(weight: tf.Variable, value: tf.Tensor) -> tf.Tensor:
                used = tf.reduce_any(tf.not_equal(step.gradient, 0), axis=-1, keepdims=True)
                return tf.where(used, value, weight)

            lazy = string_matching(step.name, self.include_in_lazy_optimization)
            super().take(step.changing_weight(moved_rows) if lazy else step)

    return WithLazyOptimization
