"""Which numbers a model computes in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")


@contextmanager
def layers_compute_in(precision: str) -> Iterator[None]:
    """Layers built within it compute in this precision; their weights are float32 in all three.

    It is Keras's global dtype policy, set back at the end. Losses and scores of triples are
    float32 whatever the layers compute in.

    Args:
        precision: `"float32"`; `"mixed_bfloat16"`, half the bytes with float32's range, which newer
            CPUs and GPUs compute much faster; or `"mixed_float16"`, for older GPUs, under which
            a model scales its loss.

    Raises:
        ValueError: it is none of these.

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
    """Within it Keras's global dtype policy is the one of this name."""
    from gplinker_tf.backend import keras

    before = keras.mixed_precision.global_policy()
    keras.mixed_precision.set_global_policy(name)
    try:
        yield
    finally:
        keras.mixed_precision.set_global_policy(before)


def policy_of(layer: Any) -> str:
    """The name of a layer's dtype policy, in both Keras generations."""
    from gplinker_tf.backend import dtype_policy_of

    return dtype_policy_of(layer).name
