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
