"""bert4keras's attention layer, with the same arguments and weights."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.backend import apply_rotary_position_embeddings, attention_normalize
from gplinker_tf.bert4keras.initializers import fresh, serialized_initializer
from gplinker_tf.bert4keras.layer import Layer, build_part, mapped, masks_of
from gplinker_tf.encoders.layers.dropout import Dropout


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class MultiHeadAttention(Layer):
    """Multi-head attention: each query position gets a weighted mean of the values, per head:

        normalize(Q_h K_h^T / sqrt(key_size)) V_h, with the heads concatenated, times W_O, plus b_O

    Weights, in order: kernel and bias of query, key, value and output. A subclass may override
    `pay_attention_to`.

    Args:
        heads: number of heads.
        head_size: size of a head's value.
        out_dim: size of the output; defaults to `heads * head_size`.
        key_size: size of a head's query and key; defaults to `head_size`.
        use_bias: whether the four dense layers have biases.
        normalization: `"softmax"`, `"squared_relu"` (https://arxiv.org/abs/2202.10447),
            `"softmax_plus"` (https://kexue.fm/archives/8823); any other value uses the masked
            scores themselves as weights.
        attention_scale: divide the scores by the square root of `key_size`.
        attention_dropout: dropout rate of the attention weights.
        return_attention_scores: also return the scores.
        kernel_initializer: initializer of the four kernels.
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: a list of query `[B, L, D]`, key and value `[B, M, D]`, followed by the bias of the
            scores if `a_bias`, then by the input that `p_bias` needs.
        mask: the masks of the inputs; positions outside the value's mask are not attended to.
        a_bias: whether the inputs include a bias, `[B, L, M]` or `[B, H, L, M]`: a bool attention
            mask, or numbers that are added to the scores.
        p_bias: `"rotary"` with sines and cosines, `[B, L, key_size]`; `"typical_relative"` with
            `[L, M, key_size]`; `"t5_relative"` with `[L, M, heads]`; or `None`.

    Returns:
        `[B, L, out_dim]` with the query's mask; with `return_attention_scores`, a list of that and
        the scores, `[B, H, L, M]`, before masking and normalization.

    Example:

    >>> x = tf.ones([2, 5, 8])
    >>> MultiHeadAttention(heads=2, head_size=4)([x, x, x]).shape
    TensorShape([2, 5, 8])

    Source: bert4keras 0.11.5, `layers.MultiHeadAttention`; https://arxiv.org/abs/1706.03762.
    """

    def __init__(
        self,
        heads: int,
        head_size: int,
        out_dim: int | None = None,
        key_size: int | None = None,
        use_bias: bool = True,
        normalization: str = "softmax",
        attention_scale: bool = True,
        attention_dropout: float | None = None,
        return_attention_scores: bool = False,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.heads, self.head_size = heads, head_size
        self.out_dim, self.key_size = out_dim or heads * head_size, key_size or head_size
        self.use_bias = use_bias
        self.normalization = normalization
        self.attention_scale = attention_scale
        self.attention_dropout = attention_dropout
        self.return_attention_scores = return_attention_scores
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.q_dense = self._dense("query", heads * self.key_size)
        self.k_dense = self._dense("key", heads * self.key_size)
        self.v_dense = self._dense("value", heads * head_size)
        self.o_dense = self._dense("output", self.out_dim)
        self._drop = Dropout(attention_dropout or 0.0)

    def _dense(self, name: str, units: int) -> keras.layers.Dense:
        initializer = fresh(self.kernel_initializer)
        return keras.layers.Dense(
            units, use_bias=self.use_bias, kernel_initializer=initializer, name=name
        )

    def build(self, input_shape: Any) -> None:
        build_part(self.q_dense, input_shape[0])
        build_part(self.k_dense, input_shape[1])
        build_part(self.v_dense, input_shape[2])
        build_part(self.o_dense, [None, None, self.heads * self.head_size])
        self.built = True

    # Keras 3 passes no mask on if it finds `None` in `kwargs`: hence the two named arguments.
    def call(
        self, inputs: Any, mask: Any = None, a_bias: Any = None, p_bias: Any = None, **kwargs: Any
    ) -> Any:
        parts = zip(
            (self.q_dense, self.k_dense, self.v_dense),
            inputs,
            (self.key_size, self.key_size, self.head_size),
            strict=False,
        )
        heads = [self._split(mapped(dense, x), size) for dense, x, size in parts]
        # Keras 3.0 passes no mask on to a call with `kwargs`.
        mask = masks_of(inputs) if mask is None else mask
        outputs, scores = self.pay_attention_to(
            [*heads, *inputs[3:]], [mask[0], mask[2]], a_bias=a_bias, p_bias=p_bias, **kwargs
        )
        batch, length = tf.unstack(tf.shape(outputs)[:2])
        outputs = tf.reshape(outputs, [batch, length, self.heads * self.head_size])
        outputs = mapped(self.o_dense, outputs)
        return [outputs, scores] if self.return_attention_scores else outputs

    def _split(self, x: tf.Tensor, size: int) -> tf.Tensor:
        batch, length = tf.unstack(tf.shape(x)[:2])
        return tf.reshape(x, [batch, length, self.heads, size])

    def pay_attention_to(self, inputs: Any, mask: Any = None, **kwargs: Any) -> Any:
        """Compute the attention; a subclass may override it to attend differently.

        Args:
            inputs: query `[B, L, H, key_size]`, key `[B, M, H, key_size]` and value
                `[B, M, H, head_size]`, followed by the further inputs of `call`.
            mask: the masks of the query and the value, each bool or `None`.
            **kwargs: `a_bias` and `p_bias` of `call`.

        Returns:
            The weighted values, `[B, L, H, head_size]`, and the scores.
        """
        query, key, value, *more = inputs
        bias = more.pop(0) if kwargs.get("a_bias") else None
        position = kwargs.get("p_bias")
        if position == "rotary":
            query, key = apply_rotary_position_embeddings(more[0], query, key)
        scale = self.key_size**-0.5 if self.attention_scale else 1.0
        query = query * scale
        query, key, value = (tf.transpose(x, [0, 2, 1, 3]) for x in (query, key, value))
        scores = tf.matmul(query, key, transpose_b=True)
        if position == "typical_relative":
            scores += tf.einsum("bhjd,jkd->bhjk", query, more[0])
        elif position == "t5_relative":
            scores += scale * tf.transpose(more[0], [2, 0, 1])
        if bias is not None and len(bias.shape) == 3:
            bias = bias[:, None]
        weights = attention_normalize(scores, mask[1], method=self.normalization, bias=bias)
        weights = self._drop(weights)
        read = tf.matmul(weights, value)
        if position == "typical_relative":
            read += tf.einsum("bhjk,jkd->bhjd", weights, more[0])
        return tf.transpose(read, [0, 2, 1, 3]), scores

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        if mask is None:
            return None
        return [mask[0], None] if self.return_attention_scores else mask[0]

    def compute_output_shape(self, input_shape: Any) -> Any:
        batch, length = input_shape[0][:2]
        outputs = (batch, length, self.out_dim)
        if not self.return_attention_scores:
            return outputs
        return [outputs, (batch, self.heads, length, input_shape[1][1])]

    def get_config(self) -> dict[str, Any]:
        names = (
            *("heads", "head_size", "out_dim", "key_size", "use_bias", "normalization"),
            *("attention_scale", "attention_dropout", "return_attention_scores"),
        )
        initializer = serialized_initializer(self.kernel_initializer)
        config = {name: getattr(self, name) for name in names}
        return {**super().get_config(), **config, "kernel_initializer": initializer}
