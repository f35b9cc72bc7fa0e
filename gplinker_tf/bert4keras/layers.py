"""`bert4keras.layers`: all of `keras.layers`, and the layers that GPLinker's scripts use."""

from __future__ import annotations

from typing import Any

from gplinker_tf.bert4keras.conditional_random_field import ConditionalRandomField
from gplinker_tf.bert4keras.embedding import Embedding
from gplinker_tf.bert4keras.feed_forward import FeedForward
from gplinker_tf.bert4keras.keras import layers as keras_layers
from gplinker_tf.bert4keras.layer import Layer
from gplinker_tf.bert4keras.layer_normalization import LayerNormalization
from gplinker_tf.bert4keras.loss_layer import Loss
from gplinker_tf.bert4keras.maximum_entropy_markov_model import MaximumEntropyMarkovModel
from gplinker_tf.bert4keras.multi_head_attention import MultiHeadAttention
from gplinker_tf.bert4keras.names import missing
from gplinker_tf.bert4keras.pooling import GlobalAveragePooling1D, GlobalMaxPooling1D
from gplinker_tf.bert4keras.position_embedding import PositionEmbedding
from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer

__all__ = [
    "ConditionalRandomField",
    "EfficientGlobalPointer",
    "Embedding",
    "FeedForward",
    "GlobalAveragePooling1D",
    "GlobalMaxPooling1D",
    "GlobalPointer",
    "Layer",
    "LayerNormalization",
    "Loss",
    "MaximumEntropyMarkovModel",
    "MultiHeadAttention",
    "PositionEmbedding",
]
__all__ += sorted({*keras_layers.__all__} - {*__all__})


def __getattr__(name: str) -> Any:
    if name in keras_layers.__all__:
        return getattr(keras_layers, name)
    return missing(__name__, name)
