"""Su Jianlin's `GAU_alpha`: RoFormerV2 with one gated attention unit per block."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras.gated_attention_unit import GatedAttentionUnit
from gplinker_tf.bert4keras.roformer_v2 import RoFormerV2


class GAU_alpha(RoFormerV2):
    """A `RoFormerV2` whose blocks compute `x = norm(x + dropout(unit(x)))`.

    Args:
        **kwargs: arguments of `BERT`; `intermediate_size` is the size of the unit's gate.

    Example:

    >>> from gplinker_tf.bert4keras.models import build_transformer_model
    >>> gau = build_transformer_model(
    ...     model="gau_alpha", vocab_size=100, hidden_size=8, num_hidden_layers=2,
    ...     num_attention_heads=1, intermediate_size=16, attention_key_size=4, hidden_act="swish")
    >>> len(gau.weights)
    10

    Source: https://github.com/ZhuiyiTechnology/GAU-alpha; https://kexue.fm/archives/9052.
    """

    model_types = frozenset({"gau_alpha"})

    def initializer(  # type: ignore[override]
        self, shape: Any, dtype: Any = None, order: int = 3, gain: float = 1.0
    ) -> tf.Tensor:
        """Draw normally distributed numbers as `RoFormerV2` does."""
        return super().initializer(shape, dtype, order, gain)

    def apply_main_layers(self, inputs: Any, index: int) -> Any:
        """Apply the gated attention unit with residual connection and normalization."""
        name = f"Transformer-{index}-GatedAttentionUnit"
        bias = self.compute_attention_bias(index)
        arguments, position = self._position_of_attention(inputs)
        if bias is not None:
            arguments, position = {**arguments, "a_bias": True}, [bias, *position]
        read = self.apply(
            [inputs, *position],
            GatedAttentionUnit,
            arguments,
            units=self.intermediate_size,
            key_size=self.attention_key_size,
            activation=self.hidden_act,
            use_bias=False,
            normalization="softmax_plus",
            attention_dropout=self.attention_dropout_rate,
            kernel_initializer=self.initializer,
            name=name,
        )
        return self._add(inputs, read, name)

    def variable_mapping(self) -> dict[str, list[str]]:
        """Return the tensors of a GAU-alpha that fill each layer."""
        parts = ("i_dense/kernel", "q_scaleoffset/gamma", "k_scaleoffset/gamma", "o_dense/kernel")
        return {
            "Embedding-Token": ["bert/embeddings/word_embeddings"],
            "Embedding-Segment": ["bert/embeddings/token_type_embeddings"],
            **{
                f"Transformer-{index}-GatedAttentionUnit": [
                    f"GAU_alpha/encoder/layer_{index}/gau/{part}" for part in parts
                ]
                for index in range(self.num_hidden_layers)
            },
        }
