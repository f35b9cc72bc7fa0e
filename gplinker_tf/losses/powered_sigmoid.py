"""Cross-entropy of tags whose probability is a power of a sigmoid."""

from __future__ import annotations

from gplinker_tf.backend import tf
from gplinker_tf.losses.arguments import expect_shapes

ADVICE = "For positions of spans, use globalpointer_crossentropy."


def powered_log_odds(logits: tf.Tensor, power: int) -> tf.Tensor:
    """Compute the log-odds of a power of a sigmoid.

        z = log(p / (1 - p)),  p = sigmoid(x)^n
          = x + (n - 1) log sigmoid(x) - log(1 + sigmoid(x) + ... + sigmoid(x)^(n-1))

    since 1 - s^n = (1 - s)(1 + s + ... + s^(n-1)). Nothing overflows or cancels: z and its gradient
    are finite whenever x and n x are.

    Args:
        logits: logits of any shape.
        power: `n`, at least 1.

    Returns:
        Float32, of the same shape.

    Example:

    >>> powered_log_odds(tf.constant([-40.0, 0.0, 40.0]), 2).numpy().round(3)
    array([-80.   ,  -1.099,  39.307], dtype=float32)

    Source: the powers are those of Su Jianlin's CasRel, https://kexue.fm/archives/7161.
    """
    logits = tf.cast(logits, tf.float32)
    sigmoid = tf.sigmoid(logits)
    others = tf.zeros_like(sigmoid)
    for _ in range(power - 1):
        others = sigmoid * (1.0 + others)
    return logits + (power - 1.0) * tf.math.log_sigmoid(logits) - tf.math.log1p(others)


def tagging_crossentropy(y_true: tf.Tensor, log_odds: tf.Tensor) -> tf.Tensor:
    """Compute binary cross-entropy, averaged over the last axis (start and end).

        L = mean(-t log p - (1 - t) log(1 - p)),  p = sigmoid(z)

    Args:
        y_true: targets `[..., 2]`, of any dtype.
        log_odds: `z`, `[..., 2]`, as returned by `powered_log_odds`.

    Returns:
        Float32 `[...]`.

    Raises:
        ValueError: the last axis does not have size 2, or the shapes differ.

    Example:

    >>> tagging_crossentropy(tf.constant([[True, False]]), tf.constant([[200.0, 0.0]])).numpy()
    array([0.3465736], dtype=float32)

    Source: the loss of bert4keras's `task_relation_extraction.py`, which clips p at 1e-7.
    """
    arguments = {"y_true": (y_true, "... 2"), "log_odds": (log_odds, "... 2")}
    expect_shapes("tagging_crossentropy", arguments, ADVICE)
    targets = tf.cast(y_true, tf.float32)
    log_odds = tf.cast(log_odds, tf.float32)
    losses = tf.nn.sigmoid_cross_entropy_with_logits(targets, log_odds)
    return tf.reduce_mean(losses, axis=-1)
