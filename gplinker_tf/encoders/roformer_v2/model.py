"""RoFormer-v2, a RoFormer without biases."""

from __future__ import annotations

from typing import Any, ClassVar

from gplinker_tf.backend import keras
from gplinker_tf.encoders.layers.rms_normalization import RMSNormalization
from gplinker_tf.encoders.roformer_v2.config import RoFormerV2Config
from gplinker_tf.encoders.transformer import TransformerEncoder
from gplinker_tf.encoders.transformer_config import TransformerConfig


class RoFormerV2(TransformerEncoder):
    """A RoFormer-v2 encoder: rotary positions, no biases, normalizations without weights.

    Args:
        config: the configuration.
        sequence_length: a fixed `L`, or `None` for any length.
        name: the Keras model's name.

    Attributes:
        config: the `RoFormerV2Config`.
        model: the Keras model.
        layers: the layers by name.

    Example:

    >>> roformer = RoFormerV2(RoFormerV2Config(
    ...     vocab_size=100, hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
    ...     intermediate_size=16))
    >>> any("bias" in weight.name for weight in roformer.model.weights)
    False

    Source: Su Jianlin, https://kexue.fm/archives/8998; bert4keras's `RoFormerV2`.
    """

    config: RoFormerV2Config
    config_class: ClassVar[type[TransformerConfig]] = RoFormerV2Config
    positions: ClassVar[str] = "rotary"
    use_bias: ClassVar[bool] = False
    normalization: ClassVar[type[keras.layers.Layer]] = RMSNormalization

    def _finish_embedding(self, x: Any) -> Any:
        return self._normalize(self._drop(x, "Embedding-Dropout"), "Embedding-Norm")
