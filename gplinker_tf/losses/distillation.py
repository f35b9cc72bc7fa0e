"""The pointer loss of a student whose targets are a teacher's scores."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import tf
from gplinker_tf.losses._countable_pairs import countable_pairs
from gplinker_tf.losses._positive_pairs import pairs_of_teacher
from gplinker_tf.losses.arguments import expect_shapes
from gplinker_tf.losses.factorized import losses_of_pairs

NAME = "distillation_crossentropy"
ADVICE = "Teacher and student must have the same labels and read the same tokens."

#: Cells that a teacher scores below this are negatives: their share would be below 0.0001.
LOWEST = -5.0


def distillation_crossentropy(
    targets: tf.Tensor, factors: Any, mask: tf.Tensor, tril_mask: bool = False
) -> tf.Tensor:
    """Compute `globalpointer_crossentropy` with soft targets from a teacher's scores.

        L_h = log(1 + sum p exp(-s)) + log(1 + sum (1 - p) exp(s)),   p = sigmoid(2 t)

    It is minimal when the student's scores `s` equal the teacher's scores `t`: the two terms of a
    cell, `p exp(-s)` and `(1 - p) exp(s)`, are then equal. The few cells whose `p` is not close to
    0 are listed; the sum over all others is computed from the factors, as in
    `factorized_globalpointer_crossentropy`.

    Args:
        targets: `t`, the teacher's logits, `[B, H, L, L]`.
        factors: the student's query, key, start and end bias, as returned by a pointer layer.
        mask: bool `[B, L]`, True on tokens.
        tril_mask: whether pairs with the end before the start are masked.

    Returns:
        One value per sample, float32 `[B]`.

    Raises:
        ValueError: a shape is wrong.

    Example:

    >>> query = tf.random.stateless_normal([1, 5, 8], [1, 2])
    >>> factors, mask = (query, query, tf.zeros([1, 3, 5]), tf.zeros([1, 3, 5])), tf.ones([1, 5])
    >>> distillation_crossentropy(tf.zeros([1, 3, 5, 5]), factors, mask).shape
    TensorShape([1])

    Source: Su Jianlin's cross-entropy with soft labels, https://kexue.fm/archives/9064; our own are
    the factor 2, which puts the minimum at the teacher's scores, and the sum from factors.
    """
    arguments = {"targets": (targets, "B H L L"), "mask": (mask, "B L")}
    expect_shapes(NAME, arguments, ADVICE)
    mask = tf.cast(mask, tf.bool)
    countable = countable_pairs(mask, tril_mask)[:, None]
    targets = tf.where(countable, tf.cast(targets, tf.float32), -float("inf"))
    return losses_of_pairs(pairs_of_teacher(targets, LOWEST), factors, mask, tril_mask)
