"""Functions for arrays and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def to_array(*args: Any) -> Any:
    """Return each argument as a NumPy array; a single one without a list."""
    arrays = [np.array(value) for value in args]
    return arrays[0] if len(arrays) == 1 else arrays


def sequence_padding(
    inputs: Sequence[Any],
    length: int | Sequence[int] | None = None,
    value: Any = 0,
    seq_dims: int = 1,
    mode: str = "post",
) -> np.ndarray:
    """Return sequences as one array, truncated or padded to the same length.

    Args:
        inputs: arrays or lists that may differ in size only along the first `seq_dims` axes.
        length: the length, or one for each of the `seq_dims` axes; defaults to the longest.
        value: the padding value.
        seq_dims: number of axes to truncate or pad, from the first on.
        mode: `"post"` pads at the end, `"pre"` at the start.

    Returns:
        An array with one axis more than the inputs, in their common dtype.

    Raises:
        ValueError: the mode is unknown.

    Example:

    >>> sequence_padding([[1, 2, 3], [4]]).tolist()
    [[1, 2, 3], [4, 0, 0]]
    """
    if mode not in ("post", "pre"):
        raise ValueError(f"Expected mode 'post' or 'pre'. Received: mode={mode!r}.")
    arrays = [np.asarray(part) for part in inputs]
    if length is None:
        sizes = np.max([array.shape[:seq_dims] for array in arrays], axis=0)
    else:
        sizes = np.broadcast_to(length, [seq_dims])
    shape = [len(arrays), *sizes, *arrays[0].shape[seq_dims:]]
    padded = np.full(shape, value, np.result_type(*arrays))
    for row, array in zip(padded, arrays, strict=True):
        array = array[tuple(slice(size) for size in sizes)]
        taken = array.shape[:seq_dims]
        starts = [size - n if mode == "pre" else 0 for size, n in zip(sizes, taken, strict=True)]
        row[tuple(slice(s, s + n) for s, n in zip(starts, taken, strict=True))] = array
    return padded


def truncate_sequences(maxlen: int, indices: int | Sequence[int], *sequences: Any) -> list[Any]:
    """Remove items from the longest list, in place, until all together have at most `maxlen`.

    Args:
        maxlen: maximum number of items in all lists together.
        indices: index at which items are removed, for all lists or one per list.
        *sequences: lists; empty ones and `None` are left out.

    Example:

    >>> truncate_sequences(4, -1, [1, 2, 3], [4, 5])
    [[1, 2], [4, 5]]
    """
    lists = [sequence for sequence in sequences if sequence]
    places = [indices] * len(lists) if isinstance(indices, int) else list(indices)
    while sum(map(len, lists)) > maxlen:
        longest = max(range(len(lists)), key=lambda number: len(lists[number]))
        lists[longest].pop(places[longest])
    return lists


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Return `exp(x)` divided by its sum along an axis.

    Example:

    >>> softmax(np.array([1000.0, 1000.0])).tolist()
    [0.5, 0.5]
    """
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def orthogonally_resize(a: np.ndarray, new_shape: Sequence[int], window: int = 2) -> np.ndarray:
    """Resize an array by repeating or cutting its rows and columns, and keep its norm.

    Args:
        a: an array of any number of axes.
        new_shape: the size of each axis.
        window: number of neighbors that are repeated together; it must divide the size of an axis
            that grows.

    Raises:
        ValueError: the sizes do not fit the array.

    Example:

    >>> print(orthogonally_resize(np.array([3.0, 4.0]), [4]).round(3))
    [2.121 2.828 2.121 2.828]

    Source: bert4keras 0.11.5.
    """
    if a.ndim != len(new_shape):
        raise ValueError(
            f"Expected a size for each of {a.ndim} axes. Received: new_shape={tuple(new_shape)}."
        )
    resized = a
    for axis, (old, new) in enumerate(zip(a.shape, new_shape, strict=True)):
        times = -(-new // old)
        if times > 1:
            if old % window:
                raise ValueError(
                    f"Expected a window that divides axis {axis} of size {old}. Received: "
                    f"window={window}."
                )
            before, behind = resized.shape[:axis], resized.shape[axis + 1 :]
            windows = resized.reshape(*before, old // window, window, *behind)
            resized = windows.repeat(times, axis).reshape(*before, old * times, *behind)
    resized = resized[tuple(slice(size) for size in new_shape)]
    return resized / np.linalg.norm(resized) * np.linalg.norm(a)
