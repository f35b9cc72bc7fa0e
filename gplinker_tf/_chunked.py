"""Computation in chunks, so that only one chunk at a time needs memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gplinker_tf.backend import tf


def chunked_map(
    compute: Callable[..., tuple],
    total: tf.Tensor | int,
    size: tf.Tensor | int,
    outputs: Sequence[tf.TensorSpec],
    state: Sequence[tf.Tensor] = (),
) -> tuple[list[tf.Tensor], tuple[tf.Tensor, ...]]:
    """Compute `size` rows at a time and concatenate the results along their first axis.

    Args:
        compute: a function from the index of a chunk's first row, and the state, to the results of
            the chunk, then the new state; results may have any number of rows. It is called once
            even if there are no rows.
        total: the number of rows.
        size: rows per chunk, at least 1.
        outputs: dtypes and shapes of the results; `None` for a size, or a shape, that may vary.
        state: values passed from one chunk to the next.

    Returns:
        The results and the final state.

    Example:

    >>> rows = tf.range(5)
    >>> numbers = [tf.TensorSpec([None], tf.int32)]
    >>> [doubled], [parts] = chunked_map(
    ...     lambda first, parts: (2 * rows[first : first + 2], parts + 1), 5, 2, numbers, [0])
    >>> doubled.numpy(), int(parts)
    (array([0, 2, 4, 6, 8], dtype=int32), 3)
    """
    chunks = tf.maximum((total + size - 1) // size, 1)
    arrays = [
        tf.TensorArray(spec.dtype, chunks, infer_shape=False, element_shape=spec.shape)
        for spec in outputs
    ]

    def body(number: tf.Tensor, arrays: list[tf.TensorArray], state: list[Any]) -> tuple:
        computed = compute(number * size, *state)
        results, state = computed[: len(arrays)], list(computed[len(arrays) :])
        arrays = [a.write(number, r) for a, r in zip(arrays, results, strict=True)]
        return number + 1, arrays, state

    _, arrays, last = tf.while_loop(
        lambda number, *_: number < chunks,
        body,
        [tf.constant(0), arrays, list(map(tf.convert_to_tensor, state))],
        parallel_iterations=1,
    )
    return [array.concat() for array in arrays], tuple(last)


def chunked_rows(
    compute: Callable[..., tuple],
    total: tf.Tensor | int,
    size: tf.Tensor | int,
    outputs: Sequence[tf.TensorSpec],
    state: Sequence[tf.Tensor] = (),
) -> tuple[list[tf.Tensor], tuple[tf.Tensor, ...]]:
    """Do the same as `chunked_map`, for few results from many rows.

    The results grow by concatenation, which ONNX supports, unlike tensor arrays. Each chunk copies
    the results so far, so this is only for small results.

    Args:
        compute: as in `chunked_map`, but it does not run if there are no rows.
        total: the number of rows.
        size: rows per chunk, at least 1.
        outputs: dtypes and shapes of the results; the first axis is `None`.
        state: values passed from one chunk to the next.

    Returns:
        The results and the final state.

    Example:

    >>> rows = tf.range(5)
    >>> numbers = [tf.TensorSpec([None], tf.int32)]
    >>> def odd_ones(first):
    ...     some = rows[first : first + 2]
    ...     return (some[some % 2 == 1],)
    >>> [odd], _ = chunked_rows(odd_ones, 5, 2, numbers)
    >>> odd.numpy()
    array([1, 3], dtype=int32)
    """
    none = [tf.zeros([0, *spec.shape[1:]], spec.dtype) for spec in outputs]

    def body(first: tf.Tensor, rows: list[tf.Tensor], state: list[Any]) -> tuple:
        computed = compute(first, *state)
        more, state = computed[: len(rows)], list(computed[len(rows) :])
        return first + size, [tf.concat(pair, 0) for pair in zip(rows, more, strict=True)], state

    state = list(map(tf.convert_to_tensor, state))
    shapes = [spec.shape for spec in outputs], [part.shape for part in state]
    _, rows, last = tf.while_loop(
        lambda first, *_: first < total,
        body,
        [tf.constant(0), none, state],
        shape_invariants=[tf.TensorShape([]), *shapes],
        parallel_iterations=1,
    )
    return rows, tuple(last)
