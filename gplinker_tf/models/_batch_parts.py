"""What a batch is made of - inputs, labels, weights - checked as soon as its shapes are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gplinker_tf.backend import tf

INPUTS = ("token_ids", "segment_ids")


def model_inputs(inputs: Any, *more: str) -> list[tf.Tensor]:
    """The inputs in the order of their names: token ids, segment ids, and what else is given.

    Args:
        inputs: `[token_ids, segment_ids]`, or a dict of them by name, int `[B, L]` each; or token
            ids alone, whose segment ids are 0.
        *more: names of inputs that may follow.

    Raises:
        ValueError: they are others, or of another shape.

    Example:

    >>> [part.numpy().tolist() for part in model_inputs({"token_ids": [[2, 7, 3]]})]
    [[[2, 7, 3]], [[0, 0, 0]]]
    """
    names = (*INPUTS, *more)
    given = _by_name(inputs, names)
    if "token_ids" not in given or len(given) > len(names) or not set(given) <= set(names):
        received = (
            sorted(map(str, given)) if isinstance(inputs, Mapping) else f"{len(given)} of them"
        )
        raise ValueError(
            f"Expected inputs {' and '.join(INPUTS)}, int [B, L], in this order or as a dict of "
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
    """The labels of a batch, each in its own dtype.

    Args:
        labels: a dict of tensors.
        arrays: dtype and shape of each, as a target builder has them; `None` is any size.

    Raises:
        ValueError: it is no dict, a label is missing or unknown, or has another shape.

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
        "target_builder makes them from quintuples; TrainingBatches makes whole batches."
    )


def _in_words(shape: Any) -> str:
    return f"[{', '.join('any' if size is None else str(size) for size in shape)}]"


def text_weights(weight: Any, parts: Sequence[str]) -> dict[str, tf.Tensor | None]:
    """The weight of each text in each part of the loss: float32 `[B]`, or `None`, which is 1.

    Args:
        weight: `None`; one weight per text, `[B]` or `[B, 1]`; or a dict of such by the names of
            the labels, which is what Keras 3 makes of one. A part of the loss has the weight of
            the label of its name, else of the first.
        parts: the names of the loss's parts.

    Raises:
        ValueError: a weight has another shape.

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
