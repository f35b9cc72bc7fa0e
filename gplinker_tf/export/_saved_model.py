"""A model and its decoding as a SavedModel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gplinker_tf.backend import tf

#: The name of the signature: token ids in, triples out.
SIGNATURE = "extract"


def save_function(function: Any, folder: str | Path, model: Any = None) -> None:
    """Writes a TensorFlow function as the signature of a SavedModel.

    Args:
        function: the function.
        folder: the folder to write.
        model: what has the variables of the function, if it has any.
    """
    module = tf.Module()
    module.model, module.function = model, function
    # A gradient of swish or of one's own can't always be saved, and no export is trained.
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
    tf.saved_model.save(module, str(folder), signatures={SIGNATURE: function}, options=options)
