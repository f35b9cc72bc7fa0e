"""Masking, padding and indexing of sequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras.keras import backend as K


def batch_gather(params: tf.Tensor, indices: tf.Tensor) -> tf.Tensor:
    """Gather entries of each row; all axes of `indices` but the last are batch axes.

    Args:
        params: `[..., N]` or `[..., N, D]`.
        indices: `[..., M]`, of any dtype.

    Example:

    >>> batch_gather(tf.constant([[5, 6, 7]]), tf.constant([[2.0, 0.0]])).numpy().tolist()
    [[7, 5]]
    """
    if not indices.dtype.is_integer:
        indices = tf.cast(indices, tf.int32)
    return tf.gather(params, indices, batch_dims=len(indices.shape) - 1)


def sequence_masking(
    x: tf.Tensor,
    mask: tf.Tensor | None = None,
    value: Any = 0,
    axis: int | list[int] | None = None,
    bias: tf.Tensor | None = None,
    return_mask: bool = False,
) -> Any:
    """Replace the values at masked positions, after adding a bias if one is given.

    Args:
        x: `[B, ...]`.
        mask: `[B, L]`, True where `x` is kept; `None` keeps all.
        value: the replacement.
        axis: the axis, or the axes, of length `L`; defaults to 1.
        bias: another mask if it is bool, otherwise added to `x`; it must broadcast to `x`.
        return_mask: also return the mask, broadcastable to `x`, or `None` if there is none.

    Example:

    >>> x, mask = tf.constant([[1.0, 2.0]]), tf.constant([[True, False]])
    >>> sequence_masking(x, mask, -float("inf"), bias=x).numpy().tolist()
    [[2.0, -inf]]
    """
    x, mask = biased(x, mask, axis, bias)
    if mask is not None:
        x = K.where(mask, x, value)
    return (x, mask) if return_mask else x


def biased(
    x: tf.Tensor,
    mask: tf.Tensor | None,
    axis: int | list[int] | None,
    bias: tf.Tensor | None,
) -> tuple[tf.Tensor, tf.Tensor | None]:
    """Return `x` with the bias added, and the mask broadcastable to it, or `None`.

    Args:
        x: as for `sequence_masking`, like the other arguments.
        mask: `[B, L]`, or `None`.
        axis: the axis, or the axes, of length `L`.
        bias: numbers, a mask, or `None`.
    """
    mask = None if mask is None else _aligned(mask, axis, len(x.shape))
    if bias is None:
        return x, mask
    if bias.dtype != tf.bool:
        return x + bias, mask
    return x, bias if mask is None else mask & bias


def _aligned(mask: tf.Tensor, axis: int | list[int] | None, rank: int) -> tf.Tensor:
    """Reshape a mask `[B, L]` to `rank` axes, with `L` at one axis or at each of several."""
    joined = None
    for place in axis if isinstance(axis, list) else [1 if axis is None else axis]:
        shape = [1] * rank
        shape[0], shape[place] = tf.shape(mask)[0], tf.shape(mask)[1]
        part = tf.reshape(tf.cast(mask, tf.bool), shape)
        joined = part if joined is None else joined & part
    return joined


def align(tensor: tf.Tensor, axes: Sequence[int], ndim: int | None = None) -> tf.Tensor:
    """Insert axes of length 1 so that a tensor's own axes get the given indices.

    Args:
        tensor: the tensor to align.
        axes: the new index of each of its axes.
        ndim: number of axes of the result; as few as possible if not given, and then no index may
            be negative.

    Raises:
        ValueError: the indices do not fit the tensor.

    Example:

    >>> tuple(align(tf.zeros([2, 5]), [0, -1], 4).shape)
    (2, 1, 1, 5)
    """
    if len(axes) != len(tensor.shape) or (not ndim and min(axes) < 0):
        raise ValueError(
            f"Expected an index for each of {len(tensor.shape)} axes, and ndim with negative "
            f"indices. Received: axes={list(axes)}, ndim={ndim}."
        )
    indices: list[Any] = [None] * (ndim or max(axes) + 1)
    for place in axes:
        indices[place] = slice(None)
    return tensor[tuple(indices)]


def divisible_temporal_padding(x: tf.Tensor, n: int) -> tf.Tensor:
    """Pad sequences with zeros at the end, to a length divisible by `n`.

    Args:
        x: `[B, L, D]`.
        n: the divisor.

    Example:

    >>> tuple(divisible_temporal_padding(tf.ones([1, 5, 2]), 4).shape)
    (1, 8, 2)
    """
    return tf.pad(x, [[0, 0], [0, -tf.shape(x)[1] % n], [0, 0]])


def pool1d(
    x: tf.Tensor,
    pool_size: int,
    strides: int = 1,
    padding: str = "valid",
    data_format: str | None = None,
    pool_mode: str = "max",
) -> tf.Tensor:
    """Pool neighboring positions of a sequence.

    Args:
        x: `[B, L, D]`.
        pool_size: number of positions in a window.
        strides: step from one window to the next.
        padding: `"valid"`, or `"same"` to keep the length.
        data_format: `None` or `"channels_last"`.
        pool_mode: `"max"` or `"avg"`.

    Example:

    >>> pool1d(tf.constant([[[1.0], [3.0], [2.0]]]), 2).numpy().tolist()
    [[[3.0], [3.0]]]
    """
    return K.pool2d(x[:, None], (1, pool_size), (1, strides), padding, data_format, pool_mode)[:, 0]
