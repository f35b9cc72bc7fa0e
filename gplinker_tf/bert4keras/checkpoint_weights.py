"""Loading and saving of a `Transformer`'s weights as checkpoints with Google's names."""

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

#: Prefix of the modules whose mappings name every tensor of a family.
PACKAGE = "gplinker_tf."

SEGMENTS = "embeddings/token_type_embeddings"


class CheckpointWeights(NamedLayers):
    """Abstract: loads the layers of a model from a checkpoint, and saves them as one.

    A subclass defines `variable_mapping`. If the checkpoint stores a tensor in another form than
    the layer, the subclass also extends `load_variable` and `create_variable`.

    Source: bert4keras 0.11.5, `models.Transformer`.
    """

    hidden_act: Any
    keep_tokens: list[int] | None
    compound_tokens: list | None
    ignore_invalid_weights: bool
    autoresize_weights: bool
    _opened: tuple[Any, Checkpoint] | None = None

    def variable_mapping(self) -> dict[str, list[str]]:
        """Return the tensors of a checkpoint that fill each layer."""
        return {}

    def load_embeddings(self, embeddings: np.ndarray) -> np.ndarray:
        """Return a checkpoint's table for this vocabulary: the kept rows, then the compounds.

        Raises:
            InputError: `keep_tokens` or `compound_tokens` has an id outside the table.
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
        """Return a checkpoint's tensor by its name in Google's checkpoint.

        Args:
            checkpoint: a path, or a dict from names to arrays.
            name: the tensor's name.

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
        """Return the variable that represents a tensor in a checkpoint, and its value.

        Args:
            name: the tensor's name.
            value: the value in the layer.
            dtype: the tensor's dtype; defaults to Keras's `floatx`.
        """
        value = np.asarray(value)
        return tf.Variable(value, dtype=dtype or keras.backend.floatx(), name=name), value

    def load_weights_from_checkpoint(
        self, checkpoint: str | Path | dict, mapping: dict[str, list[str]] | None = None
    ) -> None:
        """Load the layers' weights from a checkpoint in Google's or Hugging Face's format.

        Args:
            checkpoint: its path, or a dict from names to arrays.
            mapping: replaces `variable_mapping()`.

        Raises:
            InputError: the checkpoint lacks a tensor, has it in another shape, or is of another
                family. No weight is changed.
        """
        values = []
        try:
            for layer, number, weight, tensor in self.filled(mapping):
                array = self._value(checkpoint, tensor, (layer, number, weight))
                if array is not None:
                    values.append((weight, array))
            # A user's own mapping may leave out any tensor.
            if mapping is None and type(self).variable_mapping.__module__.startswith(PACKAGE):
                self._refuse_foreign(checkpoint)
        finally:
            self._opened = None
        for weight, array in values:
            weight.assign(array)

    def save_weights_as_checkpoint(
        self, filename: str | Path, mapping: dict[str, list[str]] | None = None, dtype: Any = None
    ) -> None:
        """Save the layers in the mapping as a checkpoint that bert4keras and others can read.

        Args:
            filename: the prefix of the checkpoint, `.../bert_model.ckpt`.
            mapping: replaces `variable_mapping()`.
            dtype: the tensors' dtype; defaults to Keras's `floatx`.

        Raises:
            InputError: the folder does not exist.
            ValueError: two weights map to the same tensor.
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
                    f"one for {name}. Pass a mapping with unique names, or use save_weights."
                )
            tensors[name] = tf.cast(value, variable.dtype)
        tf.raw_ops.SaveV2(
            prefix=str(filename),
            tensor_names=list(tensors),
            shape_and_slices=[""] * len(tensors),
            tensors=list(tensors.values()),
        )

    def filled(self, mapping: dict[str, list[str]] | None = None) -> Iterator[tuple]:
        """Yield the layer, index in the layer, variable and tensor name of each weight.

        Args:
            mapping: replaces `variable_mapping()`.
        """
        for name, tensors in (mapping or self.variable_mapping()).items():
            layer = self.layers.get(self.prefixed(name) or name)
            weights = list(getattr(layer, "weights", ()))
            # The order of GAU-alpha's mapping differs from that of bert4keras 0.11.5's layer.
            by_part = {tuple(tensor.split("/")[-2:]): tensor for tensor in tensors}
            parts = [_part(weight) for weight in weights]
            if all(part in by_part for part in parts):
                tensors = [by_part[part] for part in parts]
            for number, (weight, tensor) in enumerate(zip(weights, tensors, strict=False)):
                yield layer, number, weight, tensor

    def _value(self, checkpoint: Any, name: str, place: tuple) -> np.ndarray | None:
        """Return the value of a weight, or `None` if the checkpoint may lack it."""
        layer, number, weight = place
        shape, where = tuple(weight.shape), _where(checkpoint)
        try:
            array = self.load_variable(checkpoint, name)
        except KeyError:
            if self.ignore_invalid_weights:
                return None
            raise InputError(
                f"{where}: Expected {name} of shape {shape}. The checkpoint has no such tensor. "
                "Does it belong to this model, with as many layers as in its configuration?"
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
        """Raise InputError if no layer takes a checkpoint tensor, except in further blocks."""
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
                f"{unread[0]} too, which no layer takes. Choose the model= that matches the "
                "checkpoint, or ignore such tensors with ignore_invalid_weights=True."
            )


def _where(checkpoint: Any) -> Any:
    return "the dict" if isinstance(checkpoint, dict) else checkpoint


def _part(weight: Any) -> tuple[str, ...]:
    """Return the last two parts of a weight's name, such as `("i_dense", "kernel")`."""
    path = getattr(weight, "path", weight.name)
    return tuple(path.removesuffix(":0").split("/")[-2:])
