"""Models with the habits of Keras 2.3, in both generations."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gplinker_tf.backend import KERAS_3, keras, register, tf
from gplinker_tf.bert4keras.generations import refuse_two_generations
from gplinker_tf.bert4keras.saved_weights import load_model_weights, save_model_weights
from gplinker_tf.bert4keras.whole_model import load_whole_model, save_whole_model

#: What `fit` took in Keras 2.3 to feed itself, and Keras 3 refuses.
FEEDING = ("max_queue_size", "workers", "use_multiprocessing")


class _Keras23(keras.Model):
    """What models did in Keras 2.3: lists as batches, labels as floats, weights under any name."""

    def compile(self, *args: Any, **kwargs: Any) -> None:
        if KERAS_3:
            # Keras 3 would compile the step with XLA, anew for each length of text.
            kwargs.setdefault("jit_compile", False)
        super().compile(*args, **kwargs)

    def fit(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """As in Keras 2.3: `x` may be a generator of lists, `y` may have whole numbers.

        An error inside the generator comes out as itself.
        """
        kwargs = {name: value for name, value in kwargs.items() if name not in FEEDING}
        source = _Source(x, kwargs.get("steps_per_epoch"), self)
        if source.is_dataset:
            kwargs["shuffle"] = False
        if kwargs.get("validation_data") is not None:
            validation = kwargs["validation_data"]
            if not isinstance(validation, (tuple, list)):
                validation = _Source(validation, kwargs.get("validation_steps"), self).batches
            elif len(validation) > 1:
                validation = (validation[0], _floats(validation[1]), *validation[2:])
            kwargs["validation_data"] = validation
        with source:
            return super().fit(source.batches, _floats(y), *args, **kwargs)

    def fit_generator(self, generator: Any, *args: Any, **kwargs: Any) -> Any:
        """`fit`, under its older name."""
        names = ("steps_per_epoch", "epochs", "verbose", "callbacks", "validation_data")
        return self.fit(generator, **dict(zip(names, args, strict=False)), **kwargs)

    def evaluate(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        source = _Source(x, kwargs.get("steps"), self)
        with source:
            return super().evaluate(source.batches, _floats(y), *args, **kwargs)

    def predict(self, x: Any, batch_size: int | None = None, verbose: Any = 0, **kwargs: Any):
        """Silent unless asked; one small batch goes through without a data pipeline."""
        arrays = _arrays(x)
        if arrays is not None and not kwargs and not verbose and len(arrays[0]) <= 32:
            return self.predict_on_batch(x)
        source = _Source(x, kwargs.get("steps"), self)
        with source:
            return super().predict(source.batches, batch_size, verbose=verbose, **kwargs)

    def train_on_batch(self, x: Any, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        return super().train_on_batch(x, _floats(y), *args, **kwargs)

    def test_on_batch(self, x: Any, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        return super().test_on_batch(x, _floats(y), *args, **kwargs)

    def save(self, filepath: Any, overwrite: bool = True, **kwargs: Any) -> None:
        """Writes layers and weights, whatever the file is called; `load_model` reads them."""
        save_whole_model(super().save, filepath, overwrite)

    def save_weights(self, filepath: Any, overwrite: bool = True, **kwargs: Any) -> None:
        """Writes all weights in Keras 2's HDF5 layout, whatever the file is called.

        The file is in its place when it is whole. Keras 2.3, legacy Keras and this package read it.
        """
        save_model_weights(self, filepath, overwrite)

    def load_weights(self, filepath: Any, by_name: bool = False, **kwargs: Any) -> None:
        """Reads weights that Keras 2 or bert4keras wrote: HDF5 or a TensorFlow checkpoint.

        Args:
            filepath: the file, or the prefix of a checkpoint; its content tells what it is.
            by_name: fill the layers that the file names, and leave the others.

        Raises:
            InputError: the weights do not fit; the message names the first layer that differs.
        """
        load_model_weights(self, filepath, by_name)


@register
class Model(_Keras23):
    """`keras.models.Model`: `Model(inputs, outputs)`, or to be subclassed."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Model and (args or "inputs" in kwargs):
            refuse_two_generations()
            return FunctionalModel.__new__(FunctionalModel, *args, **kwargs)
        return super().__new__(cls, *args, **kwargs)


def _functional_class() -> type:
    """Keras's class of functional models, which it names in no public place."""
    tensor = keras.Input([1])
    return type(keras.Model(tensor, tensor))


_Functional: Any = _functional_class()


@register
class FunctionalModel(Model, _Functional):
    """What `Model(inputs, outputs)` makes; a list of one output counts as that output."""

    def __init__(self, inputs: Any, outputs: Any, **kwargs: Any) -> None:
        if isinstance(outputs, (list, tuple)) and len(outputs) == 1:
            [outputs] = outputs
        super().__init__(inputs, outputs, **kwargs)

    # Keras rebuilds from its layers only a model whose constructor has Keras's own arguments.
    __init__.__signature__ = inspect.signature(_Functional.__init__)  # type: ignore[attr-defined]


@register
class Sequential(_Keras23, keras.Sequential):
    """`keras.models.Sequential`."""


load_model = load_whole_model


def __getattr__(name: str) -> Any:
    return getattr(keras.models, name)


__all__ = sorted({name for name in dir(keras.models) if not name.startswith("_")})


class _Source:
    """What a model is fed with: a generator of Keras 2.3 as a `tf.data.Dataset`, else as it is.

    Keras takes the sizes of a generator's first batches for those of all; here every size is free.
    """

    def __init__(self, x: Any, steps: int | None, model: Any) -> None:
        self.outputs = getattr(model, "outputs", None) or ()
        self.error: Exception | None = None
        self.batches = x
        self.is_dataset = isinstance(x, tf.data.Dataset)
        if isinstance(x, Iterator) and not isinstance(x, tf.data.Iterator):
            if steps is None:
                raise ValueError(
                    "Expected the number of batches for a generator. Received: "
                    "steps_per_epoch=None. Pass steps_per_epoch=len(generator)."
                )
            self.batches, self.is_dataset = self._dataset(x), True
        elif self.is_dataset and KERAS_3:
            self.batches = _without_name(x)

    def __enter__(self) -> _Source:
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
        """The signature of labels: one class for each text keeps its size of 1."""
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
    """Keras 3 takes the labels of a model's only output as an array, not in a dict of one."""
    parts = dataset.element_spec
    if not isinstance(parts, tuple) or len(parts) < 2:
        return dataset
    if not isinstance(parts[1], dict) or len(parts[1]) != 1:
        return dataset
    [name] = parts[1]
    return dataset.map(lambda x, y, *weights: (x, y[name], *weights))


def _once(batches: Callable[[], Iterator]) -> Callable[[], Iterator]:
    """A second pass goes on where the first stopped: a generator has no way back."""
    iterator = batches()
    return lambda: iterator


def _batch(batch: Any) -> tuple:
    """`(x, y)` or `(x, y, weights)` as tuples of arrays; a `None` at the end is left out."""
    if not isinstance(batch, tuple):
        batch = (batch,)
    parts = [batch[0], *map(_floats, batch[1:])]
    while parts[-1] is None:
        parts.pop()
    return tuple(_as_tuple(part) for part in parts)


def _as_tuple(part: Any) -> Any:
    if isinstance(part, (list, tuple)):
        return tuple(np.asarray(array) for array in part)
    return np.asarray(part)


def _floats(labels: Any) -> Any:
    """Labels as Keras 2.3 had them, in `floatx`: losses and metrics multiply them with scores."""
    if isinstance(labels, (list, tuple)) and any(np.ndim(part) for part in labels):
        return [_floats(part) for part in labels]
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "iubf":
        return labels.astype(keras.backend.floatx(), copy=False)
    return labels


def _arrays(x: Any) -> list | None:
    """The arrays that `x` consists of, or `None` where it is something else."""
    parts = list(x) if isinstance(x, (list, tuple)) else [x]
    return parts if parts and all(isinstance(part, np.ndarray) for part in parts) else None
