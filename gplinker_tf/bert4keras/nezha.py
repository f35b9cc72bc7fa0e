"""bert4keras's `NEZHA`: attention with relative positions."""

from __future__ import annotations

from typing import Any

from gplinker_tf.bert4keras.backend import Sinusoidal
from gplinker_tf.bert4keras.bert import BERT
from gplinker_tf.bert4keras.relative_position_embedding import RelativePositionEmbedding

#: Distances up to 64, in both directions.
DISTANCES = 2 * 64 + 1


class NEZHA(BERT):
    """A `BERT` whose attention uses relative position vectors instead of learned positions.

    The vectors are sines and cosines, which all blocks share and training does not change.

    Args:
        **kwargs: arguments of `BERT`.

    Source: bert4keras 0.11.5, `models.NEZHA`; https://arxiv.org/abs/1909.00204.
    """

    model_types = frozenset({"nezha"})

    def compute_position_bias(self, inputs: Any = None) -> Any:
        """Return the relative position vectors, `[L, L, attention_key_size]`."""
        if self.position_bias is None:
            self.position_bias = self.apply(
                [inputs, inputs],
                RelativePositionEmbedding,
                input_dim=DISTANCES,
                output_dim=self.attention_key_size,
                embeddings_initializer=Sinusoidal(),
                name="Embedding-Relative-Position",
                trainable=False,
            )
        return self.position_bias

    def _position_of_attention(self, x: Any) -> tuple[dict[str, Any], list]:
        return {"p_bias": "typical_relative"}, [self.compute_position_bias(x)]

    def _placed(self, x: Any, places: list) -> Any:
        return x

    def _epsilon(self, name: str) -> float | None:
        return super()._epsilon(name) if name == "MLM-Norm" else None
