"""Encoders made of models that take their inputs by name, such as KerasHub's backbones."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import KERAS_3, keras, tf

#: The inputs that a backbone may have; of a text, nothing else is known.
KNOWN_INPUTS = ("token_ids", "segment_ids", "padding_mask")
#: The hidden states among several outputs.
HIDDEN = "sequence_output"


def as_encoder(model: keras.Model) -> keras.Model:
    """A model as an encoder: itself, or one with a backbone's layers and an encoder's inputs.

    A backbone is a functional model that takes a dict of inputs, as those of KerasHub do. Padding
    is id 0 here, so `padding_mask` is `token_ids != 0`.

    Args:
        model: any Keras model.

    Returns:
        A Keras model from `[token_ids, segment_ids]`, int `[B, L]`, to `[B, L, D]`. It shares its
        layers, and so its weights, with the backbone.

    Raises:
        ValueError: the backbone has no `token_ids`, has inputs beside `token_ids`, `segment_ids`
            and `padding_mask`, or gives no hidden states `[B, L, D]`.

    Example:

    >>> tokens = keras.Input([None], dtype="int32", name="token_ids")
    >>> backbone = keras.Model({"token_ids": tokens}, keras.layers.Embedding(100, 16)(tokens))
    >>> encoder = as_encoder(backbone)
    >>> len(encoder.inputs), encoder.output_shape
    (2, (None, None, 16))

    Source: https://keras.io/keras_hub/api/base_classes/backbone/.
    """
    if not (getattr(model, "inputs", None) and isinstance(model.input, dict)):
        return model
    given = model.input
    if "token_ids" not in given or not set(given) <= set(KNOWN_INPUTS):
        raise ValueError(
            f"Expected a backbone with token_ids among its inputs, and none beside "
            f"{', '.join(KNOWN_INPUTS)}. Received: {', '.join(given)}. Wrap it in a functional "
            "Keras model from [token_ids, segment_ids] to [B, L, D]."
        )
    token_ids, segment_ids = (
        keras.Input([None], dtype="int32", name=name) for name in KNOWN_INPUTS[:2]
    )
    operations = keras.ops if KERAS_3 else tf
    inputs = {
        "token_ids": token_ids,
        "segment_ids": segment_ids,
        "padding_mask": operations.cast(operations.not_equal(token_ids, 0), "int32"),
    }
    # `call` runs the layers one by one, where `__call__` would nest the backbone as one layer.
    hidden = _hidden_states(model.call({name: inputs[name] for name in given}))
    return keras.Model([token_ids, segment_ids], hidden, name=model.name)


def _hidden_states(output: Any) -> Any:
    hidden = output.get(HIDDEN) if isinstance(output, dict) else output
    shape = getattr(hidden, "shape", None)
    if shape is None or len(shape) != 3:
        received = sorted(output) if isinstance(output, dict) else shape
        raise ValueError(
            f"Expected a backbone that gives hidden states [B, L, D], as its only output or as "
            f"{HIDDEN!r}. Received: {received}. Wrap it in a functional Keras model from "
            "[token_ids, segment_ids] to [B, L, D]."
        )
    return hidden
