"""bert4keras's `BERT`, whose methods a subclass replaces."""

from __future__ import annotations

from typing import Any

import numpy as np

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.embedding import Embedding
from gplinker_tf.bert4keras.feed_forward import FeedForward
from gplinker_tf.bert4keras.keras import layers as keras_layers
from gplinker_tf.bert4keras.layer_normalization import LayerNormalization
from gplinker_tf.bert4keras.multi_head_attention import MultiHeadAttention
from gplinker_tf.bert4keras.position_embedding import PositionEmbedding
from gplinker_tf.bert4keras.transformer import Transformer
from gplinker_tf.encoders.bert.weight_names import tensor_names
from gplinker_tf.encoders.layers.dropout import Dropout


class BERT(Transformer):
    """What `build_transformer_model(..., return_keras_model=False)` returns.

    The embeddings of token, segment and place are summed and normalized; then each block does

        x = norm(x + dropout(attention(x)));  x = norm(x + dropout(feed_forward(x)))

    Args:
        max_position: the longest sequence.
        segment_vocab_size: rows of the segment table; 0 for a model of tokens alone.
        hierarchical_position: as `hierarchical` of `PositionEmbedding`.
        custom_position_ids: take the places as a further input.
        shared_segment_embeddings: look segments up in the tokens' table.
        epsilon: of the normalizations.
        **kwargs: those of `Transformer`.

    Example:

    >>> class Wider(BERT):
    ...     def apply_final_layers(self, inputs):
    ...         return self.apply(inputs, keras.layers.Dense, units=12, name="Wider")
    >>> from gplinker_tf.bert4keras.models import build_transformer_model
    >>> bert = build_transformer_model(
    ...     vocab_size=100, hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
    ...     intermediate_size=16, model=Wider)
    >>> tuple(bert.output.shape)
    (None, None, 12)

    Source: bert4keras 0.11.5, `models.BERT`; https://arxiv.org/abs/1810.04805.
    """

    def __init__(
        self,
        max_position: int,
        segment_vocab_size: int = 2,
        hierarchical_position: bool | float | None = None,
        custom_position_ids: bool = False,
        shared_segment_embeddings: bool = False,
        epsilon: float = 1e-12,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.max_position = max_position
        self.segment_vocab_size = segment_vocab_size
        self.hierarchical_position = hierarchical_position
        self.custom_position_ids = custom_position_ids
        self.shared_segment_embeddings = shared_segment_embeddings
        self.epsilon = epsilon

    def get_inputs(self) -> list:
        """Token ids, segment ids and places, as far as the model takes them."""
        wanted = {
            "Token": True,
            "Segment": self.segment_vocab_size > 0,
            "Position": self.custom_position_ids,
        }
        return [
            self.apply(
                layer=keras.layers.Input,
                shape=(self.sequence_length,),
                dtype="int32",
                name=f"Input-{part}",
            )
            for part, there in wanted.items()
            if there
        ]

    def apply_embeddings(self, inputs: list) -> Any:
        """The sum of the three embeddings, normalized, `[B, L, hidden_size]`."""
        tokens, *others = inputs
        x = self.apply(
            tokens,
            Embedding,
            **self._table(self.vocab_size),
            mask_zero=True,
            name="Embedding-Token",
        )
        if self.segment_vocab_size > 0:
            name = "Embedding-Token" if self.shared_segment_embeddings else "Embedding-Segment"
            table = self._table(self.segment_vocab_size)
            segments = self.apply(others.pop(0), Embedding, **table, name=name)
            x = self.apply([x, segments], keras_layers.Add, name="Embedding-Token-Segment")
        x = self.apply(
            self.simplify([x, *others]),
            PositionEmbedding,
            **self._table(self.max_position),
            hierarchical=self.hierarchical_position,
            custom_position_ids=self.custom_position_ids,
            name="Embedding-Position",
        )
        x = self._normalize(x, "Embedding-Norm")
        x = self.apply(x, Dropout, rate=self.dropout_rate, name="Embedding-Dropout")
        if self.embedding_size != self.hidden_size:
            x = self.apply(
                x,
                keras.layers.Dense,
                units=self.hidden_size,
                kernel_initializer=self.initializer,
                name="Embedding-Mapping",
            )
        return x

    def apply_main_layers(self, inputs: Any, index: int) -> Any:
        """Attention, then the feed-forward maps, each added to its input and normalized."""
        attention = f"Transformer-{index}-MultiHeadSelfAttention"
        feed_forward = f"Transformer-{index}-FeedForward"
        bias = self.compute_attention_bias(index)
        biases = [] if bias is None else [bias]
        read = self.apply(
            [inputs, inputs, inputs, *biases],
            MultiHeadAttention,
            {"a_bias": True if biases else None},
            heads=self.num_attention_heads,
            head_size=self.attention_head_size,
            out_dim=self.hidden_size,
            key_size=self.attention_key_size,
            attention_dropout=self.attention_dropout_rate,
            kernel_initializer=self.initializer,
            name=attention,
        )
        x = self._add(inputs, read, attention)
        mapped = self.apply(
            x,
            FeedForward,
            units=self.intermediate_size,
            activation=self.hidden_act,
            kernel_initializer=self.initializer,
            name=feed_forward,
        )
        return self._add(x, mapped, feed_forward)

    def apply_final_layers(self, inputs: Any) -> Any:
        """The outputs: the last block's."""
        return inputs

    def _table(self, rows: int) -> dict[str, Any]:
        sizes = {"input_dim": rows, "output_dim": self.embedding_size}
        return {**sizes, "embeddings_initializer": self.initializer}

    def _add(self, x: Any, change: Any, name: str) -> Any:
        change = self.apply(change, Dropout, rate=self.dropout_rate, name=f"{name}-Dropout")
        x = self.apply([x, change], keras_layers.Add, name=f"{name}-Add")
        return self._normalize(x, f"{name}-Norm")

    def _normalize(self, x: Any, name: str) -> Any:
        condition, hidden_size, activation = self.layer_norm_conds
        return self.apply(
            self.simplify([x, condition]),
            LayerNormalization,
            epsilon=self.epsilon,
            conditional=condition is not None,
            hidden_units=hidden_size,
            hidden_activation=activation,
            hidden_initializer=self.initializer,
            name=name,
        )

    def load_variable(self, checkpoint: Any, name: str) -> np.ndarray:
        """A tensor of a checkpoint; the tokens' table as this vocabulary has it."""
        array = super().load_variable(checkpoint, name)
        return self.load_embeddings(array) if name == "bert/embeddings/word_embeddings" else array

    def variable_mapping(self) -> dict[str, list[str]]:
        """The tensors of Google's checkpoint that fill each layer."""
        mapping = {
            layer: [f"bert/{name}" for name in names]
            for layer, names in tensor_names(self.num_hidden_layers).items()
        }
        scope = "bert/encoder/embedding_hidden_mapping_in"
        mapping["Embedding-Mapping"] = [f"{scope}/kernel", f"{scope}/bias"]
        return mapping
