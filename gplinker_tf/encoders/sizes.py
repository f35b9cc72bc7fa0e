"""The configuration of a built encoder, and the encoder of a configuration."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.encoders.bert import Bert, bert_from_config
from gplinker_tf.encoders.config import BertConfig

#: The key under which a configuration has Keras's own of an encoder that is no BERT of ours.
KERAS = "keras"


def config_of_encoder(model: keras.Model) -> dict[str, Any]:
    """What `encoder_from_config` builds such an encoder from: plain values for a JSON file.

    Of a BERT that this package built these are its sizes, which both Keras generations read. They
    are read off its layers, so a model that was saved and loaded, copied or pickled has them too.
    Of any other model it is Keras's own configuration, which the same generation reads.

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
    sizes = _sizes_of_bert(model)
    return sizes or {KERAS: keras.utils.serialize_keras_object(model)}


def encoder_from_config(config: dict[str, Any]) -> keras.Model:
    """The encoder that `config_of_encoder` told the configuration of, with random weights.

    Layers of one's own are found by the name under which `register_keras_serializable` has them.

    Args:
        config: sizes of a BERT, or Keras's own configuration.

    Raises:
        ValueError: it is no such configuration, or a class is not registered.

    Example:

    >>> tokens = keras.Input([None], dtype="int32")
    >>> model = keras.Model(tokens, keras.layers.Embedding(100, 16)(tokens))
    >>> encoder_from_config(config_of_encoder(model)).output_shape
    (None, None, 16)
    """
    if KERAS not in config:
        return bert_from_config(config)
    try:
        return keras.utils.deserialize_keras_object(config[KERAS])
    except Exception as error:  # of any kind: of a class that is not registered a TypeError
        raise ValueError(
            "Expected an encoder that Keras can build anew. Received: "
            f"{type(error).__name__}: {error}. Import what registers its own layers first, and "
            "take the Keras generation that saved it."
        ) from error


def _sizes_of_bert(model: keras.Model) -> dict[str, Any] | None:
    """The sizes of a BERT that this package built, or `None` for any other model."""
    layers = {layer.name: layer for layer in model.layers}
    try:
        config = _sizes(layers)
    except (KeyError, AttributeError):
        return None
    # Names and classes do not depend on the sizes.
    heads = config.num_attention_heads
    small = replace(config, vocab_size=1, hidden_size=heads, intermediate_size=1, max_position=1)
    built = Bert(small).model
    if len(model.outputs) != 1 or _classes(model) != _classes(built):
        return None
    return config.to_dict()


def _sizes(layers: dict[str, Any]) -> BertConfig:
    tokens, dropout = layers["Embedding-Token"], layers.get("Embedding-Dropout")
    attention = layers["Transformer-0-MultiHeadSelfAttention"]
    feed_forward = layers["Transformer-0-FeedForward"]
    return BertConfig(
        vocab_size=tokens.input_dim,
        hidden_size=tokens.output_dim,
        num_hidden_layers=sum(name.endswith("-FeedForward") for name in layers),
        num_attention_heads=attention.heads,
        intermediate_size=feed_forward.units,
        hidden_act=feed_forward.activation,
        dropout_rate=0.0 if dropout is None else dropout.rate,
        attention_dropout_rate=attention.dropout,
        max_position=layers["Embedding-Position"].input_dim,
        segment_vocab_size=layers["Embedding-Segment"].input_dim,
        epsilon=layers["Embedding-Norm"].epsilon,
    )


def _classes(model: keras.Model) -> dict[str, type]:
    return {layer.name: type(layer) for layer in model.layers}
