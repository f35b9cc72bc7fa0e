"""The configuration of a built encoder, and the encoder of a configuration."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.encoders.registry import ENCODERS, family_of

#: The key under which a configuration has Keras's own of an encoder that is of no family.
KERAS = "keras"


def config_of_encoder(model: keras.Model) -> dict[str, Any]:
    """What `encoder_from_config` builds such an encoder from: plain values for a JSON file.

    Of an encoder of a family that is registered these are the family and the sizes, which both
    Keras generations read. Of any other model it is Keras's own configuration, which the same
    generation reads.

    Args:
        model: any Keras model.

    Raises:
        NotImplementedError, ValueError, TypeError: Keras can't tell the model's configuration.

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
    """The encoder that `config_of_encoder` told the configuration of, with random weights.

    Layers of one's own are found by the name under which `register_keras_serializable` has them.

    Args:
        config: family and sizes, or Keras's own configuration; without a family it is a BERT.

    Raises:
        ValueError: it is no such configuration, or a class is not registered.

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
    except Exception as error:  # of any kind: of a class that is not registered a TypeError
        raise ValueError(
            f"Expected an encoder that Keras can rebuild. Received: {type(error).__name__}: "
            f"{error}. First import the module that registers its custom layers, and use the "
            "Keras generation that saved it."
        ) from error
