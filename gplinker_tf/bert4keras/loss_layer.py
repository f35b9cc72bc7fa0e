"""bert4keras's `Loss`: a layer that computes a loss from its inputs."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import KERAS_3, keras, register, tf


@register
class Loss(keras.layers.Layer):
    """Abstract: adds a loss computed from its inputs to the model, and returns some of them.

    A subclass defines `compute_loss(inputs, mask)`, which returns a scalar. Integer inputs, such as
    token ids, are cast to `K.floatx()`, as in Keras 2.3. The method may call `add_metric`.

    Args:
        output_axis: which input to return, or a list of them; `None` returns all.
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: a list of tensors.
        mask: their masks, in the same order.

    Example:

    >>> class MeanOfFirst(Loss):
    ...     def compute_loss(self, inputs, mask=None):
    ...         return keras.backend.mean(inputs[0])
    >>> a, b = keras.Input([1]), keras.Input([1])
    >>> model = keras.Model([a, b], MeanOfFirst(output_axis=1)([a, b]))

    Source: bert4keras 0.11.5, `layers.Loss`.
    """

    def __init__(self, output_axis: int | list[int] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True
        self.output_axis = output_axis
        # Keras 3 would reject new metrics of a layer that is already built.
        object.__setattr__(self, "_shown", {})

    def compute_loss(self, inputs: Any, mask: Any = None) -> Any:
        """Return the loss, a scalar."""
        raise NotImplementedError

    def add_metric(self, value: Any, name: str | None = None, **kwargs: Any) -> None:
        """Make `fit` show the mean of a value, such as one part of the loss.

        Args:
            value: a tensor of numbers.
            name: the name under which it is shown.
            **kwargs: arguments of legacy Keras.
        """
        if not KERAS_3:
            super().add_metric(value, name=name, **kwargs)
            return
        if name not in self._shown:
            self._shown[name] = keras.metrics.Mean(name=name)
        self._shown[name].update_state(value)

    @property
    def metrics(self) -> list:
        """The metrics of the layer, including those of `add_metric`."""
        return [*super().metrics, *self._shown.values()]

    def call(self, inputs: Any, mask: Any = None) -> Any:
        self.add_loss(self.compute_loss(tf.nest.map_structure(_as_float, inputs), mask))
        return self._passed_on(inputs)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return None if mask is None else self._passed_on(mask)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return self._passed_on(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "output_axis": self.output_axis}

    def _passed_on(self, values: Any) -> Any:
        if self.output_axis is None:
            return values
        if isinstance(self.output_axis, (list, tuple)):
            return [values[place] for place in self.output_axis]
        return values[self.output_axis]


def _as_float(tensor: Any) -> Any:
    is_whole = tf.as_dtype(tensor.dtype).is_integer
    return keras.backend.cast(tensor, keras.backend.floatx()) if is_whole else tensor
