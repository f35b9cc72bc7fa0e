"""Saving of a model's weights as one safetensors file that both Keras generations can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.errors import InputError
from gplinker_tf.models.base import RelationModel


def save_weights(model: RelationModel, path: str | Path) -> None:
    """Write the weights of encoder and parts; an old file stays until the new one is complete.

    Weights are named `encoder/<layer>/<number>`, and `entity/<number>` and so on for `model.parts`.
    Layer names and the order within a layer are set by this package, so they do not depend on the
    Keras generation.

    Args:
        model: the model; all layers of its encoder have distinct names.
        path: the file, by convention `model.safetensors`.

    Example:

    >>> import tempfile
    >>> from gplinker_tf.encoders import bert_from_config
    >>> from gplinker_tf.models import GPLinker
    >>> model = GPLinker(bert_from_config({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}), num_predicates=3)
    >>> path = Path(tempfile.mkdtemp()) / "model.safetensors"
    >>> save_weights(model, path)
    >>> load_file(path)["encoder/Embedding-Token/0"].shape
    (100, 8)
    """
    arrays = {
        name: np.ascontiguousarray(variable.numpy())
        for name, variable in named_weights(model).items()
    }
    with whole_file(path) as unfinished:
        unfinished.write_bytes(save(arrays))


def load_weights(model: RelationModel, path: str | Path) -> None:
    """Set the weights of `model` to those in a file.

    Args:
        model: the model.
        path: a file that `save_weights` wrote.

    Raises:
        InputError: the file is missing or damaged, or belongs to a model of another shape; the
            model is then unchanged.

    Example:

    >>> import tempfile
    >>> from gplinker_tf.encoders import bert_from_config
    >>> from gplinker_tf.models import GPLinker
    >>> sizes = {"vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}
    >>> trained, new = (GPLinker(bert_from_config(sizes), num_predicates=3) for _ in range(2))
    >>> path = Path(tempfile.mkdtemp()) / "model.safetensors"
    >>> save_weights(trained, path)
    >>> load_weights(new, path)
    >>> all(map(np.array_equal, new.get_weights(), trained.get_weights()))
    True
    """
    arrays = _read(Path(path))
    weights = named_weights(model)
    fitting = {name: _fitting(arrays, name, weight, path) for name, weight in weights.items()}
    for name, weight in weights.items():
        weight.assign(fitting[name])


def named_weights(model: RelationModel) -> dict[str, Any]:
    """The weights of encoder and parts as Keras variables, by their names in saved files.

    Args:
        model: the model.

    Example:

    >>> from gplinker_tf.encoders import bert_from_config
    >>> from gplinker_tf.models import GPLinker
    >>> model = GPLinker(bert_from_config({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}), num_predicates=3)
    >>> list(named_weights(model))[:2]
    ['encoder/Embedding-Token/0', 'encoder/Embedding-Segment/0']
    """
    parts = [(f"encoder/{layer.name}", layer) for layer in model.encoder.layers]
    parts += [(name, getattr(model, name)) for name in model.parts]
    return {
        f"{prefix}/{number}": weight
        for prefix, layer in parts
        for number, weight in enumerate(layer.weights)
    }


def _read(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        raise InputError(f"Expected the weights of a trained model. No such file: {path}.")
    try:
        return load_file(path)
    except SafetensorError as error:
        raise InputError(
            f"{path}: expected a safetensors file. Received: {error}. The file is damaged or "
            "truncated; train again or copy it again."
        ) from error


def _fitting(arrays: dict[str, np.ndarray], name: str, like: Any, path: str | Path) -> np.ndarray:
    array = arrays.get(name)
    if array is None or array.shape != tuple(like.shape):
        received = "no such tensor" if array is None else f"shape {list(array.shape)}"
        raise InputError(
            f"{path}: expected tensor {name} of shape {list(like.shape)}. Received: {received}. "
            "The weights and the config.json next to them come from different models."
        )
    return array
