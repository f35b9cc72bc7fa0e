"""Model inputs as Keras 2.3 accepted them, for both generations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gplinker_tf.backend import KERAS_3, keras, tf

#: Arguments of Keras 2.3's `fit` for loading data, which Keras 3 rejects.
FEEDING = ("max_queue_size", "workers", "use_multiprocessing")


class Source:
    """A model's input data: a Keras 2.3 generator as a `tf.data.Dataset`, others unchanged.

    Keras assumes that all batches of a generator have the sizes of the first; here they may vary.
    """

    def __init__(self, x: Any, steps: int | None, model: Any) -> None:
        self.outputs = getattr(model, "outputs", None) or ()
        self.error: Exception | None = None
        self.batches = sole(x)
        self.is_dataset = isinstance(x, tf.data.Dataset)
        if isinstance(x, Iterator) and not isinstance(x, tf.data.Iterator):
            if steps is None:
                raise ValueError(
                    "Expected the number of batches for a generator. Received: None. Pass "
                    "steps_per_epoch=len(generator) to fit, with validation_steps for "
                    "validation_data, or steps to evaluate and predict."
                )
            self.batches, self.is_dataset = self._dataset(x), True
        elif self.is_dataset and KERAS_3:
            self.batches = _without_name(x)

    def __enter__(self) -> Source:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if error is not None and self.error is not None:
            raise self.error from None

    def _dataset(self, generator: Iterator) -> tf.data.Dataset:
        first = _batch(next(generator))
        signature = tf.nest.map_structure(
            lambda array: tf.TensorSpec([None] * array.ndim, array.dtype), first
        )
        if len(first) > 1:
            signature = (signature[0], self._labels(first[1], signature[1]), *signature[2:])

        def batches() -> Iterator:
            yield first
            while True:
                try:
                    batch = next(generator)
                except StopIteration:
                    return
                except Exception as error:
                    self.error = error
                    raise
                yield _batch(batch)

        return tf.data.Dataset.from_generator(_once(batches), output_signature=signature)

    def _labels(self, labels: Any, signature: Any) -> Any:
        """Return the signature of labels; one class per text keeps its axis of size 1."""
        arrays, specs = tf.nest.flatten(labels), tf.nest.flatten(signature)
        if len(arrays) != len(self.outputs):
            return signature
        kept = [
            tf.TensorSpec([None, 1], array.dtype)
            if array.ndim == len(output.shape) == 2 and array.shape[1] == 1
            else spec
            for array, spec, output in zip(arrays, specs, self.outputs, strict=True)
        ]
        return tf.nest.pack_sequence_as(signature, kept)


def _without_name(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Unpack a dict with one label array: Keras 3 takes a single output's labels as an array."""
    parts = dataset.element_spec
    if not isinstance(parts, tuple) or len(parts) < 2:
        return dataset
    if not isinstance(parts[1], dict) or len(parts[1]) != 1:
        return dataset
    [name] = parts[1]
    return dataset.map(lambda x, y, *weights: (x, y[name], *weights))


def _once(batches: Callable[[], Iterator]) -> Callable[[], Iterator]:
    """Make a second pass continue where the first stopped: a generator cannot restart."""
    iterator = batches()
    return lambda: iterator


def _batch(batch: Any) -> tuple:
    """Return `(x, y)` or `(x, y, weights)` as tuples of arrays, without `None` at the end."""
    if not isinstance(batch, tuple):
        batch = (batch,)
    parts = [batch[0], *map(floats, batch[1:])]
    while parts[-1] is None:
        parts.pop()
    return tuple(_as_tuple(part) for part in parts)


def _as_tuple(part: Any) -> Any:
    part = sole(part)
    if isinstance(part, (list, tuple)):
        return tuple(np.asarray(array) for array in part)
    return np.asarray(part)


def sole(part: Any) -> Any:
    """Return the only tensor of a list, which Keras 3 would warn about; others unchanged."""
    is_list = isinstance(part, (list, tuple)) and len(part) == 1
    return part[0] if is_list and hasattr(part[0], "shape") else part


def floats(labels: Any) -> Any:
    """Cast labels to `floatx`, as Keras 2.3 did: losses and metrics multiply them by scores."""
    if isinstance(labels, (list, tuple)) and any(np.ndim(part) for part in labels):
        return [floats(part) for part in labels]
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "iubf":
        return labels.astype(keras.backend.floatx(), copy=False)
    return labels


def without_feeding(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments without those in `FEEDING`."""
    return {name: value for name, value in arguments.items() if name not in FEEDING}
