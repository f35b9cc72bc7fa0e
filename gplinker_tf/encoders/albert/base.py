"""The base class of both ALBERT encoders: their configuration and checkpoint tensors."""

from __future__ import annotations

from typing import ClassVar

from gplinker_tf.encoders.albert.config import AlbertConfig
from gplinker_tf.encoders.checkpoints.names import GROUP
from gplinker_tf.encoders.tensor_names import Names, attention_names, dense_names, norm_names
from gplinker_tf.encoders.transformer import TransformerEncoder
from gplinker_tf.encoders.transformer_config import TransformerConfig


class AlbertEncoder(TransformerEncoder):
    """Abstract: an ALBERT, whose checkpoint holds the weights of a single block."""

    config: AlbertConfig
    config_class: ClassVar[type[TransformerConfig]] = AlbertConfig

    def block_names(self, index: int) -> Names:
        return {
            "MultiHeadSelfAttention": attention_names(f"{GROUP}/attention_1"),
            "MultiHeadSelfAttention-Norm": norm_names(f"{GROUP}/LayerNorm"),
            "FeedForward": [
                *dense_names(f"{GROUP}/ffn_1/intermediate/dense"),
                *dense_names(f"{GROUP}/ffn_1/intermediate/output/dense"),
            ],
            "FeedForward-Norm": norm_names(f"{GROUP}/LayerNorm_1"),
        }
