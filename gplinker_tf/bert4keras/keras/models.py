"""Models that behave as in Keras 2.3, in both generations."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import numpy as np

from gplinker_tf.backend import KERAS_3, keras, register
from gplinker_tf.bert4keras.generations import refuse_two_generations
from gplinker_tf.bert4keras.hdf5_weights import save_model_weights
from gplinker_tf.bert4keras.keras.feeding import Source, floats, sole, without_feeding
from gplinker_tf.bert4keras.saved_weights import load_model_weights
from gplinker_tf.bert4keras.whole_model import load_whole_model, save_whole_model

#: The arguments of `fit_generator` after the first, in order.
OF_FIT_GENERATOR = (
    *("steps_per_epoch", "epochs", "verbose", "callbacks", "validation_data", "validation_steps"),
    *("validation_freq", "class_weight"),
)


class _Keras23(keras.Model):
    """A model as in Keras 2.3: lists as batches, labels as floats, weights under any name."""

    if KERAS_3:

        def compile(self, *args: Any, **kwargs: Any) -> None:
            # Keras 3 would compile the step with XLA, again for each text length.
            super().compile(*args, **{"jit_compile": False, **kwargs})

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile a loaded model, if Keras knows its loss, metrics and optimizer by name."""
        try:
            if KERAS_3:
                # Keras's own method does nothing if `compile` is overridden.
                self.compile(**keras.utils.deserialize_keras_object(config))
                self.optimizer.build(self.trainable_variables)
            else:
                super().compile_from_config(config)
        except (TypeError, ValueError):
            warnings.warn(
                "The model is loaded without loss and optimizer, as Keras does not know them by "
                "name. To train it, call compile, or pass them to load_model as custom_objects.",
                stacklevel=2,
            )

    def fit(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Train as in Keras 2.3: `x` may be a generator of lists, `y` may have integers.

        An error in the generator is raised unchanged.
        """
        kwargs = without_feeding(kwargs)
        source = Source(x, kwargs.get("steps_per_epoch"), self)
        if source.is_dataset:
            kwargs["shuffle"] = False
        if kwargs.get("validation_data") is not None:
            validation = kwargs["validation_data"]
            if not isinstance(validation, (tuple, list)):
                validation = Source(validation, kwargs.get("validation_steps"), self).batches
            elif len(validation) > 1:
                validation = (validation[0], floats(validation[1]), *validation[2:])
            kwargs["validation_data"] = validation
        with source:
            return super().fit(source.batches, floats(y), *args, **kwargs)

    def fit_generator(self, generator: Any, *args: Any, **kwargs: Any) -> Any:
        """Train the model; the older name of `fit`."""
        return self.fit(generator, **dict(zip(OF_FIT_GENERATOR, args, strict=False)), **kwargs)

    def evaluate(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        source = Source(x, kwargs.get("steps"), self)
        with source:
            return super().evaluate(source.batches, floats(y), *args, **kwargs)

    def evaluate_generator(self, generator: Any, steps: int | None = None, **kwargs: Any) -> Any:
        """Evaluate the model, by default silently; the older name of `evaluate`."""
        return self.evaluate(generator, steps=steps, **{"verbose": 0, **without_feeding(kwargs)})

    def predict(self, x: Any, batch_size: int | None = None, verbose: Any = 0, **kwargs: Any):
        """Predict, by default silently; one small batch needs no data pipeline."""
        x = sole(x)
        arrays = _arrays(x)
        if arrays is not None and not kwargs and not verbose and len(arrays[0]) <= 32:
            return self.predict_on_batch(x)
        source = Source(x, kwargs.get("steps"), self)
        with source:
            return super().predict(source.batches, batch_size, verbose=verbose, **kwargs)

    def predict_generator(self, generator: Any, steps: int | None = None, **kwargs: Any) -> Any:
        """Predict; the older name of `predict`."""
        return self.predict(generator, steps=steps, **without_feeding(kwargs))

    def train_on_batch(self, x: Any, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        return super().train_on_batch(sole(x), floats(y), *args, **kwargs)

    def test_on_batch(self, x: Any, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        return super().test_on_batch(sole(x), floats(y), *args, **kwargs)

    def save(self, filepath: Any, overwrite: bool = True, **kwargs: Any) -> None:
        """Save layers and weights to a file of any name, which `load_model` reads."""
        save_whole_model(super().save, filepath, overwrite)

    def save_weights(self, filepath: Any, overwrite: bool = True, **kwargs: Any) -> None:
        """Save all weights in Keras 2's HDF5 layout to a file of any name.

        The file appears only once complete. Keras 2.3, legacy Keras and this package can read it.
        """
        save_model_weights(self, filepath, overwrite)

    def load_weights(self, filepath: Any, by_name: bool = False, **kwargs: Any) -> None:
        """Load weights that Keras 2 or bert4keras saved: HDF5 or a TensorFlow checkpoint.

        Args:
            filepath: the file, or the prefix of a checkpoint; recognized by content.
            by_name: load only the layers that the file names.

        Raises:
            InputError: the weights do not fit; the message names the first layer that differs.
        """
        load_model_weights(self, filepath, by_name)


@register
class Model(_Keras23):
    """`keras.models.Model`, for `Model(inputs, outputs)` and for subclasses."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Model and (args or "inputs" in kwargs):
            refuse_two_generations()
            return FunctionalModel.__new__(FunctionalModel, *args, **kwargs)
        return super().__new__(cls, *args, **kwargs)


def _functional_class() -> type:
    """Return Keras's class of functional models, which has no public name."""
    tensor = keras.Input([1])
    return type(keras.Model(tensor, tensor))


_Functional: Any = _functional_class()


@register
class FunctionalModel(Model, _Functional):
    """The model that `Model(inputs, outputs)` makes; a list of one tensor counts as the tensor."""

    def __init__(self, inputs: Any, outputs: Any, **kwargs: Any) -> None:
        super().__init__(sole(inputs), sole(outputs), **kwargs)

    # Keras rebuilds a model from its layers only if the constructor has Keras's own arguments.
    __init__.__signature__ = inspect.signature(_Functional.__init__)  # type: ignore[attr-defined]


@register
class Sequential(_Keras23, keras.Sequential):
    """`keras.models.Sequential`."""


load_model = load_whole_model


def __getattr__(name: str) -> Any:
    return getattr(keras.models, name)


__all__ = sorted({name for name in dir(keras.models) if not name.startswith("_")})


def _arrays(x: Any) -> list | None:
    """Return the arrays that `x` consists of, or `None` if it is anything else."""
    parts = list(x) if isinstance(x, (list, tuple)) else [x]
    return parts if parts and all(isinstance(part, np.ndarray) for part in parts) else None
