"""The only access to Keras: all modules of this package import it from here.

Private parts of Keras and TensorFlow, and differences between Keras generations, are handled
only here; the one exception is `gplinker_tf.bert4keras`.
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
