"""What every loss expects of its arguments: their shapes and dtypes, and positions inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gplinker_tf.backend import tf

#: What is meant by targets at every token pair where positions belong.
PAIR_ADVICE = (
    "Targets at every pair, [B, H, L, L], are for multilabel_categorical_crossentropy: reshape "
    "targets and logits to [B, H, L * L]."
)
CLASS_ADVICE = (
    "Targets of every class, [..., C], are for multilabel_categorical_crossentropy; (start, end) "
    "pairs, [B, H, K, 2], for globalpointer_crossentropy."
)
WAY_OUT = "Fix the label or leave it out."


def expect_shapes(
    loss: str, arguments: dict[str, tuple[Any, str]], advice: str, positions: str | None = None
) -> None:
    """Check shapes as far as they are known: while the loss is traced, before anything runs.

    Args:
        loss: its name.
        arguments: by name, the value and its shape: a letter stands for the same size everywhere,
            a number for itself, `...` for any leading axes, the same everywhere.
        advice: which loss is meant for other shapes.
        positions: the argument that holds positions, which can't be bool.

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
        ValueError: a shape is wrong, or there are as many targets as classes: they are multi-hot.
    """
    arguments = {"y_true": (y_true, "... K"), "y_pred": (y_pred, "... C")}
    expect_shapes(loss, arguments, CLASS_ADVICE, positions="y_true")
    listed, classes = (static_shape(value) for value in (y_true, y_pred))
    # Up to two classes the two can't be told apart; so many distinct ones are listed in earnest.
    if listed and classes and listed[-1] == classes[-1] and (classes[-1] or 0) > 2:
        raise ValueError(
            f"{loss}: Expected fewer targets than the {classes[-1]} classes, or more. Received: "
            f"y_true {_in_words(listed)}, as many, so it looks multi-hot. {CLASS_ADVICE} For "
            "classes by index, repeat one: repeated classes count once."
        )


def inside(
    loss: str,
    names: str,
    positions: tf.Tensor,
    below: Sequence[tf.Tensor | int],
    valid: tf.Tensor | None = None,
) -> tf.Tensor:
    """Check that positions are inside; bool `[B, ...]`, which of them are.

    A loss drops those that are not: XLA leaves assertions out of what it compiles.

    Args:
        loss: the name of the loss.
        names: what the numbers of a position are, for the message.
        positions: int `[B, ..., k]`.
        below: for each of the `k` numbers, what it is below.
        valid: bool `[B, ...]`, what must hold besides, or `None`.

    Raises:
        ValueError: eagerly, a position is outside; the message names it and its text.
        tf.errors.InvalidArgumentError: the same in a graph that XLA does not compile.

    Example:

    >>> inside("my_loss", "classes", tf.constant([[[1], [9]]]), [6])
    Traceback (most recent call last):
    ValueError: my_loss: Expected classes from 0 and below [6]. Received: [9] in text 0. Fix \
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
    expected = f"{loss}: Expected {names} from 0 and below"
    if not tf.executing_eagerly():
        # Without the guard of `tf.debugging.Assert`, a conditional about which TensorFlow warns.
        data = [expected, limits, ". Received:", position, "in text", text, WAY_OUT]
        tf.raw_ops.Assert(condition=tf.reduce_all(right), data=data, summarize=len(names))
    elif not np.all(right):
        limits, [position], text = (part.numpy().tolist() for part in (limits, position, text))
        raise ValueError(f"{expected} {limits}. Received: {position} in text {text}. {WAY_OUT}")
    return right


def pairs_inside(loss: str, pairs: Any, length: tf.Tensor | int) -> tf.Tensor:
    """Check (start, end) pairs `[B, H, K, 2]` of `length` tokens; int32, (0, 0) for one outside."""
    pairs = tf.cast(pairs, tf.int32)
    right = inside(loss, "(start, end)", pairs, [length, length])
    return tf.where(right[..., None], pairs, 0)


def cells_and_scores(loss: str, y_true: Any, y_pred: Any) -> tuple[tf.Tensor, tf.Tensor]:
    """Pairs as cells of a row of logits, both checked.

    Args:
        loss: the name of the loss.
        y_true: integer `[B, H, K, 2]`; (0, 0) pads.
        y_pred: logits `[B, H, L, L]`.

    Returns:
        int32 `[B, H, K]`, 0 for a pair outside, and float32 `[B, H, L * L]`.

    Raises:
        ValueError, tf.errors.InvalidArgumentError: as for `expect_shapes` and `inside`.
    """
    arguments = {"y_true": (y_true, "B H K 2"), "y_pred": (y_pred, "B H L L")}
    expect_shapes(loss, arguments, PAIR_ADVICE, positions="y_true")
    samples, labels, length, _ = tf.unstack(tf.shape(y_pred))
    pairs = pairs_inside(loss, y_true, length)
    scores = tf.reshape(tf.cast(y_pred, tf.float32), [samples, labels, length * length])
    return pairs[..., 0] * length + pairs[..., 1], scores


def static_shape(value: Any) -> tuple[int | None, ...] | None:
    """The shape as far as it is known before anything runs; `None` for an unknown rank."""
    shape = tf.TensorShape(value.shape if hasattr(value, "shape") else np.shape(value))
    return None if shape.rank is None else tuple(shape.as_list())


def _fits(shape: tuple | None, axes: list[str], known: dict[str, int]) -> bool:
    """Whether a shape has these axes; `known` takes note of the sizes."""
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
