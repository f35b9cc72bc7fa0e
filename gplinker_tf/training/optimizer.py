"""bert4keras's Adam with its moving average of the weights, for both Keras generations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, NamedTuple

from gplinker_tf.backend import KERAS_3, Adam, register, resource_of, steps_taken, tf

#: The `g` of a growing decay: the average lags about `1 / (g + 2)` of the run behind the weights.
GROWTH = 9


@register
class AveragingAdam(Adam):
    """Adam as bert4keras computes it, with an exponential moving average of the weights.

        w_t = w_{t-1} - lr * m^_t / (sqrt(v^_t) + epsilon),        m^, v^ bias-corrected
        a_t = d * a_{t-1} + (1 - d) * w_t,  a_0 = 0;  the average is a_t / (1 - d^t)

    For the first 1 / (1 - d) steps, that average spans the whole run, so it lags far behind in a
    short run. With `growing`, the decay grows with the step up to `d`, and the average spans about
    the last tenth of the steps, however many there are:

        a_t = d_t * a_{t-1} + (1 - d_t) * w_t,  1 - d_t = max(1 - d, (g + 1) / (t + g)),  g = 9

    Keras's own Adam adds epsilon before the bias correction of v, which at first makes it thirty
    times as large; its own averaging (`use_ema`) starts from the initial weights and overwrites
    the trained ones at the end of `fit`. Gradients of embeddings are made dense, as in bert4keras.

    Args:
        learning_rate: the learning rate, or a schedule.
        beta_1: decay of the first moment.
        beta_2: decay of the second moment.
        epsilon: added to the square root of the corrected second moment.
        averaging: `d`, the decay of the average, or `None` for no average.
        growing: whether the decay grows with the step up to `d`; otherwise it is `d` from the first
            step on, as in bert4keras.
        name: the name of the optimizer.
        **kwargs: other arguments of a Keras optimizer.

    Raises:
        ValueError: `averaging` is not in (0, 1).

    Example:

    >>> weight = tf.Variable([1.0])
    >>> optimizer = AveragingAdam(learning_rate=0.1, averaging=0.5)
    >>> for _ in range(2):
    ...     _ = optimizer.apply_gradients([(tf.constant([3.0]), weight)])
    >>> with optimizer.averaged_weights():
    ...     print(weight.numpy().round(4))     # (0.25 * 0.9 + 0.5 * 0.8) / 0.75
    [0.8333]
    >>> print(weight.numpy().round(4))
    [0.8]

    Source: bert4keras 0.11.5, `optimizers.Adam` and `extend_with_exponential_moving_average`; the
    growing decay is the polynomial-decay averaging of Shamir and Zhang,
    https://arxiv.org/abs/1212.1824.
    """

    def __init__(
        self,
        learning_rate: Any = 1e-5,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-6,
        averaging: float | None = 0.999,
        growing: bool = False,
        name: str = "averaging_adam",
        **kwargs: Any,
    ) -> None:
        if not KERAS_3:
            kwargs.setdefault("jit_compile", False)
        super().__init__(
            learning_rate=learning_rate,
            beta_1=beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            name=name,
            **kwargs,
        )
        if averaging is not None and not 0 < averaging < 1:
            raise ValueError(
                f"Expected a decay between 0 and 1, or None. Received: averaging={averaging}. "
                "bert4keras uses 0.999; None trains without averaging."
            )
        self.averaging = averaging
        self.growing = growing
        self._rate_factors: dict[int, float] = {}
        self._of_step = SimpleNamespace(numbers=None)
        self._averages: list[Any] = []

    def build(self, var_list: list[Any]) -> None:
        super().build(var_list)
        if self._averages:
            return
        self._averaged = list(var_list)
        if self.averaging is not None:
            self._averages = [
                self.add_variable_from_reference(variable, "average") for variable in var_list
            ]

    def multiply_rate(self, variables: list[Any], factor: float) -> None:
        """Multiply the learning rate of some of the variables that it was built with.

        Args:
            variables: the variables; they are not part of the configuration.
            factor: the learning-rate multiplier.
        """
        self._rate_factors |= {self.index_of(variable): factor for variable in variables}

    def update_step(
        self, gradient: Any, variable: Any, learning_rate: tf.Tensor | None = None
    ) -> None:
        learning_rate = self.learning_rate if learning_rate is None else learning_rate
        index = self.index_of(variable)
        first, second = self.moments_of(index)
        weight = resource_of(variable)
        numbers = _Numbers(*(tf.cast(number, weight.dtype) for number in self._numbers()))
        tf.raw_ops.ResourceApplyAdam(
            var=weight.handle,
            m=first.handle,
            v=second.handle,
            beta1_power=numbers.beta_1_power,
            beta2_power=numbers.beta_2_power,
            lr=tf.cast(learning_rate, weight.dtype) * self._rate_factors.get(index, 1.0),
            beta1=numbers.beta_1,
            beta2=numbers.beta_2,
            epsilon=numbers.epsilon,
            grad=tf.convert_to_tensor(gradient),
        )
        if self.averaging is not None:
            average = resource_of(self._averages[index])
            average.assign_add((weight - average) * numbers.share)

    @contextmanager
    def one_step(self) -> Iterator[None]:
        self._of_step.numbers = self._new_numbers()
        try:
            yield
        finally:
            self._of_step.numbers = None

    def _numbers(self) -> _Numbers:
        """Return the numbers of the current step, computed once for all variables."""
        return self._of_step.numbers or self._new_numbers()

    def _new_numbers(self) -> _Numbers:
        beta_2_power = self._power(self.beta_2)
        return _Numbers(
            tf.constant(self.beta_1),
            tf.constant(self.beta_2),
            self._power(self.beta_1),
            beta_2_power,
            # The kernel adds it to the root of the uncorrected v; scaled, it is bert4keras's.
            self.epsilon * tf.sqrt(1 - beta_2_power),
            tf.constant(1.0) if self.averaging is None else self._share_of_new(self.averaging),
        )

    def _share_of_new(self, averaging: float) -> tf.Tensor:
        """Return the share of this step's weights in the average."""
        if not self.growing:
            return tf.constant(1 - averaging)
        step = tf.cast(resource_of(self.iterations) + 1, tf.float32)
        return tf.maximum(1 - averaging, (GROWTH + 1) / (step + GROWTH))

    def _power(self, beta: float) -> tf.Tensor:
        """Return `beta ** t`; the bias correction of a moment divides by one minus this."""
        return tf.pow(beta, tf.cast(resource_of(self.iterations) + 1, tf.float32))

    @contextmanager
    def averaged_weights(self) -> Iterator[None]:
        """Give the model the averaged weights in the block, and restore the trained ones after it.

        Without averaging, or before the first step, nothing changes.
        """
        steps = steps_taken(self)
        if self.averaging is None or steps == 0:
            yield
            return
        correction = 1.0 if self.growing else 1 - self.averaging**steps
        trained = [resource_of(variable).numpy() for variable in self._averaged]
        try:
            for variable, average in zip(self._averaged, self._averages, strict=True):
                variable.assign(resource_of(average) / correction)
            yield
        finally:
            for variable, value in zip(self._averaged, trained, strict=True):
                variable.assign(value)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "averaging": self.averaging, "growing": self.growing}


class _Numbers(NamedTuple):
    """Numbers that all variables of a step share, as float32 scalars.

    Args:
        beta_1: decay of the first moment.
        beta_2: decay of the second moment.
        beta_1_power: `beta_1 ** t` at step t.
        beta_2_power: `beta_2 ** t`.
        epsilon: added to the square root of the second moment.
        share: the share of the new weights in the average.
    """

    beta_1: tf.Tensor
    beta_2: tf.Tensor
    beta_1_power: tf.Tensor
    beta_2_power: tf.Tensor
    epsilon: tf.Tensor
    share: tf.Tensor
