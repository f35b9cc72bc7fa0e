"""Conversion of encoders to configurations and back."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.encoders.registry import ENCODERS, family_of

#: The key of Keras's own configuration, used for an encoder that belongs to no family.
KERAS = "keras"


def config_of_encoder(model: keras.Model) -> dict[str, Any]:
    """Return plain values, for a JSON file, from which `encoder_from_config` builds the encoder.

    For an encoder of a registered family these are the family and the sizes, which both Keras
    generations can read. For any other model they are Keras's own configuration, which only the
    same generation can read.

    Args:
        model: any Keras model.

    Raises:
        NotImplementedError, ValueError, TypeError: Keras can't serialize the model.

    Example:

    >>> from gplinker_tf.encoders import bert_from_config
    >>> sizes = {"vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}
    >>> config = config_of_encoder(bert_from_config(sizes))
    >>> config["vocab_size"], config["dropout_rate"], config["epsilon"]
    (100, 0.1, 1e-12)
    """
    for family in ENCODERS.values():
        sizes = family.config_of(model)
        if sizes is not None:
            return {"family": family.name, **sizes.to_dict()}
    return {KERAS: keras.utils.serialize_keras_object(model)}


def encoder_from_config(config: dict[str, Any]) -> keras.Model:
    """Return the encoder that `config_of_encoder` has described, with random weights.

    Custom layers are found by the names under which `register_keras_serializable` stored them.

    Args:
        config: family and sizes, or Keras's own configuration; the family defaults to BERT.

    Raises:
        ValueError: the configuration is not valid, or a class is not registered.

    Example:

    >>> tokens = keras.Input([None], dtype="int32")
    >>> model = keras.Model(tokens, keras.layers.Embedding(100, 16)(tokens))
    >>> encoder_from_config(config_of_encoder(model)).output_shape
    (None, None, 16)
    """
    if KERAS not in config:
        family = family_of(config)
        return family.build(family.config.from_dict(config)).model
    try:
        return keras.utils.deserialize_keras_object(config[KERAS])
    except Exception as error:  # of any type: a TypeError for a class that is not registered
        raise ValueError(
            f"Expected an encoder that Keras can rebuild. Received: {type(error).__name__}: "
            f"{error}. First import the module that registers its custom layers, and use the "
            "Keras generation that saved it."
        ) from error
