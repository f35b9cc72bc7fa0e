"""The normalizer of a linear-chain conditional random field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gplinker_tf.backend import tf

#: From `[2, B, K]`, forward and backward, to the logarithms of the sums over all transitions.
LogSum = Callable[[tf.Tensor], tf.Tensor]

#: Transitions that differ by less can be summed after exponentiation: underflow loses at most
#: e^(60 - 87) of a sum.
SAFE_RANGE = 60.0


def log_partition(scores: tf.Tensor, mask: tf.Tensor, transitions: tf.Tensor) -> tf.Tensor:
    """Return the logarithm of the sum of exp(score) over all label paths.

        log sum over y of exp(sum_t scores[t, y_t] + sum_t transitions[y_t, y_t+1])

    The forward recursion runs through the first half of each text while the backward recursion runs
    through the second half, which takes half as many steps as a single recursion.

    Args:
        scores: `[B, L, K]`, finite.
        mask: bool `[B, L]`; a masked position counts as absent, unless it is the first.
        transitions: `[K, K]`, from one label to the next.

    Returns:
        `[B]`.

    Example:

    >>> scores, mask = tf.zeros([1, 3, 2]), tf.constant([[True, True, False]])
    >>> print(log_partition(scores, mask, tf.zeros([2, 2])).numpy())    # log 4
    [1.3862944]
    """
    middle = tf.shape(scores)[1] // 2
    forth, back = _halves(scores, middle)
    # Forward, a score is added after the transition to its label; backward, before the one from it.
    before = tf.stack([tf.zeros_like(back), back], axis=1)
    behind = tf.stack([forth, tf.zeros_like(forth)], axis=1)
    counted = tf.stack(_halves(mask[..., None], middle), axis=1)
    inputs = [_steps(part) for part in (before, behind, counted)]
    start = tf.stack([scores[:, 0], tf.zeros_like(scores[:, 0])])

    both = tf.stack([transitions, tf.transpose(transitions)])
    spread = tf.reduce_max(transitions) - tf.reduce_min(transitions)
    # Only one of the loops runs: a tf.cond around them makes TensorFlow's optimizer complain.
    exponentiated = tf.where(spread < SAFE_RANGE, middle, 0)
    state = _recursions(start, inputs, 0, exponentiated, _sum_of_exponentials(both))
    ends = _recursions(state, inputs, exponentiated, middle, _sum_of_logarithms(both))
    return tf.reduce_logsumexp(ends[0] + ends[1], axis=-1)


def _sum_of_exponentials(transitions: tf.Tensor) -> LogSum:
    # With the largest transition to each label subtracted, exponentials are at most 1.
    largest = tf.stop_gradient(tf.reduce_max(transitions, axis=1, keepdims=True))
    factors = tf.exp(transitions - largest)

    def log_sum(x: tf.Tensor) -> tf.Tensor:
        top = tf.stop_gradient(tf.reduce_max(x, axis=-1, keepdims=True))
        return tf.math.log(tf.matmul(tf.exp(x - top), factors)) + top + largest

    return log_sum


def _sum_of_logarithms(transitions: tf.Tensor) -> LogSum:
    into = tf.transpose(transitions, [0, 2, 1])[:, None]
    return lambda x: tf.reduce_logsumexp(x[..., None, :] + into, axis=-1)


def _recursions(
    state: tf.Tensor, inputs: list[tf.TensorArray], first: Any, last: Any, log_sum: LogSum
) -> tf.Tensor:
    """Run both recursions, `[2, B, K]`, at once from step `first` to step `last`."""

    def step(number: tf.Tensor, state: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        before, behind, counted = (part.read(number) for part in inputs)
        return number + 1, tf.where(counted, log_sum(state + before) + behind, state)

    _, state = tf.while_loop(
        lambda number, _: number < last, step, (first, state), maximum_iterations=last - first
    )
    return state


def _halves(values: tf.Tensor, middle: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return positions 1 to `middle`, and those after it in reverse: `[middle, B, ...]` each."""
    values = tf.transpose(values, [1, 0, 2])
    forth, back = values[1 : middle + 1], tf.reverse(values[middle + 1 :], [0])
    return forth, tf.pad(back, [[0, middle - tf.shape(back)[0]], [0, 0], [0, 0]])


def _steps(values: tf.Tensor) -> tf.TensorArray:
    """Return an array of each step's values; a slice's gradient would be as long as the loop."""
    empty = tf.TensorArray(values.dtype, tf.shape(values)[0], element_shape=values.shape[1:])
    return empty.unstack(values)
