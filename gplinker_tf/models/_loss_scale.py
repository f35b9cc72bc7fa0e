"""Loss scaling, so that small gradients do not vanish in float16."""

from __future__ import annotations

from gplinker_tf.backend import tf

HIGHEST, FIRST, LOWEST = 2.0**24, 2.0**15, 1.0
GROWTH_STEPS = 2000


class LossScale:
    """A factor on the loss that grows while the gradients stay finite and halves when they do not.

    In float16, gradients below 6e-8 become 0 and those above 65504 infinite; scaling avoids both.
    (Keras's own loss scaling counts a skipped step as a step, which breaks averaged weights.)

    Attributes:
        value: the factor, a float32 variable, between 1 and 2^24.
        variables: the complete state.

    Example:

    >>> scale = LossScale()
    >>> scale.update(tf.constant(False))
    >>> float(scale.value) == FIRST / 2
    True

    Source: Micikevicius et al., "Mixed precision training", https://arxiv.org/abs/1710.03740.
    """

    def __init__(self) -> None:
        of_first = tf.VariableAggregation.ONLY_FIRST_REPLICA
        self.value = tf.Variable(FIRST, trainable=False, aggregation=of_first)
        self._finite_steps = tf.Variable(0, trainable=False, aggregation=of_first)

    @property
    def variables(self) -> list[tf.Variable]:
        return [self.value, self._finite_steps]

    def update(self, finite: tf.Tensor) -> None:
        """Update the scale after a step.

        Args:
            finite: bool scalar, whether the gradients of the step were finite.
        """
        steps = tf.where(finite, self._finite_steps + 1, 0)
        grows = steps >= GROWTH_STEPS
        factor = tf.where(finite, tf.where(grows, 2.0, 1.0), 0.5)
        self.value.assign(tf.clip_by_value(self.value * factor, LOWEST, HIGHEST))
        self._finite_steps.assign(tf.where(grows, 0, steps))

    @property
    def at_lowest(self) -> tf.Tensor:
        """Whether the scale is at its minimum, so that it does not explain infinite gradients."""
        return self.value <= LOWEST
