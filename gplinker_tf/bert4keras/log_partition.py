"""The normalizer of a linear-chain conditional random field."""

from __future__ import annotations

from collections.abc import Callable

from gplinker_tf.backend import tf

#: Transitions that differ by less can be summed after exponentiation: what is lost to underflow is
#: at most e^(60 - 87) of a sum.
SAFE_RANGE = 60.0


def log_partition(scores: tf.Tensor, mask: tf.Tensor, transitions: tf.Tensor) -> tf.Tensor:
    """The logarithm of the sum over all label paths of exp(score of the path).

        log sum over y of exp(sum_t scores[t, y_t] + sum_t transitions[y_t, y_t+1])

    The forward recursion runs through the first half of the texts while the backward recursion runs
    through the second, which takes half the steps of one recursion.

    Args:
        scores: `[B, L, K]`, finite.
        mask: `[B, L]`, bool; a position that it leaves out counts as absent, except the first.
        transitions: `[K, K]`, from a label to the next.

    Returns:
        `[B]`.

    Example:

    >>> scores, mask = tf.zeros([1, 3, 2]), tf.constant([[True, True, False]])
    >>> print(log_partition(scores, mask, tf.zeros([2, 2])).numpy())    # log 4
    [1.3862944]
    """
    # Without the largest transition to each label, exponentials are 1 at most.
    both = tf.stack([transitions, tf.transpose(transitions)])
    largest = tf.stop_gradient(tf.reduce_max(both, axis=1, keepdims=True))
    spread = tf.reduce_max(transitions) - tf.reduce_min(transitions)

    def summed_as_they_are() -> tf.Tensor:
        factors = tf.exp(both - largest)

        def log_sum(x: tf.Tensor) -> tf.Tensor:
            top = tf.stop_gradient(tf.reduce_max(x, axis=-1, keepdims=True))
            return tf.math.log(tf.matmul(tf.exp(x - top), factors)) + top + largest

        return _recursions(scores, mask, log_sum)

    def summed_as_logarithms() -> tf.Tensor:
        into = tf.transpose(both, [0, 2, 1])[:, None]
        return _recursions(
            scores, mask, lambda x: tf.reduce_logsumexp(x[..., None, :] + into, axis=-1)
        )

    return tf.cond(spread < SAFE_RANGE, summed_as_they_are, summed_as_logarithms)


def _recursions(
    scores: tf.Tensor, mask: tf.Tensor, log_sum: Callable[[tf.Tensor], tf.Tensor]
) -> tf.Tensor:
    """Both recursions at once; `log_sum` takes `[2, B, K]` over a transition forth and back."""
    middle = tf.shape(scores)[1] // 2
    forth, back = _halves(scores, middle)
    # Forth, a score is added behind the transition to its label; back, before the one from it.
    before, behind = (
        tf.stack([tf.zeros_like(back), back], 1),
        tf.stack([forth, tf.zeros_like(forth)], 1),
    )
    counted = tf.stack(_halves(mask[..., None], middle), 1)
    steps = [_steps(part) for part in (before, behind, counted)]
    start = tf.stack([scores[:, 0], tf.zeros_like(scores[:, 0])])

    def step(number: tf.Tensor, state: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        added_before, added_behind, counts = (part.read(number) for part in steps)
        moved = log_sum(state + added_before) + added_behind
        return number + 1, tf.where(counts, moved, state)

    _, ends = tf.while_loop(
        lambda number, _: number < middle, step, (0, start), maximum_iterations=middle
    )
    return tf.reduce_logsumexp(ends[0] + ends[1], axis=-1)


def _halves(values: tf.Tensor, middle: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Positions 1 to `middle`, and those behind it from the last on: `[middle, B, ...]` each."""
    values = tf.transpose(values, [1, 0, 2])
    forth, back = values[1 : middle + 1], tf.reverse(values[middle + 1 :], [0])
    return forth, tf.pad(back, [[0, middle - tf.shape(back)[0]], [0, 0], [0, 0]])


def _steps(values: tf.Tensor) -> tf.TensorArray:
    """What each step reads; a slice of a tensor would make its gradient as long as the loop."""
    empty = tf.TensorArray(values.dtype, tf.shape(values)[0], element_shape=values.shape[1:])
    return empty.unstack(values)
