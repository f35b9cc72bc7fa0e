"""bert4keras's `RoFormerV2`: RoFormer without biases, and with a simpler normalization."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras import heads
from gplinker_tf.bert4keras.layer_normalization import LayerNormalization
from gplinker_tf.bert4keras.roformer import RoFormer

#: A normal distribution's standard deviation, divided by that after truncation at two.
CUT_AT_TWO = 1.13684723


class RoFormerV2(RoFormer):
    """A `RoFormer` without biases, and whose normalizations have no weights.

        norm(x) = x / sqrt(mean(x^2) + epsilon)

    Args:
        **kwargs: arguments of `BERT`.

    Source: bert4keras 0.11.5, `models.RoFormerV2`; https://kexue.fm/archives/8998.
    """

    model_types = frozenset({"roformer", "roformer_v2"})

    _use_bias = False

    def initializer(  # type: ignore[override]
        self, shape: Any, dtype: Any = None, order: int = 2, gain: float = 1.0
    ) -> tf.Tensor:
        """Draw normally distributed numbers, smaller for more blocks.

        Args:
            shape: the weight's shape.
            dtype: the weight's dtype; defaults to Keras's `floatx`.
            order: the deviation is divided by this root of the number of blocks.
            gain: an additional factor.
        """
        # A table's rows are tokens or segments; otherwise the rows are the input size.
        size = shape[1] if shape[0] > 10000 or shape[0] < 10 else shape[0]
        deviation = gain * CUT_AT_TWO * size**-0.5 * self.num_hidden_layers ** (-1.0 / order)
        return tf.random.truncated_normal(
            shape, stddev=deviation, dtype=dtype or keras.backend.floatx()
        )

    def apply_final_layers(self, inputs: Any) -> Any:
        """Return the token probabilities if requested, otherwise the last block's output."""
        if not self.with_mlm:
            return inputs
        x = inputs
        if self.embedding_size != self.hidden_size:
            x = self.apply(
                x,
                keras.layers.Dense,
                units=self.embedding_size,
                use_bias=False,
                kernel_initializer=self.initializer,
                name="Output-Mapping",
            )
        x = self._drop(x, "Output-MLM-Dropout")
        return heads.masked_words(self, x, self.with_mlm, "Output-MLM-Activation", bias=False)

    def variable_mapping(self) -> dict[str, list[str]]:
        """Return the tensors of a RoFormerV2 that fill each layer, without biases and norms."""
        return {
            layer: [name for name in names if not name.endswith(("beta", "gamma", "bias"))]
            for layer, names in super().variable_mapping().items()
        }

    def _finish_embeddings(self, x: Any) -> Any:
        return self._normalize(self._drop(x, "Embedding-Dropout"), "Embedding-Norm")

    def _normalize(self, x: Any, name: str) -> Any:
        return self.apply(
            x,
            LayerNormalization,
            zero_mean=False,
            epsilon=self.epsilon,
            scale=False,
            offset=False,
            name=name,
        )
