"""bert4keras's `RoFormer`: attention with rotary positions."""

from __future__ import annotations

from typing import Any

from gplinker_tf.bert4keras.nezha import NEZHA
from gplinker_tf.bert4keras.sinusoidal_position_embedding import SinusoidalPositionEmbedding


class RoFormer(NEZHA):
    """A `BERT` whose attention uses rotary positions instead of learned ones.

    Args:
        **kwargs: arguments of `BERT`.

    Source: bert4keras 0.11.5, `models.RoFormer`; https://kexue.fm/archives/8265.
    """

    model_types = frozenset({"roformer"})

    def compute_position_bias(self, inputs: Any = None) -> Any:
        """Return sines and cosines of the positions, `[B or 1, L, attention_key_size]`."""
        if self.position_bias is None:
            behind = 1 + (self.segment_vocab_size > 0)
            places = self.inputs[behind] if self.custom_position_ids else None
            self.position_bias = self.apply(
                self.simplify([inputs, places]),
                SinusoidalPositionEmbedding,
                output_dim=self.attention_key_size,
                merge_mode="zero",
                custom_position_ids=self.custom_position_ids,
                name="Embedding-Rotary-Position",
            )
        return self.position_bias

    def _position_of_attention(self, x: Any) -> tuple[dict[str, Any], list]:
        return {"p_bias": "rotary"}, [self.compute_position_bias(x)]
