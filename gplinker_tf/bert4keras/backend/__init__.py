"""`bert4keras.backend`: Keras, its backend, and the functions that scripts import from here."""

from __future__ import annotations

from typing import NoReturn

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras import keras
from gplinker_tf.bert4keras.backend.activations import (
    gelu_erf,
    gelu_tanh,
    leaky_relu,
    set_gelu,
    swish,
)
from gplinker_tf.bert4keras.backend.attention import (
    Sinusoidal,
    apply_rotary_position_embeddings,
    attention_normalize,
    sinusoidal_embeddings,
)
from gplinker_tf.bert4keras.backend.losses import multilabel_categorical_crossentropy
from gplinker_tf.bert4keras.backend.numbers import dtype, piecewise_linear, root_mean_square
from gplinker_tf.bert4keras.backend.objects import custom_objects
from gplinker_tf.bert4keras.backend.recomputing import (
    do_recompute,
    get_available_gpus,
    graph_mode_decorator,
    recompute_grad,
)
from gplinker_tf.bert4keras.backend.search import search_layer
from gplinker_tf.bert4keras.backend.sequences import (
    align,
    batch_gather,
    divisible_temporal_padding,
    pool1d,
    sequence_masking,
)
from gplinker_tf.bert4keras.keras import backend as K
from gplinker_tf.bert4keras.keras.backend import flatten, reshape, symbolic, where
from gplinker_tf.bert4keras.names import missing
from gplinker_tf.losses.published import sparse_multilabel_categorical_crossentropy

is_tf_keras = True

__all__ = [
    "K",
    "Sinusoidal",
    "align",
    "apply_rotary_position_embeddings",
    "attention_normalize",
    "batch_gather",
    "custom_objects",
    "divisible_temporal_padding",
    "do_recompute",
    "dtype",
    "flatten",
    "gelu_erf",
    "gelu_tanh",
    "get_available_gpus",
    "graph_mode_decorator",
    "is_tf_keras",
    "keras",
    "leaky_relu",
    "multilabel_categorical_crossentropy",
    "piecewise_linear",
    "pool1d",
    "recompute_grad",
    "reshape",
    "root_mean_square",
    "search_layer",
    "sequence_masking",
    "set_gelu",
    "sinusoidal_embeddings",
    "sparse_multilabel_categorical_crossentropy",
    "swish",
    "symbolic",
    "tf",
    "where",
]


def __getattr__(name: str) -> NoReturn:
    missing(__name__, name)
