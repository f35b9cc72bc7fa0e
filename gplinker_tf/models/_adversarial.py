"""Adversarial perturbation of the token embeddings: the fast gradient method (FGM)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gplinker_tf.backend import keras, layers_within, resource_of, tf
from gplinker_tf.encoders.layers.token_embedding import TokenEmbedding


def token_embeddings(encoder: keras.Model) -> Any:
    """Return the table of an encoder's token embeddings, a variable `[V, D]`.

    If there are several embedding layers, it is the one with the most rows, since there are more
    tokens than segments.

    Raises:
        ValueError: the encoder has no trainable embedding layer.

    Example:

    >>> tokens = keras.Input([None], dtype="int32")
    >>> encoder = keras.Model(tokens, keras.layers.Embedding(100, 16)(tokens))
    >>> tuple(token_embeddings(encoder).shape)
    (100, 16)
    """
    kinds = (keras.layers.Embedding, TokenEmbedding)
    tables = [
        layer.embeddings
        for layer in layers_within(encoder)
        if isinstance(layer, kinds) and layer.trainable
    ]
    if not tables:
        raise ValueError(
            "Expected an encoder with a trainable Embedding layer for adversarial training. "
            f"Received: {encoder.name!r}, which has none. Train without adversarial."
        )
    return max(tables, key=lambda table: table.shape[0])


@contextmanager
def moved(table: Any, gradient: tf.Tensor, length: float) -> Iterator[None]:
    """Move a table along a gradient within the context: `table + length * g / |g|`.

    With several replicas, each moves its own copy without waiting for the others.

    Args:
        table: a variable.
        gradient: the dense gradient of the loss with respect to the table, of the same shape.
        length: the length of the step, as the Euclidean norm over the whole table.

    Source: Miyato et al., "Adversarial training methods for semi-supervised text classification",
    https://arxiv.org/abs/1605.07725; bert4keras's `adversarial_training`,
    https://kexue.fm/archives/7234.
    """
    before = tf.identity(tf.convert_to_tensor(table))
    handle = resource_of(table).handle

    def assign(value: tf.Tensor) -> None:
        tf.raw_ops.AssignVariableOp(resource=handle, value=value)

    assign(before + length * tf.math.divide_no_nan(gradient, tf.norm(gradient)))
    try:
        yield
    finally:
        assign(before)
