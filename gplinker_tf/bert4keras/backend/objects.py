"""Objects that Keras knows by name once bert4keras's backend is imported."""

from __future__ import annotations

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.backend.activations import gelu_erf, gelu_tanh, leaky_relu, swish
from gplinker_tf.bert4keras.backend.attention import Sinusoidal
from gplinker_tf.bert4keras.backend.losses import multilabel_categorical_crossentropy
from gplinker_tf.bert4keras.backend.numbers import root_mean_square

custom_objects = {
    "gelu_erf": gelu_erf,
    "gelu_tanh": gelu_tanh,
    "gelu": gelu_erf,
    "root_mean_square": root_mean_square,
    "swish": swish,
    "leaky_relu": leaky_relu,
    "Sinusoidal": Sinusoidal,
    "multilabel_categorical_crossentropy": multilabel_categorical_crossentropy,
    "initializer": keras.initializers.glorot_uniform,
}
keras.utils.get_custom_objects().update(custom_objects)
