"""The update of one weight in one training step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gplinker_tf.backend import tf

#: From a variable and the value about to be assigned, to the value to assign instead.
Change = Callable[[tf.Variable, tf.Tensor], tf.Tensor]


@dataclass(frozen=True)
class Step:
    """One weight's part in a training step.

    Every value that the step assigns goes through `put`, and thus through the changes of the
    enclosing extensions, the innermost first.

    Args:
        variable: the weight's variable in the model.
        weight: the TensorFlow variable behind it.
        index: its index among the weights that the optimizer was built with.
        gradient: gradient of the loss, dense.
        rate: the learning rate.
        changes: changes that extensions make to every assignment, the outermost first.
    """

    variable: Any
    weight: tf.Variable
    index: int
    gradient: tf.Tensor
    rate: tf.Tensor
    changes: tuple[Change, ...] = ()

    @property
    def name(self) -> str:
        """The name of the weight."""
        return getattr(self.variable, "path", self.variable.name)

    def put(self, target: tf.Variable, value: tf.Tensor) -> tf.Tensor:
        """Assign a value, after all changes to it, to the weight or one of its slots.

        Returns:
            The assigned value.
        """
        for change in reversed(self.changes):
            value = change(target, value)
        target.assign(value)
        return value

    def changing(self, change: Change) -> Step:
        """Return the step with a change to every assignment."""
        return replace(self, changes=(*self.changes, change))

    def changing_weight(self, change: Change) -> Step:
        """Return the step with a change to the assignments of the weight itself."""
        return self.changing(
            lambda target, value: change(target, value) if target is self.weight else value
        )
