"""The one door to Keras: every module of this package takes its Keras from here.

What Keras and TensorFlow keep to themselves, and what differs between Keras's generations, is
called here and nowhere else; `gplinker_tf.bert4keras` alone has its own.
"""

from gplinker_tf.backend._generation import KERAS_3, keras, register, tf
from gplinker_tf.backend._graphs import SavedModel, traced_once, with_constants
from gplinker_tf.backend._layers import (
    AutoTrackable,
    call_of_output,
    dtype_policy_of,
    layers_within,
)
from gplinker_tf.backend._model import Model
from gplinker_tf.backend._optimizer import Adam
from gplinker_tf.backend._variables import learning_rate_of, resource_of, steps_taken

__all__ = [
    "KERAS_3",
    "Adam",
    "AutoTrackable",
    "Model",
    "SavedModel",
    "call_of_output",
    "dtype_policy_of",
    "keras",
    "layers_within",
    "learning_rate_of",
    "register",
    "resource_of",
    "steps_taken",
    "tf",
    "traced_once",
    "with_constants",
]
