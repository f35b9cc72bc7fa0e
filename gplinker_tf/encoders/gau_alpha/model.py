"""GAU-alpha, whose blocks are gated attention units."""

from __future__ import annotations

from typing import Any, ClassVar

from gplinker_tf.backend import keras
from gplinker_tf.encoders.gau_alpha.config import GauAlphaConfig
from gplinker_tf.encoders.layers.gated_attention_unit import GatedAttentionUnit
from gplinker_tf.encoders.layers.rms_normalization import RMSNormalization
from gplinker_tf.encoders.tensor_names import Names
from gplinker_tf.encoders.transformer import TransformerEncoder
from gplinker_tf.encoders.transformer_config import TransformerConfig

UNIT = "GatedAttentionUnit"


class GauAlpha(TransformerEncoder):
    """A GAU-alpha encoder: a stack of gated attention units, `x = norm(x + dropout(unit(x)))`.

    Args:
        config: the configuration.
        sequence_length: a fixed `L`, or `None` for any length.
        name: the Keras model's name.

    Attributes:
        config: the `GauAlphaConfig`.
        model: the Keras model.
        layers: the layers by name, e.g. `"Transformer-0-GatedAttentionUnit"`.

    Example:

    >>> gau = GauAlpha(GauAlphaConfig.from_dict({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 2, "intermediate_size": 16,
    ...     "attention_key_size": 4}))
    >>> gau.model.output_shape
    (None, None, 8)

    Source: Su Jianlin, https://kexue.fm/archives/9052;
    https://github.com/ZhuiyiTechnology/GAU-alpha.
    """

    config: GauAlphaConfig
    config_class: ClassVar[type[TransformerConfig]] = GauAlphaConfig
    positions: ClassVar[str] = "rotary"
    use_bias: ClassVar[bool] = False
    normalization: ClassVar[type[keras.layers.Layer]] = RMSNormalization

    def block_names(self, index: int) -> Names:
        unit = f"encoder/layer_{index}/gau"
        kernels = [f"{unit}/{name}_dense/kernel" for name in "io"]
        return {UNIT: [*kernels, *(f"{unit}/{name}_scaleoffset/gamma" for name in "qk")]}

    def _finish_embedding(self, x: Any) -> Any:
        return self._normalize(self._drop(x, "Embedding-Dropout"), "Embedding-Norm")

    def _block(self, x: Any, token_ids: Any, index: int) -> Any:
        config = self.config
        unit = self._layer(
            index,
            UNIT,
            GatedAttentionUnit,
            units=config.intermediate_size,
            key_size=config.attention_key_size,
            dropout=config.attention_dropout_rate,
        )
        return self._add(x, unit([x, token_ids]), index, UNIT)

    @classmethod
    def _sizes_of_blocks(cls, layers: dict[str, Any]) -> dict[str, Any]:
        unit = layers[cls.layer_name(0, UNIT)]
        return {
            "num_hidden_layers": sum(name.endswith(f"{UNIT}-Add") for name in layers),
            "attention_dropout_rate": unit.dropout,
            "intermediate_size": unit.units,
            "attention_key_size": unit.key_size,
        }
