"""Layer-wise adaptation of the step size, for any optimizer here."""

from __future__ import annotations

from typing import ClassVar

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.optimizers.extending import export_to_custom_objects
from gplinker_tf.bert4keras.optimizers.step import Step
from gplinker_tf.bert4keras.snippets import string_matching


@export_to_custom_objects
def extend_with_layer_adaptation(BaseOptimizer: type) -> type:
    """Return a class whose update of a weight has the weight's norm times the learning rate.

    With Adam and weight decay, this is LAMB. Its argument is `exclude_from_layer_adaptation=[]`:
    regular expressions; weights whose names match one of them are updated without adaptation.

    Source: bert4keras 0.11.5; https://arxiv.org/abs/1904.00962.
    """

    class WithLayerAdaptation(BaseOptimizer):
        arguments: ClassVar = {"exclude_from_layer_adaptation": ()}

        def take(self, step: Step) -> None:
            def adapted(weight: tf.Variable, value: tf.Tensor) -> tf.Tensor:
                move = value - weight
                rate = tf.maximum(step.rate, keras.backend.epsilon())
                size, length = tf.norm(weight), tf.norm(move / rate)
                ratio = tf.where((size > 0) & (length > 0), size / length, 1.0)
                return weight + move * ratio

            if not string_matching(step.name, self.exclude_from_layer_adaptation):
                step = step.changing_weight(adapted)
            super().take(step)

    return WithLayerAdaptation
