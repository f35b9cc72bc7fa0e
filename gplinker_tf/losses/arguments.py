"""Checks of loss arguments: shapes, dtypes and the range of positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gplinker_tf.backend import tf

#: Advice if targets for every token pair are given instead of positions.
PAIR_ADVICE = (
    "For targets at every pair, [B, H, L, L], use multilabel_categorical_crossentropy: reshape "
    "targets and logits to [B, H, L * L]."
)
CLASS_ADVICE = (
    "For targets of every class, [..., C], use multilabel_categorical_crossentropy; for (start, "
    "end) pairs, [B, H, K, 2], globalpointer_crossentropy."
)
WAY_OUT = "Fix the label or leave it out."


def expect_shapes(
    loss: str, arguments: dict[str, tuple[Any, str]], advice: str, positions: str | None = None
) -> None:
    """Check static shapes while the loss is traced, before anything runs.

    Args:
        loss: the name of the loss.
        arguments: the value and the shape pattern of each argument: a letter stands for the same
            size everywhere, a number for itself, and `...` for the same leading axes everywhere.
        advice: a hint which loss to use for other shapes.
        positions: the name of the argument with positions, which can't be bool.

    Raises:
        ValueError: a rank, a size or a dtype is wrong.

    Example:

    >>> expect_shapes("my_loss", {"y_true": ([[1, 2, 3]], "B 2")}, "Drop a column.")
    Traceback (most recent call last):
    ValueError: my_loss: Expected y_true [B, 2]. Received: y_true [1, 3]. Drop a column.
    """
    shapes = {name: static_shape(value) for name, (value, _) in arguments.items()}
    known: dict[str, Any] = {}
    right = all(
        _fits(shapes[name], pattern.split(), known) for name, (_, pattern) in arguments.items()
    )
    if right and (positions is None or not _is_bool(arguments[positions][0])):
        return
    expected = " and ".join(
        f"{name} [{', '.join(pattern.split())}]" for name, (_, pattern) in arguments.items()
    )
    received = ", ".join(f"{name} {_in_words(shape)}" for name, shape in shapes.items())
    if right:
        received += f", {positions} of dtype bool"
    raise ValueError(f"{loss}: Expected {expected}. Received: {received}. {advice}")


def expect_class_numbers(loss: str, y_true: Any, y_pred: Any) -> None:
    """Check the arguments of a loss that takes target classes by index.

    Raises:
        ValueError: a shape is wrong, or there are as many targets as classes, as if multi-hot.
    """
    arguments = {"y_true": (y_true, "... K"), "y_pred": (y_pred, "... C")}
    expect_shapes(loss, arguments, CLASS_ADVICE, positions="y_true")
    listed, classes = (static_shape(value) for value in (y_true, y_pred))
    # With up to two classes the two forms can't be told apart, and as many targets are plausible.
    if listed and classes and listed[-1] == classes[-1] and (classes[-1] or 0) > 2:
        raise ValueError(
            f"{loss}: Expected y_true with classes by index. Received: {classes[-1]} classes and "
            f"y_true {_in_words(listed)}, which looks multi-hot. {CLASS_ADVICE} For classes by "
            "index, repeat one: repeated classes count once."
        )


def inside(
    loss: str,
    names: str,
    positions: tf.Tensor,
    below: Sequence[tf.Tensor | int],
    valid: tf.Tensor | None = None,
) -> tf.Tensor:
    """Check that positions are in range and return bool `[B, ...]`, whether each one is.

    A loss drops those that are not, because XLA removes assertions from the code it compiles.

    Args:
        loss: the name of the loss.
        names: the names of the numbers in a position, for the message.
        positions: int `[B, ..., k]`.
        below: the exclusive upper limit of each of the `k` numbers.
        valid: bool `[B, ...]`, a further condition, or `None`.

    Raises:
        ValueError: a position is out of range, in eager mode; the message names it and its text.
        tf.errors.InvalidArgumentError: the same in a graph that XLA does not compile.

    Example:

    >>> inside("my_loss", "classes", tf.constant([[[1], [9]]]), [6])
    Traceback (most recent call last):
    ValueError: my_loss: Expected classes >= 0 and < [6]. Received: [9] in text 0. Fix \
the label or leave it out.
    """
    limits = tf.stack([tf.cast(size, tf.int32) for size in below])
    right = tf.reduce_all((positions >= 0) & (positions < limits), axis=-1)
    if valid is not None:
        right &= valid
    flat = tf.concat([tf.cast(tf.reshape(right, [-1]), tf.int32), [1]], axis=0)
    number = tf.argmin(flat, output_type=tf.int32)
    positions_of_a_text = tf.size(right) // tf.maximum(tf.shape(right)[0], 1)
    text = number // tf.maximum(positions_of_a_text, 1)
    position = tf.reshape(positions, [-1, tf.size(limits)])[number : number + 1]
    expected = f"{loss}: Expected {names} >= 0 and <"
    if not tf.executing_eagerly():
        # Not `tf.debugging.Assert`, which adds a conditional that TensorFlow warns about.
        data = [expected, limits, ". Received:", position, "in text", text, WAY_OUT]
        tf.raw_ops.Assert(condition=tf.reduce_all(right), data=data, summarize=len(names))
    elif not np.all(right):
        limits, [position], text = (part.numpy().tolist() for part in (limits, position, text))
        raise ValueError(f"{expected} {limits}. Received: {position} in text {text}. {WAY_OUT}")
    return right


def pairs_inside(loss: str, pairs: Any, length: tf.Tensor | int) -> tf.Tensor:
    """Check (start, end) pairs `[B, H, K, 2]`; return int32, with (0, 0) for those out of range."""
    pairs = tf.cast(pairs, tf.int32)
    right = inside(loss, "(start, end)", pairs, [length, length])
    return tf.where(right[..., None], pairs, 0)


def cells_and_scores(loss: str, y_true: Any, y_pred: Any) -> tuple[tf.Tensor, tf.Tensor]:
    """Check pairs and logits, and return pairs as cell indices and logits as rows.

    Args:
        loss: the name of the loss.
        y_true: integer `[B, H, K, 2]`; (0, 0) pads.
        y_pred: logits `[B, H, L, L]`.

    Returns:
        int32 `[B, H, K]`, 0 for a pair out of range, and float32 `[B, H, L * L]`.

    Raises:
        ValueError, tf.errors.InvalidArgumentError: as in `expect_shapes` and `inside`.
    """
    arguments = {"y_true": (y_true, "B H K 2"), "y_pred": (y_pred, "B H L L")}
    expect_shapes(loss, arguments, PAIR_ADVICE, positions="y_true")
    samples, labels, length, _ = tf.unstack(tf.shape(y_pred))
    pairs = pairs_inside(loss, y_true, length)
    scores = tf.reshape(tf.cast(y_pred, tf.float32), [samples, labels, length * length])
    return pairs[..., 0] * length + pairs[..., 1], scores


def static_shape(value: Any) -> tuple[int | None, ...] | None:
    """Return the static shape of a value; `None` for an unknown rank."""
    shape = tf.TensorShape(value.shape if hasattr(value, "shape") else np.shape(value))
    return None if shape.rank is None else tuple(shape.as_list())


def _fits(shape: tuple | None, axes: list[str], known: dict[str, int]) -> bool:
    """Return whether a shape matches these axes; sizes are recorded in `known`."""
    if shape is None:
        return True
    if axes[0] == "...":
        leading = len(shape) - len(axes) + 1
        if known.setdefault("...", leading) != leading:
            return False
        axes = [*(f"axis {number}" for number in range(leading)), *axes[1:]]
    return len(axes) == len(shape) and all(
        size is None or size == (int(axis) if axis.isdigit() else known.setdefault(axis, size))
        for axis, size in zip(axes, shape, strict=True)
    )


def _is_bool(value: Any) -> bool:
    dtype = value.dtype if hasattr(value, "dtype") else np.asarray(value).dtype
    return tf.as_dtype(dtype) == tf.bool


def _in_words(shape: tuple | None) -> str:
    if shape is None:
        return "of unknown rank"
    return f"[{', '.join('?' if size is None else str(size) for size in shape)}]"
