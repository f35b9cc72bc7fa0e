"""The sizes of a BERT, read off its layers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.encoders.bert.config import BertConfig
from gplinker_tf.encoders.bert.model import Bert


def config_of_bert(model: keras.Model) -> BertConfig | None:
    """The sizes of a BERT that this package built, or `None` for any other model.

    They are read off its layers, so a model that was saved and loaded, copied or pickled has them.
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
    return config


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
