"""BERT as a functional Keras model with bert4keras's layer names, layer order and weights."""

from __future__ import annotations

from typing import Any, ClassVar

from gplinker_tf.backend import keras
from gplinker_tf.encoders.bert.config import BertConfig
from gplinker_tf.encoders.transformer import TransformerEncoder
from gplinker_tf.encoders.transformer_config import TransformerConfig


class Bert(TransformerEncoder):
    """A BERT encoder: a functional model from token and segment ids to `[B, L, D]`.

    Token, segment and position embeddings are summed and normalized; each block then computes

        x = norm(x + dropout(attention(x)));  x = norm(x + dropout(feed_forward(x)))

    Token id 0 is padding and is not attended to, except at the first position, so that attention
    is defined for an empty row. As in bert4keras, the output carries a Keras mask; early versions
    of Keras 3 lose it.

    Args:
        config: the configuration.
        sequence_length: a fixed `L`, or `None` for any length.
        name: the Keras model's name.

    Attributes:
        config: the `BertConfig`.
        model: the Keras model; `model.layers[-2].output` is the sum before the last normalization.
        layers: the layers by name, e.g. `"Transformer-0-MultiHeadSelfAttention"`.

    Example:

    >>> import numpy as np
    >>> bert = Bert(BertConfig(
    ...     vocab_size=100, hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
    ...     intermediate_size=16))
    >>> ids = np.array([[2, 7, 3, 0]])
    >>> tuple(bert.model([ids, np.zeros_like(ids)]).shape)
    (1, 4, 8)
    >>> bert.model.layers[-2].name
    'Transformer-1-FeedForward-Add'

    Source: Devlin et al., "BERT", https://arxiv.org/abs/1810.04805; layer names after
    bert4keras, https://github.com/bojone/bert4keras.
    """

    config: BertConfig
    config_class: ClassVar[type[TransformerConfig]] = BertConfig


def bert_from_config(config: dict[str, Any]) -> keras.Model:
    """Build a BERT with random weights from a dict, such as `BertConfig.to_dict` returns.

    Args:
        config: the configuration, with the names of `BertConfig` or of a configuration file.

    Returns:
        A Keras model from `[token_ids, segment_ids]`, int `[B, L]`, to `[B, L, D]`.

    Raises:
        ValueError: the dict does not describe a BERT.

    Example:

    >>> model = bert_from_config({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16})
    >>> model.count_params()
    5528
    """
    return Bert(BertConfig.from_dict(config)).model
