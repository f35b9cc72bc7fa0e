"""`bert4keras.backend`: Keras, its backend, and the functions that scripts take from here."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NoReturn

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras import keras
from gplinker_tf.bert4keras.keras import backend as K
from gplinker_tf.bert4keras.keras.backend import flatten, reshape, symbolic, where
from gplinker_tf.bert4keras.names import missing
from gplinker_tf.losses.arguments import expect_shapes
from gplinker_tf.losses.dense import ADVICE
from gplinker_tf.losses.published import sparse_multilabel_categorical_crossentropy

is_tf_keras = True

__all__ = [
    "K",
    "batch_gather",
    "flatten",
    "gelu_erf",
    "gelu_tanh",
    "is_tf_keras",
    "keras",
    "multilabel_categorical_crossentropy",
    "piecewise_linear",
    "reshape",
    "search_layer",
    "sequence_masking",
    "set_gelu",
    "sparse_multilabel_categorical_crossentropy",
    "symbolic",
    "tf",
    "where",
]


def __getattr__(name: str) -> NoReturn:
    missing(__name__, name)


def batch_gather(params: tf.Tensor, indices: tf.Tensor) -> tf.Tensor:
    """Entries of each row: `params[..., indices, :]`, all but the last axis of `indices` shared.

    Args:
        params: `[..., N]` or `[..., N, D]`.
        indices: `[..., M]`, of any type.

    Example:

    >>> batch_gather(tf.constant([[5, 6, 7]]), tf.constant([[2.0, 0.0]])).numpy().tolist()
    [[7, 5]]
    """
    if not indices.dtype.is_integer:
        indices = tf.cast(indices, tf.int32)
    return tf.gather(params, indices, batch_dims=len(indices.shape) - 1)


def multilabel_categorical_crossentropy(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
    """bert4keras's multi-label loss, in its own arithmetic.

        log(1 + sum exp(s + log(1 - y))) + log(1 + sum exp(-s + log y))

    Classes whose score is -inf are left out. `gplinker_tf.losses` has the same loss, exact and
    faster; it differs where labels are on masked classes.

    Args:
        y_true: `[..., C]`, 0 or 1, or between.
        y_pred: `[..., C]`.

    Returns:
        `[...]`.

    Source: https://kexue.fm/archives/7359 and https://kexue.fm/archives/9064.
    """
    arguments = {"y_true": (y_true, "... C"), "y_pred": (y_pred, "... C")}
    expect_shapes("multilabel_categorical_crossentropy", arguments, ADVICE)
    counted = y_pred > -float("inf")
    zero = tf.zeros_like(y_pred[..., :1])

    def log_sum(scores: tf.Tensor, share: tf.Tensor) -> tf.Tensor:
        scores = tf.where(counted, scores, -float("inf")) + tf.math.log(share)
        return tf.reduce_logsumexp(tf.concat([scores, zero], axis=-1), axis=-1)

    return log_sum(y_pred, 1 - y_true) + log_sum(-y_pred, y_true)


def sequence_masking(
    x: tf.Tensor,
    mask: tf.Tensor | None = None,
    value: Any = 0,
    axis: int | list[int] | None = None,
    bias: tf.Tensor | None = None,
    return_mask: bool = False,
) -> Any:
    """Replaces what stands at masked places, or adds to what does not.

    Args:
        x: `[B, ...]`.
        mask: `[B, L]`, true where `x` stays; `None` leaves all.
        value: what takes the place.
        axis: the axis, or the axes, of length `L`; 1 if not given.
        bias: of a shape that goes with `x`: another mask if it is bool, else it is added.
        return_mask: return the mask too, as far as there is one: one that goes with `x`.

    Example:

    >>> x, mask = tf.constant([[1.0, 2.0]]), tf.constant([[True, False]])
    >>> sequence_masking(x, mask, -float("inf"), bias=x).numpy().tolist()
    [[2.0, -inf]]
    """
    mask = None if mask is None else _aligned(mask, axis, len(x.shape))
    if bias is not None and bias.dtype == tf.bool:
        mask = bias if mask is None else mask & bias
    elif bias is not None:
        x = x + bias
    if mask is not None:
        x = K.where(mask, x, value)
    return (x, mask) if return_mask else x


def _aligned(mask: tf.Tensor, axis: int | list[int] | None, rank: int) -> tf.Tensor:
    """A mask `[B, L]` with its second axis at that place of `rank`, or at all of them."""
    joined = None
    for place in axis if isinstance(axis, list) else [1 if axis is None else axis]:
        shape = [1] * rank
        shape[0], shape[place] = tf.shape(mask)[0], tf.shape(mask)[1]
        part = tf.reshape(tf.cast(mask, tf.bool), shape)
        joined = part if joined is None else joined & part
    return joined


def piecewise_linear(t: Any, schedule: dict[int, float], from_zero: bool = True) -> tf.Tensor:
    """A function through points, constant behind the last.

    Args:
        t: where, a number or tensor; steps of training, mostly.
        schedule: place to value.
        from_zero: start with 0 at 0 where the schedule has no value for 0; else with its first.

    Example:

    >>> [float(piecewise_linear(t, {10: 1.0, 20: 0.5})) for t in (0, 5, 10, 15, 30)]
    [0.0, 0.5, 1.0, 0.75, 0.5]
    """
    points = sorted(schedule.items())
    if from_zero and points[0][0] != 0:
        points = [(0, 0.0), *points]
    t = tf.cast(t, K.floatx())
    result = tf.zeros_like(t) + points[0][1]
    for (start, low), (end, high) in pairwise(points):
        line = low + (high - low) / (end - start) * (t - start)
        result = tf.where(t >= start, line, result)
    return tf.where(t >= points[-1][0], tf.cast(points[-1][1], t.dtype), result)


def search_layer(inputs: Any, name: str, exclude_from: set | None = None) -> Any:
    """The layer of that name among those that lead to a tensor or belong to a model, or `None`.

    Args:
        inputs: a layer, a model, or what a layer returned.
        name: of the layer.
        exclude_from: layers behind which nothing is looked for; those that were seen are added.
    """
    seen = set() if exclude_from is None else exclude_from
    known = {id(layer) for layer in seen}
    waiting = [inputs if hasattr(inputs, "weights") else inputs._keras_history[0]]
    while waiting:
        layer = waiting.pop()
        if layer.name == name:
            return layer
        if id(layer) in known:
            continue
        known.add(id(layer))
        seen.add(layer)
        waiting += getattr(layer, "layers", [])
        for node in layer._inbound_nodes:
            tensors = tf.nest.flatten(getattr(node, "input_tensors", []))
            waiting += [tensor._keras_history[0] for tensor in tensors]
    return None


def gelu_erf(x: tf.Tensor) -> tf.Tensor:
    """GELU by the error function."""
    return tf.nn.gelu(x, approximate=False)


def gelu_tanh(x: tf.Tensor) -> tf.Tensor:
    """GELU by its tanh approximation."""
    return tf.nn.gelu(x, approximate=True)


def set_gelu(version: str) -> None:
    """Chooses what `"gelu"` means to models and layers made from now on: "erf" or "tanh".

    Keras 3's own layers, as `Dense`, keep theirs, the erf form.
    """
    functions = {"erf": gelu_erf, "tanh": gelu_tanh}
    if version.lower() not in functions:
        raise ValueError(f"Expected 'erf' or 'tanh'. Received: version={version!r}.")
    keras.utils.get_custom_objects()["gelu"] = functions[version.lower()]
