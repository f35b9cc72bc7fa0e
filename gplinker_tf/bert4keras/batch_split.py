"""bert4keras's layer that splits a batch into parts."""

from __future__ import annotations

from typing import Any

import numpy as np

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.layer import Layer


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class BatchSplit(Layer):
    """A layer that splits a batch into parts, which `BatchConcat` joins again.

    Args:
        parts: the number of parts, or a list of their relative sizes.
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: `[B, ...]`, or a list of such tensors.

    Returns:
        A list of the parts; for several inputs, the parts of the first, then of the second, ...

    Example:

    >>> [part.numpy().tolist() for part in BatchSplit([1, 3])(tf.range(4))]
    [[0], [1, 2, 3]]

    Source: bert4keras 0.11.5, `layers.BatchSplit`.
    """

    def __init__(self, parts: int | list[float], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.parts = parts

    def call(self, inputs: Any) -> list:
        if isinstance(inputs, (list, tuple)):
            return [part for x in inputs for part in self.call(x)]
        ends = self._ends(tf.shape(inputs)[0])
        starts = [0, *ends]
        return [inputs[start:end] for start, end in zip(starts, [*ends, None], strict=True)]

    def _ends(self, rows: tf.Tensor) -> list[tf.Tensor]:
        """Return the end of each part except the last."""
        if isinstance(self.parts, int):
            size = -(-rows // self.parts)
            return [size * number for number in range(1, self.parts)]
        shares = (np.cumsum(self.parts) / np.sum(self.parts))[:-1]
        return [tf.cast(share * tf.cast(rows, tf.float64), tf.int32) for share in shares]

    def compute_mask(self, inputs: Any, mask: Any = None) -> list:
        if isinstance(inputs, (list, tuple)):
            masks = [None] * len(inputs) if mask is None else mask
            return [
                part
                for x, of_x in zip(inputs, masks, strict=True)
                for part in self.compute_mask(x, of_x)
            ]
        return [None] * self._count() if mask is None else self.call(mask)

    def compute_output_shape(self, input_shape: Any) -> list:
        if isinstance(input_shape, list):
            return [part for shape in input_shape for part in self.compute_output_shape(shape)]
        return [(None, *input_shape[1:])] * self._count()

    def _count(self) -> int:
        return self.parts if isinstance(self.parts, int) else len(self.parts)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "parts": self.parts}
