"""The base of optimizers that `extend_with_*` can extend."""

from __future__ import annotations

from typing import Any, ClassVar

from gplinker_tf.backend import KERAS_3, resource_of, tf
from gplinker_tf.bert4keras.optimizers.step import Step


class Extensible:
    """Abstract: a mixin that goes before a Keras optimizer among the bases of a class.

    The class, or an extension of it, defines `take(step)` and declares what it needs:

    Attributes:
        arguments: additional keyword arguments with their defaults, which become attributes.
        slots: names of the variables that it keeps for each weight.
    """

    arguments: ClassVar[dict[str, Any]] = {}
    slots: ClassVar[tuple[str, ...]] = ()

    def __init__(self, learning_rate: Any, **kwargs: Any) -> None:
        learning_rate = kwargs.pop("lr", learning_rate)
        given = {name: kwargs.pop(name, default) for name, default in self._arguments().items()}
        if not KERAS_3:
            kwargs.setdefault("jit_compile", False)
        super().__init__(learning_rate=learning_rate, **kwargs)  # type: ignore[call-arg]
        self._slots: dict[str, list[Any]] = {}
        for name, value in given.items():
            setattr(self, name, value)

    def build(self, var_list: list[Any]) -> None:
        super().build(var_list)  # type: ignore[misc]
        for part in type(self).__mro__:
            for name in vars(part).get("slots", ()):
                if name not in self._slots:
                    self._slots[name] = [self.new_slot(weight, name) for weight in var_list]

    def new_slot(self, weight: Any, name: str) -> Any:
        """Create a slot variable for a weight: zeros of its shape."""
        return self.add_variable_from_reference(weight, name)  # type: ignore[attr-defined]

    def slot(self, step: Step, name: str) -> tf.Variable:
        """Return the slot variable of the step's weight."""
        return resource_of(self._slots[name][step.index])

    def index_of(self, variable: Any) -> int:
        """Return the index of a weight among those that the optimizer was built with."""
        if KERAS_3:
            return self._get_variable_index(variable)  # type: ignore[attr-defined]
        return self._index_dict[self._var_key(variable)]  # type: ignore[attr-defined]

    def update_step(
        self, gradient: Any, variable: Any, learning_rate: tf.Tensor | None = None
    ) -> None:
        weight = resource_of(variable)
        self.take(
            Step(
                variable,
                weight,
                self.index_of(variable),
                tf.cast(tf.convert_to_tensor(gradient), weight.dtype),
                tf.cast(self.rate(learning_rate), weight.dtype),
            )
        )

    def take(self, step: Step) -> None:
        """Update one weight in a step; an extension calls `super().take` with its changes."""
        raise NotImplementedError

    def rate(self, learning_rate: tf.Tensor | None = None) -> tf.Tensor:
        """Return the step size of the current step; Keras 3 passes `learning_rate`."""
        return tf.convert_to_tensor(self.learning_rate if learning_rate is None else learning_rate)

    @property
    def steps(self) -> tf.Tensor:
        """The number of steps taken."""
        return tf.convert_to_tensor(resource_of(self.iterations))  # type: ignore[attr-defined]

    @property
    def lr(self) -> Any:
        """The learning rate, under its older name."""
        return self.learning_rate

    @lr.setter
    def lr(self, value: Any) -> None:
        self.learning_rate = value

    def get_config(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in self._arguments()}
        return {**super().get_config(), **given}  # type: ignore[misc]

    @classmethod
    def _arguments(cls) -> dict[str, Any]:
        """Return the arguments of all extensions."""
        return {k: v for part in cls.__mro__ for k, v in vars(part).get("arguments", {}).items()}
