"""bert4keras's `BERT`, whose methods the other families and users' subclasses override."""

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
    """The BERT that `build_transformer_model(..., return_keras_model=False)` returns.

    The token, segment and position embeddings are summed and normalized; then each block computes

        x = norm(x + dropout(attention(x)));  x = norm(x + dropout(feed_forward(x)))

    Args:
        max_position: the maximum sequence length.
        segment_vocab_size: rows of the segment table; 0 for a model without segments.
        with_pool: return the first token's vector after a dense layer: True for tanh, or the
            activation of that layer.
        with_nsp: return the next-sentence probabilities.
        with_mlm: return the token probabilities at each position: True for softmax, or the
            activation of the scores.
        hierarchical_position: `hierarchical` of `PositionEmbedding`.
        custom_position_ids: take the positions as an additional input.
        shared_segment_embeddings: look up segments in the token table.
        epsilon: epsilon of the normalizations; defaults to that of the family.
        **kwargs: arguments of `Transformer`.

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

    #: The accepted values of `model_type` in Hugging Face's configuration.
    model_types: frozenset[str] = frozenset({"bert"})

    #: Whether the linear layers have biases.
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
        """Return the inputs that the model takes: token ids, segment ids and positions."""
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
        """Return the normalized sum of the embeddings, `[B, L, hidden_size]`."""
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
        """Apply attention, then the feed-forward layers, each with residual and normalization."""
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
        """Return the outputs of the requested heads, or the last block's if there are none."""
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
        """Return the names of a block's attention and feed-forward layers."""
        return f"Transformer-{index}-MultiHeadSelfAttention", f"Transformer-{index}-FeedForward"

    def _position_of_attention(self, x: Any) -> tuple[dict[str, Any], list]:
        """Return the arguments and inputs that give attention its position information."""
        return {}, []

    def _epsilon(self, name: str) -> float | None:
        """Return the default epsilon of a normalization; `None` for Keras's 1e-7."""
        return 1e-12

    def _placed(self, x: Any, places: list) -> Any:
        """Add the position embeddings to `x`; `places` is empty or has one tensor."""
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
