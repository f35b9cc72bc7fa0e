"""BERT's pretraining heads: pooled vector, next-sentence prediction and masked tokens."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.bert4keras.activations import activation_of_keras
from gplinker_tf.bert4keras.embedding import Embedding
from gplinker_tf.bert4keras.scale_offset import ScaleOffset
from gplinker_tf.bert4keras.transformer import Transformer


@register
class FirstToken(keras.layers.Layer):
    """A layer that returns the first token's vector: `[B, L, D]` to `[B, D]`, without a mask."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs: Any) -> tf.Tensor:
        return inputs[:, 0]

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], input_shape[2])


def pooled(model: Transformer, x: Any, activation: Any) -> Any:
    """Return the first token's vector after a dense layer, `[B, D]`.

    Args:
        model: the model that the layers belong to.
        x: the output of its last block.
        activation: True for tanh, or an activation.
    """
    x = model.apply(x, FirstToken, name="Pooler")
    return model.apply(
        x,
        keras.layers.Dense,
        units=model.hidden_size,
        activation="tanh" if activation is True else activation_of_keras(activation),
        kernel_initializer=model.initializer,
        name="Pooler-Dense",
    )


def next_sentence(model: Transformer, x: Any) -> Any:
    """Return the probabilities that the second sentence follows the first, and that it does not.

    Args:
        model: the model that the layers belong to.
        x: the output of `pooled`.
    """
    return model.apply(
        x,
        keras.layers.Dense,
        units=2,
        activation="softmax",
        kernel_initializer=model.initializer,
        name="NSP-Proba",
    )


def dense_of_masked_words(model: Transformer, x: Any) -> Any:
    """Apply the dense layer before the token scores.

    Args:
        model: the model that the layers belong to.
        x: the output of its last block.
    """
    return model.apply(
        x,
        keras.layers.Dense,
        units=model.embedding_size,
        activation=activation_of_keras(model.hidden_act),
        kernel_initializer=model.initializer,
        name="MLM-Dense",
    )


def masked_words(model: Transformer, x: Any, activation: Any, name: str, bias: bool) -> Any:
    """Return the token probabilities at each position, `[B, L, vocab_size]`, by the token table.

    Args:
        model: the model that the layers belong to.
        x: `[B, L, embedding_size]`.
        activation: True for softmax, or an activation.
        name: the name of the activation layer.
        bias: whether each token has a bias.
    """
    x = model.apply(x, Embedding, {"mode": "dense"}, name="Embedding-Token")
    if bias:
        x = model.apply(x, ScaleOffset, scale=False, name="MLM-Bias")
    activation = "softmax" if activation is True else activation
    return model.apply(x, keras.layers.Activation, activation=activation, name=name)
