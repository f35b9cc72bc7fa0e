"""A forward pass and a training step of any library's encoder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.inputs import SEED
from gplinker_tf.backend import keras, tf


def passes_of(
    name: str, model: keras.Model, vocab_size: int, texts: int, length: int
) -> dict[str, Callable[[int], Any]]:
    """Return the two tasks under the names `"NAME forward"` and `"NAME step"`.

    Args:
        name: the encoder's name.
        model: a model from token and segment ids to hidden states.
        vocab_size: the vocabulary size of the encoder.
        texts: the number of texts per batch.
        length: the number of tokens per text, without padding.
    """
    random = np.random.default_rng(SEED)
    tokens = tf.constant(random.integers(1, vocab_size, [texts, length]), tf.int32)
    inputs = [tokens, tf.zeros_like(tokens)]

    @tf.function
    def forward():
        return tf.reduce_mean(model(inputs, training=False))

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(inputs, training=True)))
        gradients = tape.gradient(loss, model.trainable_variables)
        return tf.add_n([tf.reduce_sum(tf.convert_to_tensor(gradient)) for gradient in gradients])

    return {
        f"{name} forward": lambda turn: float(forward()),
        f"{name} step": lambda turn: float(step()),
    }
