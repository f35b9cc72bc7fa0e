"""bert4keras's `BERT`, whose methods the other families and users' subclasses replace."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras import heads
from gplinker_tf.bert4keras.bert_checkpoint import BertCheckpoint
from gplinker_tf.bert4keras.embedding import Embedding
from gplinker_tf.bert4keras.feed_forward import FeedForward
from gplinker_tf.bert4keras.keras import layers as keras_layers
from gplinker_tf.bert4keras.layer_normalization import LayerNormalization
from gplinker_tf.bert4keras.multi_head_attention import MultiHeadAttention
from gplinker_tf.bert4keras.position_embedding import PositionEmbedding
from gplinker_tf.encoders.layers.dropout import Dropout


class BERT(BertCheckpoint):
    """What `build_transformer_model(..., return_keras_model=False)` returns.

    The embeddings of token, segment and place are summed and normalized; then each block does

        x = norm(x + dropout(attention(x)));  x = norm(x + dropout(feed_forward(x)))

    Args:
        max_position: the longest sequence.
        segment_vocab_size: rows of the segment table; 0 for a model of tokens alone.
        with_pool: return the vector of the first token behind a dense layer: True for tanh, or its
            activation.
        with_nsp: return the probabilities that the second sentence follows the first.
        with_mlm: return the probabilities of the words at each place: True for softmax, or the
            activation of their scores.
        hierarchical_position: as `hierarchical` of `PositionEmbedding`.
        custom_position_ids: take the places as a further input.
        shared_segment_embeddings: look segments up in the tokens' table.
        epsilon: of the normalizations; that of the family if not given.
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

    #: What `model_type` of Hugging Face's configuration may be.
    model_types: frozenset[str] = frozenset({"bert"})

    #: Whether the maps have biases.
    _use_bias = True

    def __init__(
        self,
        max_position: int,
        segment_vocab_size: int = 2,
        with_pool: Any = False,
        with_nsp: bool = False,
        with_mlm: Any = False,
        hierarchical_position: bool | float | None = None,
        custom_position_ids: bool = False,
        shared_segment_embeddings: bool = False,
        epsilon: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.max_position = max_position
        self.segment_vocab_size = segment_vocab_size
        self.with_pool, self.with_nsp, self.with_mlm = with_pool or with_nsp, with_nsp, with_mlm
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
        """The sum of the embeddings, normalized, `[B, L, hidden_size]`."""
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
        x = self._finish_embeddings(self._placed(x, others))
        if self.embedding_size != self.hidden_size:
            x = self.apply(
                x,
                keras.layers.Dense,
                units=self.hidden_size,
                use_bias=self._use_bias,
                kernel_initializer=self.initializer,
                name="Embedding-Mapping",
            )
        return x

    def apply_main_layers(self, inputs: Any, index: int) -> Any:
        """Attention, then the feed-forward maps, each added to its input and normalized."""
        attention, feed_forward = self._block_names(index)
        bias = self.compute_attention_bias(index)
        arguments, position = self._position_of_attention(inputs)
        if bias is not None:
            arguments, position = {**arguments, "a_bias": True}, [bias, *position]
        read = self.apply(
            [inputs, inputs, inputs, *position],
            MultiHeadAttention,
            arguments,
            heads=self.num_attention_heads,
            head_size=self.attention_head_size,
            out_dim=self.hidden_size,
            key_size=self.attention_key_size,
            use_bias=self._use_bias,
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
            use_bias=self._use_bias,
            kernel_initializer=self.initializer,
            name=feed_forward,
        )
        return self._add(x, mapped, feed_forward)

    def apply_final_layers(self, inputs: Any) -> Any:
        """The outputs: those of the heads that were asked for, else the last block's."""
        outputs = []
        if self.with_pool:
            x = heads.pooled(self, inputs, self.with_pool)
            outputs.append(heads.next_sentence(self, x) if self.with_nsp else x)
        if self.with_mlm:
            x = self._normalize(heads.dense_of_masked_words(self, inputs), "MLM-Norm")
            words = heads.masked_words(self, x, self.with_mlm, "MLM-Activation", bias=True)
            outputs.append(words)
        return self.simplify(outputs) if outputs else inputs

    def _block_names(self, index: int) -> tuple[str, str]:
        """The names of attention and feed-forward layer of a block."""
        return f"Transformer-{index}-MultiHeadSelfAttention", f"Transformer-{index}-FeedForward"

    def _position_of_attention(self, x: Any) -> tuple[dict[str, Any], list]:
        """Arguments and inputs by which attention knows of places."""
        return {}, []

    def _epsilon(self, name: str) -> float | None:
        """Epsilon of a normalization where none was given; `None` for Keras's 1e-7."""
        return 1e-12

    def _placed(self, x: Any, places: list) -> Any:
        """The embeddings with those of their places; `places` is empty or one tensor."""
        return self.apply(
            self.simplify([x, *places]),
            PositionEmbedding,
            **self._table(self.max_position),
            hierarchical=self.hierarchical_position,
            custom_position_ids=self.custom_position_ids,
            name="Embedding-Position",
        )

    def _finish_embeddings(self, x: Any) -> Any:
        return self._drop(self._normalize(x, "Embedding-Norm"), "Embedding-Dropout")

    def _table(self, rows: int) -> dict[str, Any]:
        sizes = {"input_dim": rows, "output_dim": self.embedding_size}
        return {**sizes, "embeddings_initializer": self.initializer}

    def _drop(self, x: Any, name: str) -> Any:
        return self.apply(x, Dropout, rate=self.dropout_rate, name=name)

    def _add(self, x: Any, change: Any, name: str) -> Any:
        change = self._drop(change, f"{name}-Dropout")
        x = self.apply([x, change], keras_layers.Add, name=f"{name}-Add")
        return self._normalize(x, f"{name}-Norm")

    def _normalize(self, x: Any, name: str) -> Any:
        condition, hidden_size, activation = self.layer_norm_conds
        return self.apply(
            self.simplify([x, condition]),
            LayerNormalization,
            epsilon=self.epsilon or self._epsilon(name),
            conditional=condition is not None,
            hidden_units=hidden_size,
            hidden_activation=activation,
            hidden_initializer=self.initializer,
            name=name,
        )
