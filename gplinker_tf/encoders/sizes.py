"""The configuration of a built encoder, read off its layers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.encoders.bert import Bert
from gplinker_tf.encoders.config import BertConfig


def config_of_encoder(model: keras.Model) -> dict[str, Any] | None:
    """What `bert_from_config` builds such an encoder from; `None` if it is no such encoder.

    Nothing is kept beside the model, so a model that was saved and loaded, copied or pickled has
    its configuration too, and one with layers of one's own behind it has none.

    Args:
        model: any Keras model.

    Example:

    >>> from gplinker_tf.encoders import bert_from_config
    >>> sizes = {"vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}
    >>> config = config_of_encoder(bert_from_config(sizes))
    >>> config["vocab_size"], config["dropout_rate"], config["epsilon"]
    (100, 0.1, 1e-12)
    """
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
