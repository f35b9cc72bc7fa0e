"""BERT as a functional Keras model whose layers are bert4keras's, by name, order and weights."""

from __future__ import annotations

from typing import Any, ClassVar

from gplinker_tf.backend import keras
from gplinker_tf.encoders.bert.config import BertConfig
from gplinker_tf.encoders.transformer import TransformerEncoder
from gplinker_tf.encoders.transformer_config import TransformerConfig


class Bert(TransformerEncoder):
    """A BERT encoder: a functional model from token and segment ids to `[B, L, D]`.

    The embeddings of token, segment and place are summed and normalized; then each block does

        x = norm(x + dropout(attention(x)));  x = norm(x + dropout(feed_forward(x)))

    Token id 0 is padding; no place reads it, but for a first token (so that attention is defined
    on an empty row). A Keras mask travels with the output, as in bert4keras; early versions of
    Keras 3 lose it.

    Args:
        config: the sizes.
        sequence_length: a fixed `L`, or `None`.
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
    """A BERT with random weights from the dict that `BertConfig.to_dict` gives.

    Args:
        config: sizes, under the names of `BertConfig` or of a configuration file.

    Returns:
        A Keras model from `[token_ids, segment_ids]`, int `[B, L]`, to `[B, L, D]`.

    Raises:
        ValueError: the dict describes no BERT.

    Example:

    >>> model = bert_from_config({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16})
    >>> model.count_params()
    5528
    """
    return Bert(BertConfig.from_dict(config)).model
