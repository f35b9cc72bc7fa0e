"""bert4keras's AdaFactor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from gplinker_tf.backend import KERAS_3, register, tf
from gplinker_tf.bert4keras.backend import root_mean_square
from gplinker_tf.bert4keras.optimizers.extensible import Extensible
from gplinker_tf.bert4keras.optimizers.frame import Frame
from gplinker_tf.bert4keras.optimizers.step import Step
from gplinker_tf.bert4keras.snippets import string_matching


@register
class AdaFactor(Extensible, Frame):
    """Adam with less memory: it keeps the second moments of a matrix per row and column only.

        v = rows columns / mean(rows),  u = g / sqrt(v),  u /= max(1, rms(u) / clipping_threshold)
        w -= learning_rate * u * max(rms(w), epsilon2)

    Args:
        learning_rate: step size; `None` for `min(1 / sqrt(step), 0.01)`, or a twentieth of that
            without `multiply_by_parameter_scale`. `lr` is an alias.
        beta1: decay of the average of the updates; 0 for none.
        beta2: decay of the second moments; `None` for `1 - step^-0.8`.
        epsilon1: added to squared gradients.
        epsilon2: the smallest scale of a weight.
        multiply_by_parameter_scale: whether the root mean square of a weight scales its step.
        clipping_threshold: the largest root mean square of an update; `None` for no limit.
        min_dim_size_to_factor: weights whose second-largest axis is smaller keep full moments.
        exclude_from_parameter_scale: regular expressions; weights whose names match one of them
            are not scaled.
        **kwargs: standard Keras optimizer arguments.

    Example:

    >>> weight = tf.Variable([1.0, 1.0])
    >>> _ = AdaFactor(learning_rate=0.1).apply_gradients([(tf.constant([3.0, -1.0]), weight)])
    >>> print(weight.numpy().round(4))
    [0.9 1.1]

    Source: bert4keras 0.11.5, `optimizers.AdaFactor`; https://arxiv.org/abs/1804.04235.
    """

    slots: ClassVar = ("moment", "row_moment", "column_moment", "update_average")

    def __init__(
        self,
        learning_rate: Any = 1e-3,
        beta1: float = 0.0,
        beta2: float | None = None,
        epsilon1: float = 1e-30,
        epsilon2: float = 1e-3,
        multiply_by_parameter_scale: bool = True,
        clipping_threshold: float | None = 1.0,
        min_dim_size_to_factor: int = 128,
        exclude_from_parameter_scale: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        learning_rate = kwargs.pop("lr", learning_rate)
        follows_steps = learning_rate is None
        # Keras requires a number, which `rate` overrides.
        super().__init__(
            0.01 if follows_steps else learning_rate, **{"name": "AdaFactor", **kwargs}
        )
        self._follows_steps = follows_steps
        self.beta1, self.fixed_beta2 = beta1, beta2
        self.epsilon1, self.epsilon2 = epsilon1, epsilon2
        self.multiply_by_parameter_scale = multiply_by_parameter_scale
        self.clipping_threshold = clipping_threshold
        self.min_dim_size_to_factor = min_dim_size_to_factor
        self.exclude_from_parameter_scale = list(exclude_from_parameter_scale or [])

    def rate(self, learning_rate: tf.Tensor | None = None) -> tf.Tensor:
        if not self._follows_steps:
            return super().rate(learning_rate)
        rate = tf.minimum(tf.math.rsqrt(self._step_number), 0.01)
        return rate if self.multiply_by_parameter_scale else rate * 0.05

    @property
    def beta2(self) -> Any:
        """The decay of the second moments in the current step."""
        return 1 - self._step_number**-0.8 if self.fixed_beta2 is None else self.fixed_beta2

    @property
    def _step_number(self) -> tf.Tensor:
        return tf.cast(self.steps + 1, tf.float32)

    def factored_shape(self, shape: Sequence[int]) -> tuple | None:
        """Return how the second moments of a weight are stored.

        Args:
            shape: the weight's shape.

        Returns:
            `None` for full moments, otherwise the shape of the means along the largest axis, that
            axis, the shape of the means along the second-largest axis, and that axis.
        """
        if len(shape) < 2:
            return None
        *_, second, first = np.argpartition(shape, -2)
        if shape[second] < self.min_dim_size_to_factor:
            return None
        shapes = (
            [1 if axis == mean else size for axis, size in enumerate(shape)]
            for mean in (first, second)
        )
        rows, columns = shapes
        return rows, int(first), columns, int(second)

    def new_slot(self, weight: Any, name: str) -> Any:
        factored = self.factored_shape(weight.shape)
        needed = {"moment"} if factored is None else {"row_moment", "column_moment"}
        needed |= {"update_average"} if self.beta1 > 0 else set()
        if name in AdaFactor.slots and name not in needed:
            return None
        if factored is None or name not in ("row_moment", "column_moment"):
            return super().new_slot(weight, name)
        shape = factored[0 if name == "row_moment" else 2]
        if KERAS_3:
            return self.add_variable(shape, dtype=weight.dtype, name=name)
        return self.add_variable_from_reference(weight, name, shape=shape)

    def take(self, step: Step) -> None:
        update = step.gradient * tf.math.rsqrt(self._second_moment(step) + self.epsilon1)
        if self.clipping_threshold is not None:
            update /= tf.maximum(1.0, root_mean_square(update) / self.clipping_threshold)
        if self.beta1 > 0:
            average = self.slot(step, "update_average")
            update = step.put(average, self.beta1 * average + (1 - self.beta1) * update)
        scaled = not string_matching(step.name, self.exclude_from_parameter_scale)
        if self.multiply_by_parameter_scale and scaled:
            update *= tf.maximum(root_mean_square(step.weight), self.epsilon2)
        step.put(step.weight, step.weight - step.rate * update)

    def _second_moment(self, step: Step) -> tf.Tensor:
        square = step.gradient**2 + self.epsilon1
        factored = self.factored_shape(step.weight.shape)
        if factored is None:
            return self._decayed(step, "moment", square)
        _, first, _, second = factored
        rows = self._decayed(step, "row_moment", tf.reduce_mean(square, first, keepdims=True))
        columns = self._decayed(
            step, "column_moment", tf.reduce_mean(square, second, keepdims=True)
        )
        return rows * columns / tf.reduce_mean(rows, second, keepdims=True)

    def _decayed(self, step: Step, name: str, square: tf.Tensor) -> tf.Tensor:
        moment = self.slot(step, name)
        return step.put(moment, self.beta2 * moment + (1 - self.beta2) * square)

    def get_config(self) -> dict[str, Any]:
        names = (
            *("beta1", "epsilon1", "epsilon2", "multiply_by_parameter_scale"),
            *("clipping_threshold", "min_dim_size_to_factor", "exclude_from_parameter_scale"),
        )
        config = {**super().get_config(), **{name: getattr(self, name) for name in names}}
        if self._follows_steps:
            config["learning_rate"] = None
        return {**config, "beta2": self.fixed_beta2}
