"""BERT as a functional Keras model whose layers are bert4keras's, by name, order and weights."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, register
from gplinker_tf.encoders.base import Encoder
from gplinker_tf.encoders.bert.config import BertConfig
from gplinker_tf.encoders.bert.weight_names import tensor_names
from gplinker_tf.encoders.layers.dropout import Dropout
from gplinker_tf.encoders.layers.feed_forward import FeedForward
from gplinker_tf.encoders.layers.layer_normalization import LayerNormalization
from gplinker_tf.encoders.layers.position_embedding import PositionEmbedding
from gplinker_tf.encoders.layers.self_attention import SelfAttention
from gplinker_tf.encoders.layers.token_embedding import TokenEmbedding


@register
class TokenSegmentSum(keras.layers.Add):
    """Token plus segment vectors; keeps the tokens' mask, which Keras 3's `Add` drops."""

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return None if mask is None else mask[0]


class Bert(Encoder):
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
    model_class = keras.Model

    def __init__(
        self, config: BertConfig, sequence_length: int | None = None, name: str | None = None
    ) -> None:
        self.config = config
        token_ids, segment_ids = (
            keras.Input([sequence_length], dtype="int32", name=f"Input-{part}")
            for part in ("Token", "Segment")
        )
        x = self._embed(token_ids, segment_ids)
        for index in range(config.num_hidden_layers):
            x = self._block(x, token_ids, index)
        names = {} if name is None else {"name": name}
        self.model = self.model_class([token_ids, segment_ids], x, **names)
        self.layers = {layer.name: layer for layer in self.model.layers}

    def __repr__(self) -> str:
        config = self.config
        return f"{type(self).__name__}({config.num_hidden_layers} x {config.hidden_size})"

    def tensor_names(self) -> dict[str, list[str]]:
        return tensor_names(self.config.num_hidden_layers)

    def _embed(self, token_ids: Any, segment_ids: Any) -> Any:
        config = self.config
        size = config.hidden_size
        tokens = TokenEmbedding(config.vocab_size, size, mask_zero=True, name="Embedding-Token")
        segments = TokenEmbedding(config.segment_vocab_size, size, name="Embedding-Segment")
        x = TokenSegmentSum(name="Embedding-Token-Segment")(
            [tokens(token_ids), segments(segment_ids)]
        )
        x = PositionEmbedding(config.max_position, size, name="Embedding-Position")(x)
        x = LayerNormalization(config.epsilon, name="Embedding-Norm")(x)
        return self._drop(x, "Embedding-Dropout")

    def _block(self, x: Any, token_ids: Any, index: int) -> Any:
        config = self.config
        attention = SelfAttention(
            config.num_attention_heads,
            config.hidden_size // config.num_attention_heads,
            dropout=config.attention_dropout_rate,
            name=f"Transformer-{index}-MultiHeadSelfAttention",
        )
        feed_forward = FeedForward(
            config.intermediate_size, config.hidden_act, name=f"Transformer-{index}-FeedForward"
        )
        x = self._add(x, attention([x, token_ids]), attention.name)
        return self._add(x, feed_forward(x), feed_forward.name)

    def _add(self, x: Any, change: Any, name: str) -> Any:
        change = self._drop(change, f"{name}-Dropout")
        x = keras.layers.Add(name=f"{name}-Add")([x, change])
        return LayerNormalization(self.config.epsilon, name=f"{name}-Norm")(x)

    def _drop(self, x: Any, name: str) -> Any:
        rate = self.config.dropout_rate
        return Dropout(rate, name=name)(x) if rate else x


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
