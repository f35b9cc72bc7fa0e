"""A long list computed a part at a time, so that memory is one part's."""

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
    """Computes `size` rows at a time, and puts the results together along their first axis.

    Args:
        compute: from the number of the first row, and the state, to the results of the rows from it
            on, then the new state; results may have any number of rows. It is called once, to
            trace it, even where there is no row.
        total: how many rows there are.
        size: how many at a time, 1 or more.
        outputs: dtypes and shapes of the results; `None` where a size, or the shape, may vary.
        state: what goes from one part to the next.

    Returns:
        The results, and the last state.

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
    """As `chunked_map`, for few results out of many rows.

    The results grow by concatenation, which ONNX has a form for and arrays of tensors have not;
    each part copies what is there, so it suits results that are small.

    Args:
        compute: as there; without a row it is not called.
        total: how many rows there are.
        size: how many at a time, 1 or more.
        outputs: dtypes and shapes of the results, the first axis `None`.
        state: what goes from one part to the next.

    Returns:
        The results, and the last state.

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
