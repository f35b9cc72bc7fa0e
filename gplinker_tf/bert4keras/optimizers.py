"""`bert4keras.optimizers`: its Adam, and the functions that extend an optimizer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

from gplinker_tf.backend import keras, register, resource_of, tf
from gplinker_tf.bert4keras.backend import piecewise_linear
from gplinker_tf.bert4keras.names import missing
from gplinker_tf.bert4keras.snippets import string_matching
from gplinker_tf.training import AveragingAdam

__all__ = [
    "Adam",
    "extend_with_exponential_moving_average",
    "extend_with_gradient_accumulation",
    "extend_with_piecewise_linear_lr",
    "extend_with_weight_decay",
]


def __getattr__(name: str) -> NoReturn:
    missing(__name__, name)


@register
class Adam(AveragingAdam):
    """bert4keras's Adam: its epsilon stands outside of the corrections.

    Args:
        learning_rate: step size; `lr` is the same.
        beta_1: decay of the first moment.
        beta_2: decay of the second moment.
        epsilon: added to the root of the second moment.
        bias_correction: whether to correct both moments for their start at zero.
        **kwargs: what every Keras optimizer takes.

    Source: bert4keras 0.11.5, `optimizers.Adam`.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-6,
        bias_correction: bool = True,
        **kwargs: Any,
    ) -> None:
        learning_rate = kwargs.pop("lr", learning_rate)
        kwargs.pop("averaging", None)
        extensions = {name: kwargs.pop(name, value) for name, value in self._extensions().items()}
        super().__init__(learning_rate, beta_1, beta_2, epsilon, averaging=None, **kwargs)
        self.bias_correction = bias_correction
        for name, value in extensions.items():
            setattr(self, name, value)

    def rate(self, learning_rate: tf.Tensor | None = None) -> tf.Tensor:
        """The step size of the present step; `learning_rate` is what Keras 3 hands on."""
        return tf.convert_to_tensor(self.learning_rate if learning_rate is None else learning_rate)

    def update_step(
        self, gradient: Any, variable: Any, learning_rate: tf.Tensor | None = None
    ) -> None:
        super().update_step(gradient, variable, self.rate(learning_rate))

    def _power(self, beta: float) -> tf.Tensor:
        return super()._power(beta) if self.bias_correction else tf.constant(0.0)

    def get_config(self) -> dict[str, Any]:
        names = ("bias_correction", *self._extensions())
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}

    @classmethod
    def _extensions(cls) -> dict[str, Any]:
        """The arguments of all extensions, with their defaults."""
        return {k: v for part in cls.__mro__ for k, v in vars(part).get("arguments", {}).items()}

    def _slots_of(self, variables: list[Any], name: str) -> list[Any]:
        return [self.add_variable_from_reference(variable, name) for variable in variables]


def _extending(new_class: Callable[[type], type]) -> Callable[..., type]:
    """Makes a function from class to class one that also takes a name, known to Keras then."""

    @functools.wraps(new_class)
    def extend(BaseOptimizer: type, name: str | None = None) -> type:
        if not (isinstance(BaseOptimizer, type) and issubclass(BaseOptimizer, Adam)):
            raise TypeError(
                "Expected Adam of gplinker_tf.bert4keras.optimizers, or an extension of it. "
                f"Received: {BaseOptimizer!r}. Other optimizers can't be extended here."
            )
        extended = new_class(BaseOptimizer)
        extended.__name__ = name or f"{new_class.__name__}_{BaseOptimizer.__name__}"
        keras.utils.get_custom_objects()[extended.__name__] = extended
        return extended

    # So that its signature is the one with a name.
    del extend.__wrapped__
    return extend


@_extending
def extend_with_weight_decay(BaseOptimizer: type) -> type:
    """A new class with weight decay: a step also does `w -= rate * weight_decay_rate * w`.

    Its arguments are `weight_decay_rate=0.01` and `exclude_from_weight_decay=[]`: regular
    expressions; a weight whose name has one of them does not decay.

    Source: bert4keras 0.11.5; Loshchilov and Hutter, https://arxiv.org/abs/1711.05101.
    """

    class WithWeightDecay(BaseOptimizer):
        arguments: ClassVar = {"weight_decay_rate": 0.01, "exclude_from_weight_decay": ()}

        def update_step(
            self, gradient: Any, variable: Any, learning_rate: tf.Tensor | None = None
        ) -> None:
            weight = resource_of(variable)
            decay = tf.zeros_like(weight)
            name = getattr(variable, "path", variable.name)
            if not string_matching(name, self.exclude_from_weight_decay):
                rate = tf.cast(self.rate(learning_rate) * self.weight_decay_rate, weight.dtype)
                decay = rate * weight
            with tf.control_dependencies([decay]):
                super().update_step(gradient, variable, learning_rate)
                weight.assign_sub(decay)

    return WithWeightDecay


@_extending
def extend_with_piecewise_linear_lr(BaseOptimizer: type) -> type:
    """A new class whose step size follows a line through points.

    Its argument is `lr_schedule={0: 1}`, step to factor: `{1000: 1, 2000: 0.1}` rises from 0 to
    the whole rate in 1,000 steps, falls to a tenth of it in the next 1,000 and stays there.

    Source: bert4keras 0.11.5.
    """

    class WithPiecewiseLinearRate(BaseOptimizer):
        arguments: ClassVar = {"lr_schedule": {0: 1}}

        def rate(self, learning_rate: tf.Tensor | None = None) -> tf.Tensor:
            schedule = {int(step): factor for step, factor in self.lr_schedule.items()}
            factor = piecewise_linear(resource_of(self.iterations), schedule)
            rate = super().rate(learning_rate)
            return rate * tf.cast(factor, rate.dtype)

    return WithPiecewiseLinearRate


@_extending
def extend_with_gradient_accumulation(BaseOptimizer: type) -> type:
    """A new class that moves the weights every `grad_accum_steps=2` steps, by the mean gradient.

    As in bert4keras the first move, at step 0, is by an empty sum, and each step counts for the
    corrections of Adam.

    Source: bert4keras 0.11.5.
    """

    class WithGradientAccumulation(BaseOptimizer):
        arguments: ClassVar = {"grad_accum_steps": 2}

        def build(self, var_list: list[Any]) -> None:
            super().build(var_list)
            if not hasattr(self, "_sums"):
                self._sums = self._slots_of(var_list, "gradient_sum")

        def update_step(
            self, gradient: Any, variable: Any, learning_rate: tf.Tensor | None = None
        ) -> None:
            gathered = resource_of(self._sums[self.index_of(variable)])
            due = resource_of(self.iterations) % self.grad_accum_steps == 0
            mean = gathered / self.grad_accum_steps

            def move() -> tf.Tensor:
                super(WithGradientAccumulation, self).update_step(mean, variable, learning_rate)
                return tf.zeros_like(gathered)

            left = tf.cond(due, move, lambda: tf.identity(gathered))
            gathered.assign(left + tf.convert_to_tensor(gradient))

    return WithGradientAccumulation


@_extending
def extend_with_exponential_moving_average(BaseOptimizer: type) -> type:
    """A new class that keeps a moving average of the weights, with momentum `ema_momentum=0.999`.

    `apply_ema_weights()` puts the averages into the model and `reset_old_weights()` the trained
    weights back. The average starts at zero, and is corrected for it unless
    `apply_ema_weights(bias_correction=False)` is called.

    Source: bert4keras 0.11.5.
    """

    class WithExponentialMovingAverage(BaseOptimizer):
        arguments: ClassVar = {"ema_momentum": 0.999}

        def build(self, var_list: list[Any]) -> None:
            super().build(var_list)
            if not hasattr(self, "ema_weights"):
                self.model_weights = list(var_list)
                self.ema_weights = self._slots_of(var_list, "ema")

        def update_step(
            self, gradient: Any, variable: Any, learning_rate: tf.Tensor | None = None
        ) -> None:
            super().update_step(gradient, variable, learning_rate)
            average = resource_of(self.ema_weights[self.index_of(variable)])
            weight = resource_of(variable)
            average.assign(average * self.ema_momentum + weight * (1 - self.ema_momentum))

        def apply_ema_weights(self, bias_correction: bool = True) -> None:
            self.old_weights = [resource_of(weight).numpy() for weight in self.model_weights]
            scale = 1.0
            if bias_correction:
                scale -= self.ema_momentum ** int(resource_of(self.iterations).numpy())
            for weight, average in zip(self.model_weights, self.ema_weights, strict=True):
                weight.assign(resource_of(average) / scale)

        def reset_old_weights(self) -> None:
            for weight, old in zip(self.model_weights, self.old_weights, strict=True):
                weight.assign(old)

    return WithExponentialMovingAverage
