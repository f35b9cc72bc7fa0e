"""Encoders built from models that take named inputs, such as KerasHub's backbones."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import KERAS_3, keras, tf

#: The inputs that a backbone may have; no others can be derived from a text.
KNOWN_INPUTS = ("token_ids", "segment_ids", "padding_mask")
#: The key of the hidden states among several outputs.
HIDDEN = "sequence_output"


def as_encoder(model: keras.Model) -> keras.Model:
    """Return a model as an encoder, giving a backbone the inputs of an encoder.

    A backbone is a functional model that takes a dict of inputs, like KerasHub's; any other model
    is returned unchanged. Padding has id 0, so `padding_mask` is `token_ids != 0`.

    Args:
        model: any Keras model.

    Returns:
        A Keras model from `[token_ids, segment_ids]`, int `[B, L]`, to `[B, L, D]`. It shares its
        layers, and therefore its weights, with the backbone.

    Raises:
        ValueError: the backbone has no `token_ids`, has inputs other than `token_ids`,
            `segment_ids` and `padding_mask`, or does not return hidden states `[B, L, D]`.

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
            f"Expected a backbone with token_ids among its inputs, and no inputs other than "
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
    # `call` applies the layers one by one; `__call__` would nest the backbone as a single layer.
    hidden = _hidden_states(model.call({name: inputs[name] for name in given}))
    return keras.Model([token_ids, segment_ids], hidden, name=model.name)


def _hidden_states(output: Any) -> Any:
    hidden = output.get(HIDDEN) if isinstance(output, dict) else output
    shape = getattr(hidden, "shape", None)
    if shape is None or len(shape) != 3:
        received = sorted(output) if isinstance(output, dict) else shape
        raise ValueError(
            f"Expected a backbone that returns hidden states [B, L, D], as its only output or as "
            f"{HIDDEN!r}. Received: {received}. Wrap it in a functional Keras model from "
            "[token_ids, segment_ids] to [B, L, D]."
        )
    return hidden
