"""What BERT was pre-trained with: the pooled vector, next sentences, and masked words."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.bert4keras.activations import activation_of_keras
from gplinker_tf.bert4keras.embedding import Embedding
from gplinker_tf.bert4keras.scale_offset import ScaleOffset
from gplinker_tf.bert4keras.transformer import Transformer


@register
class FirstToken(keras.layers.Layer):
    """The vector of the first place: `[B, L, D]` to `[B, D]`, without a mask."""

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
    """The vector of the first token behind a dense layer, `[B, D]`.

    Args:
        model: whose layers these are.
        x: output of its last block.
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
    """The probabilities that the second sentence follows the first, and that it does not.

    Args:
        model: whose layers these are.
        x: output of `pooled`.
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
    """The dense layer before the scores of the words.

    Args:
        model: whose layers these are.
        x: output of its last block.
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
    """The probabilities of the words at each place, `[B, L, vocab_size]`, by the tokens' table.

    Args:
        model: whose layers these are.
        x: `[B, L, embedding_size]`.
        activation: True for softmax, or an activation.
        name: of the activation's layer.
        bias: whether each word has a bias.
    """
    x = model.apply(x, Embedding, {"mode": "dense"}, name="Embedding-Token")
    if bias:
        x = model.apply(x, ScaleOffset, scale=False, name="MLM-Bias")
    activation = "softmax" if activation is True else activation
    return model.apply(x, keras.layers.Activation, activation=activation, name=name)
