"""Writing of a TensorFlow function as a SavedModel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gplinker_tf.backend import tf

#: The name of the signature: token ids in, triples out.
SIGNATURE = "extract"


def save_function(function: Any, folder: str | Path, model: Any = None) -> None:
    """Write a TensorFlow function as the signature of a SavedModel.

    Args:
        function: the function.
        folder: the folder to write.
        model: the object that owns the function's variables, if it has any.
    """
    module = tf.Module()
    module.model, module.function = model, function
    # Custom gradients, such as swish's, can't always be saved, and exports are not trained.
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
    tf.saved_model.save(module, str(folder), signatures={SIGNATURE: function}, options=options)
