"""The parts of a batch (inputs, labels, weights), checked as soon as their shapes are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gplinker_tf.backend import tf

INPUTS = ("token_ids", "segment_ids")


def model_inputs(inputs: Any, *more: str) -> list[tf.Tensor]:
    """Return the inputs in a fixed order: token ids, segment ids, then any further inputs.

    Args:
        inputs: `[token_ids, segment_ids]`, or a dict of them by name, int `[B, L]` each; or token
            ids alone, in which case the segment ids are 0.
        *more: the names of optional further inputs.

    Raises:
        ValueError: an input is missing or unknown, or has the wrong shape.

    Example:

    >>> [part.numpy().tolist() for part in model_inputs({"token_ids": [[2, 7, 3]]})]
    [[[2, 7, 3]], [[0, 0, 0]]]
    """
    names = (*INPUTS, *more)
    given = _by_name(inputs, names)
    if "token_ids" not in given or len(given) > len(names) or not set(given) <= set(names):
        received = (
            sorted(map(str, given)) if isinstance(inputs, Mapping) else f"{len(given)} inputs"
        )
        raise ValueError(
            f"Expected inputs {' and '.join(INPUTS)}, int [B, L], in this order or as a dict with "
            f"these names{f', and optionally {more[0]}' if more else ''}. Received: {received}."
        )
    tensors = {name: tf.convert_to_tensor(value) for name, value in given.items()}
    token_ids = tensors["token_ids"]
    segment_ids = tensors.setdefault("segment_ids", tf.zeros_like(token_ids))
    if token_ids.shape.rank not in (None, 2) or not token_ids.shape.is_compatible_with(
        segment_ids.shape
    ):
        raise ValueError(
            "Expected token_ids and segment_ids of the same shape [B, L]. Received: "
            f"token_ids={token_ids.shape}, segment_ids={segment_ids.shape}. A single text is a "
            "batch of one, [1, L]."
        )
    return [tensors[name] for name in names if name in tensors]


def _by_name(inputs: Any, names: Sequence[str]) -> dict[str, Any]:
    if isinstance(inputs, Mapping):
        return dict(inputs)
    if isinstance(inputs, (list, tuple)):
        surplus = [f"number {number}" for number in range(len(names), len(inputs))]
        return dict(zip([*names, *surplus], inputs, strict=False))
    return {"token_ids": inputs}


def batch_labels_of(labels: Any, arrays: Mapping[str, tuple]) -> dict[str, tf.Tensor]:
    """Return the labels of a batch, each cast to its dtype.

    Args:
        labels: a dict of tensors.
        arrays: the dtype and shape of each, as in a target builder; `None` stands for any size.

    Raises:
        ValueError: the labels are not a dict, or one is missing, unknown or of the wrong shape.

    Example:

    >>> arrays = {"links": (np.int32, (None, None, 4))}
    >>> batch_labels_of({"links": np.zeros([1, 2, 4])}, arrays)["links"].dtype
    tf.int32
    """
    if not isinstance(labels, Mapping):
        _refuse_labels(arrays, "no labels" if labels is None else type(labels).__name__)
    if set(labels) != set(arrays):
        _refuse_labels(arrays, f"a dict of {', '.join(map(str, labels)) or 'nothing'}")
    tensors = {name: tf.convert_to_tensor(labels[name]) for name in arrays}
    for name, (_, shape) in arrays.items():
        if not tensors[name].shape.is_compatible_with(shape):
            _refuse_labels(arrays, f"{name} of shape {_in_words(tensors[name].shape)}")
    return {name: tf.cast(tensors[name], dtype) for name, (dtype, _) in arrays.items()}


def _refuse_labels(arrays: Mapping[str, tuple], received: str) -> None:
    expected = ", ".join(
        f"{name} {np.dtype(dtype).name} {_in_words(shape)}"
        for name, (dtype, shape) in arrays.items()
    )
    raise ValueError(
        f"Expected labels as a dict: {expected}. Received: {received}. The model's "
        "target_builder makes labels from quintuples; TrainingBatches makes complete batches."
    )


def _in_words(shape: Any) -> str:
    return f"[{', '.join('any' if size is None else str(size) for size in shape)}]"


def text_weights(weight: Any, parts: Sequence[str]) -> dict[str, tf.Tensor | None]:
    """Return the text weights for each part of the loss: float32 `[B]`, or `None` for all 1.

    Args:
        weight: `None`; one weight per text, `[B]` or `[B, 1]`; or a dict of such weights by label
            name, which Keras 3 makes from a single one. A part of the loss uses the weight of the
            label with the same name, or else the first weight.
        parts: the names of the parts of the loss.

    Raises:
        ValueError: a weight has the wrong shape.

    Example:

    >>> text_weights([[1.0], [0.5]], ["tags"])["tags"].numpy()
    array([1. , 0.5], dtype=float32)
    """
    if not isinstance(weight, Mapping):
        return dict.fromkeys(parts, _of_texts(weight))
    first = next(iter(weight.values()))
    return {name: _of_texts(weight.get(name, first)) for name in parts}


def _of_texts(weight: Any) -> tf.Tensor | None:
    if weight is None:
        return None
    weight = tf.cast(weight, tf.float32)
    rank = weight.shape.rank
    if rank not in (None, 1) and (rank != 2 or weight.shape[1] not in (None, 1)):
        raise ValueError(
            "Expected one weight per text, [B]. Received: sample_weight of shape "
            f"{_in_words(weight.shape)}. To leave out tokens, leave out their labels."
        )
    return tf.reshape(weight, [-1])
