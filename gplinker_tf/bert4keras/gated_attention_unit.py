"""bert4keras's gated attention unit: attention and feed-forward layers in one."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.activations import activation_of, name_of
from gplinker_tf.bert4keras.backend import apply_rotary_position_embeddings, attention_normalize
from gplinker_tf.bert4keras.initializers import fresh, serialized_initializer
from gplinker_tf.bert4keras.layer import Layer, build_part, mapped, masks_of
from gplinker_tf.bert4keras.scale_offset import ScaleOffset
from gplinker_tf.encoders.layers.dropout import Dropout


@keras.utils.register_keras_serializable(package="gplinker_tf.bert4keras")
class GatedAttentionUnit(Layer):
    """Single-head attention whose result is multiplied by a gate:

        U, V, Z = activation(X W);  Q, K = affine(Z);  O = (U * normalize(Q K^T / sqrt(S)) V) W_O

    Without `self_attention`, gate and query are computed from the first input, the key from the
    second and the value from the third, each input with its own dense layer.

    Weights, in order: kernel and bias of the joint dense layer; beta and gamma of query and of
    key; kernel and bias of the output layer. Without `self_attention`: kernel and bias of the
    layers of gate and query, key, value and output.

    Args:
        units: size of gate and value.
        key_size: `S`, size of query and key.
        activation: name or function of the activation.
        use_bias: whether the dense layers have biases, and query and key a beta.
        normalization: as for `MultiHeadAttention`.
        self_attention: whether a sequence attends to itself.
        attention_scale: divide the scores by the square root of `key_size`.
        attention_dropout: dropout rate of the attention weights.
        kernel_initializer: initializer of the kernels.
        **kwargs: standard Keras layer arguments.

    Call arguments:
        inputs: `[B, L, D]`, or a list that begins with it (without `self_attention`, with query
            `[B, L, D]`, key and value `[B, M, D]`), followed by the bias of the scores if `a_bias`,
            then by the input that `p_bias` needs.
        mask: the masks of the inputs; positions outside the first mask are not attended to.
        a_bias: whether the inputs include a bias, `[B, L, M]`: a bool attention mask, or numbers
            that are added to the scores.
        p_bias: `"rotary"` with sines and cosines, `[B, L, key_size]`; or `None`.

    Returns:
        `[B, L, D]`, with the first input's mask.

    Example:

    >>> GatedAttentionUnit(units=8, key_size=4)(tf.ones([2, 5, 6])).shape
    TensorShape([2, 5, 6])

    Source: bert4keras 0.11.5, `layers.GatedAttentionUnit`; https://arxiv.org/abs/2202.10447.
    """

    def __init__(
        self,
        units: int,
        key_size: int,
        activation: Any = "swish",
        use_bias: bool = True,
        normalization: str = "squared_relu",
        self_attention: bool = True,
        attention_scale: bool = True,
        attention_dropout: float | None = None,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units, self.key_size = units, key_size
        self.activation = activation_of(activation)
        self.use_bias = use_bias
        self.normalization = normalization
        self.self_attention = self_attention
        self.attention_scale = attention_scale
        self.attention_dropout = attention_dropout
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self._drop = Dropout(attention_dropout or 0.0)

    def build(self, input_shape: Any) -> None:
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        sizes = [shape[-1] for shape in shapes]
        if self.self_attention:
            self._add_dense("i_dense", sizes[0], 2 * self.units + self.key_size)
            for name in ("q_scaleoffset", "k_scaleoffset"):
                part = ScaleOffset(offset=self.use_bias, name=name)
                setattr(self, name, part)
                build_part(part, [None, None, self.key_size])
        else:
            self._add_dense("uq_dense", sizes[0], self.units + self.key_size)
            self._add_dense("k_dense", sizes[1], self.key_size)
            self._add_dense("v_dense", sizes[2], self.units)
        self._add_dense("o_dense", self.units, sizes[0])
        self.built = True

    def _add_dense(self, name: str, size: int, units: int) -> None:
        initializer = fresh(self.kernel_initializer)
        part = keras.layers.Dense(
            units, use_bias=self.use_bias, kernel_initializer=initializer, name=name
        )
        setattr(self, name, part)
        build_part(part, [None, size])

    def call(self, inputs: Any, mask: Any = None, a_bias: Any = None, p_bias: Any = None) -> Any:
        inputs = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        # Keras 3.0 does not pass on the masks of several inputs.
        mask = masks_of(inputs) if mask is None else mask
        mask = mask[0] if isinstance(mask, (list, tuple)) else mask
        gate, query, key, value = self._projected(inputs)
        more = inputs[1 if self.self_attention else 3 :]
        bias = more.pop(0) if a_bias else None
        if p_bias == "rotary":
            query, key = apply_rotary_position_embeddings(more[0], query, key)
        if self.attention_scale:
            query *= self.key_size**-0.5
        scores = tf.matmul(query, key, transpose_b=True)
        weights = attention_normalize(scores, mask, method=self.normalization, bias=bias)
        weights = self._drop(weights)
        return mapped(self.o_dense, gate * tf.matmul(weights, value))

    def _projected(self, inputs: list) -> tuple[tf.Tensor, ...]:
        """Return gate, query, key and value."""
        if self.self_attention:
            joint = self.activation(mapped(self.i_dense, inputs[0]))
            gate, value, shared = tf.split(joint, [self.units, self.units, self.key_size], axis=-1)
            return gate, self.q_scaleoffset(shared), self.k_scaleoffset(shared), value
        joint = self.activation(mapped(self.uq_dense, inputs[0]))
        gate, query = tf.split(joint, [self.units, self.key_size], axis=-1)
        key = self.activation(mapped(self.k_dense, inputs[1]))
        return gate, query, key, self.activation(mapped(self.v_dense, inputs[2]))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return mask[0] if isinstance(mask, (list, tuple)) else mask

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape[0] if isinstance(input_shape, list) else input_shape

    def get_config(self) -> dict[str, Any]:
        names = (
            *("units", "key_size", "use_bias", "normalization", "self_attention"),
            *("attention_scale", "attention_dropout"),
        )
        return {
            **super().get_config(),
            **{name: getattr(self, name) for name in names},
            "activation": name_of(self.activation),
            "kernel_initializer": serialized_initializer(self.kernel_initializer),
        }
