"""The numeric precision of a model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")


@contextmanager
def layers_compute_in(precision: str) -> Iterator[None]:
    """Set the precision of layers built in the block; their weights are always float32.

    This sets Keras's global dtype policy and restores it at the end. Losses and scores of triples
    are always float32, too.

    Args:
        precision: `"float32"`; `"mixed_bfloat16"`, half the bytes with float32's range, much faster
            on newer CPUs and GPUs; or `"mixed_float16"`, for older GPUs, with which a model scales
            its loss.

    Raises:
        ValueError: the precision is none of these.

    Example:

    >>> from gplinker_tf.backend import keras
    >>> with layers_compute_in("mixed_bfloat16"):
    ...     layer = keras.layers.Dense(2)
    >>> layer.compute_dtype, layer.variable_dtype, keras.layers.Dense(2).compute_dtype
    ('bfloat16', 'float32', 'float32')

    Source: Micikevicius et al., "Mixed precision training", https://arxiv.org/abs/1710.03740.
    """
    if precision not in PRECISIONS:
        raise ValueError(
            f"Expected one of {', '.join(PRECISIONS)}. Received: precision={precision!r}."
        )
    with in_policy(precision):
        yield


@contextmanager
def in_policy(name: str) -> Iterator[None]:
    """Set Keras's global dtype policy in the block."""
    from gplinker_tf.backend import keras

    before = keras.mixed_precision.global_policy()
    keras.mixed_precision.set_global_policy(name)
    try:
        yield
    finally:
        keras.mixed_precision.set_global_policy(before)


def policy_of(layer: Any) -> str:
    """Return the name of a layer's dtype policy, in both Keras generations."""
    from gplinker_tf.backend import dtype_policy_of

    return dtype_policy_of(layer).name
