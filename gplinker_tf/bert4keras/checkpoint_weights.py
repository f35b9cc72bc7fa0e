"""The weights of a `Transformer` from and to checkpoints under Google's names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.named_layers import NamedLayers
from gplinker_tf.bert4keras.resized_weights import resized
from gplinker_tf.encoders.checkpoints.base import Checkpoint
from gplinker_tf.encoders.checkpoints.loading import open_checkpoint
from gplinker_tf.encoders.checkpoints.names import google_name, unread_names
from gplinker_tf.errors import InputError

#: Beginning of the modules whose mappings name every tensor of a family.
PACKAGE = "gplinker_tf."

SEGMENTS = "embeddings/token_type_embeddings"


class CheckpointWeights(NamedLayers):
    """Abstract: fills the layers of a model from a checkpoint, and writes them as one.

    A subclass has `variable_mapping`. One that stores a tensor in another form than its layer
    extends `load_variable` and `create_variable`.

    Source: bert4keras 0.11.5, `models.Transformer`.
    """

    hidden_act: Any
    keep_tokens: list[int] | None
    compound_tokens: list | None
    ignore_invalid_weights: bool
    autoresize_weights: bool
    _opened: tuple[Any, Checkpoint] | None = None

    def variable_mapping(self) -> dict[str, list[str]]:
        """The tensors of a checkpoint that fill each layer."""
        return {}

    def load_embeddings(self, embeddings: np.ndarray) -> np.ndarray:
        """A checkpoint's table as this vocabulary has it: rows kept, and rows of compounds.

        Raises:
            InputError: `keep_tokens` or `compound_tokens` has an id that the table does not have.
        """
        embeddings = np.asarray(embeddings, keras.backend.floatx())
        try:
            if self.keep_tokens is not None:
                embeddings = embeddings[self.keep_tokens]
            compounds = []
            for item in self.compound_tokens or ():
                ids, weights = (item, None) if isinstance(item, list) else item
                compounds.append(np.average(embeddings[ids], axis=0, weights=weights))
        except IndexError as error:
            raise InputError(
                f"Expected ids of a vocabulary of {len(embeddings)} tokens in keep_tokens and "
                f"compound_tokens. Received: {error}. Use the vocabulary of the checkpoint."
            ) from None
        return np.concatenate([embeddings, compounds]) if compounds else embeddings

    def load_variable(self, checkpoint: Any, name: str) -> np.ndarray:
        """A tensor of a checkpoint, by its name in Google's.

        Args:
            checkpoint: a path, or a dict from names to arrays.
            name: of the tensor.

        Raises:
            KeyError: the checkpoint has no such tensor.
        """
        if isinstance(checkpoint, dict):
            return checkpoint[name]
        array = self._reader(checkpoint).read(name)
        if array is None:
            raise KeyError(name)
        return array

    def _reader(self, path: Any) -> Checkpoint:
        if self._opened is None or self._opened[0] != path:
            self._opened = (path, open_checkpoint(path))
        return self._opened[1]

    def create_variable(self, name: str, value: np.ndarray, dtype: Any = None) -> tuple:
        """The variable that stands for a tensor in a checkpoint, and its value.

        Args:
            name: of the tensor.
            value: as the layer has it.
            dtype: of the tensor; Keras's `floatx` if not given.
        """
        value = np.asarray(value)
        return tf.Variable(value, dtype=dtype or keras.backend.floatx(), name=name), value

    def load_weights_from_checkpoint(
        self, checkpoint: str | Path | dict, mapping: dict[str, list[str]] | None = None
    ) -> None:
        """Fills the layers from a checkpoint of Google's or Hugging Face's.

        Args:
            checkpoint: its path, or a dict from names to arrays.
            mapping: in place of `variable_mapping()`.

        Raises:
            InputError: it lacks a tensor, has it in another shape, or is of another family. No
                weight is changed.
        """
        values = []
        try:
            for layer, number, weight, tensor in self.filled(mapping):
                array = self._value(checkpoint, tensor, (layer, number, weight))
                if array is not None:
                    values.append((weight, array))
            # A mapping of the user's own may leave out what it wants.
            if mapping is None and type(self).variable_mapping.__module__.startswith(PACKAGE):
                self._refuse_foreign(checkpoint)
        finally:
            self._opened = None
        for weight, array in values:
            weight.assign(array)

    def save_weights_as_checkpoint(
        self, filename: str | Path, mapping: dict[str, list[str]] | None = None, dtype: Any = None
    ) -> None:
        """Writes the layers that have a place in a checkpoint, which bert4keras and others read.

        Args:
            filename: the prefix of the checkpoint, `.../bert_model.ckpt`.
            mapping: in place of `variable_mapping()`.
            dtype: of the tensors; Keras's `floatx` if not given.

        Raises:
            InputError: there is no such folder.
            ValueError: two weights are for the same tensor.
        """
        if not Path(filename).parent.is_dir():
            raise InputError(f"{filename}: Expected a folder that exists. Create it first.")
        tensors: dict[str, tf.Tensor] = {}
        for layer, _, weight, tensor in self.filled(mapping):
            variable, value = self.create_variable(tensor, weight.numpy(), dtype)
            name = variable.name.removesuffix(":0")
            if name in tensors:
                raise ValueError(
                    f"Expected one weight for each tensor. Received: {layer.name} as the second "
                    f"one for {name}. Pass a mapping with names of its own, or use save_weights."
                )
            tensors[name] = tf.cast(value, variable.dtype)
        tf.raw_ops.SaveV2(
            prefix=str(filename),
            tensor_names=list(tensors),
            shape_and_slices=[""] * len(tensors),
            tensors=list(tensors.values()),
        )

    def filled(self, mapping: dict[str, list[str]] | None = None) -> Iterator[tuple]:
        """Layer, number of the weight in it, weight and name of its tensor, for each weight.

        Args:
            mapping: in place of `variable_mapping()`.
        """
        for name, tensors in (mapping or self.variable_mapping()).items():
            layer = self.layers.get(self.prefixed(name) or name)
            weights = list(getattr(layer, "weights", ()))
            # GAU-alpha's mapping has another order than the layer of bert4keras 0.11.5.
            by_part = {tuple(tensor.split("/")[-2:]): tensor for tensor in tensors}
            parts = [_part(weight) for weight in weights]
            if all(part in by_part for part in parts):
                tensors = [by_part[part] for part in parts]
            for number, (weight, tensor) in enumerate(zip(weights, tensors, strict=False)):
                yield layer, number, weight, tensor

    def _value(self, checkpoint: Any, name: str, place: tuple) -> np.ndarray | None:
        """The value of a weight, or `None` where the checkpoint may go without."""
        layer, number, weight = place
        shape, where = tuple(weight.shape), _where(checkpoint)
        try:
            array = self.load_variable(checkpoint, name)
        except KeyError:
            if self.ignore_invalid_weights:
                return None
            raise InputError(
                f"{where}: Expected {name} of shape {shape}. The checkpoint has no such tensor. "
                "Is it of this model, with as many layers as in its configuration?"
            ) from None
        if tuple(array.shape) == shape:
            return array
        if self.autoresize_weights:
            return resized(array, shape, layer, number, self.hidden_act)
        raise InputError(
            f"{where}: Expected {name} of shape {shape}. Received: shape {tuple(array.shape)}. "
            "Use the configuration file, vocabulary and model= that belong to the checkpoint."
        )

    def _refuse_foreign(self, checkpoint: Any) -> None:
        """Raises where the checkpoint has tensors of a block that no layer takes."""
        if isinstance(checkpoint, dict):
            stored = {google_name(name) for name in checkpoint}
        else:
            stored = self._reader(checkpoint).names()
        # A model may be built without segments.
        read = {google_name(tensor) for *_, tensor in self.filled()} | {SEGMENTS}
        unread = unread_names(stored, read)
        if unread and not self.ignore_invalid_weights:
            raise InputError(
                f"{_where(checkpoint)}: Expected the tensors of {type(self).__name__}. Received: "
                f"{unread[0]} too, which no layer takes. Choose the model= that the checkpoint "
                "belongs to, or leave such tensors out with ignore_invalid_weights=True."
            )


def _where(checkpoint: Any) -> Any:
    return "the dict" if isinstance(checkpoint, dict) else checkpoint


def _part(weight: Any) -> tuple[str, ...]:
    """`("i_dense", "kernel")`: the last two names of a weight."""
    path = getattr(weight, "path", weight.name)
    return tuple(path.removesuffix(":0").split("/")[-2:])
