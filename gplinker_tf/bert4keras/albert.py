"""bert4keras's `ALBERT`: one block, applied repeatedly."""

from __future__ import annotations

from gplinker_tf.bert4keras.bert import BERT
from gplinker_tf.bert4keras.bert_checkpoint import dense_tensors


class ALBERT(BERT):
    """A `BERT` whose blocks all share the same weights.

    Args:
        **kwargs: arguments of `BERT`; `embedding_size` is set by the checkpoint's configuration.

    Example:

    >>> from gplinker_tf.bert4keras.models import build_transformer_model
    >>> albert = build_transformer_model(
    ...     model="albert", vocab_size=100, hidden_size=8, num_hidden_layers=3,
    ...     num_attention_heads=2, intermediate_size=16, embedding_size=4)
    >>> [layer.name for layer in albert.layers if layer.weights][-1]
    'Transformer-FeedForward-Norm'

    Source: bert4keras 0.11.5, `models.ALBERT`; https://arxiv.org/abs/1909.11942.
    """

    model_types = frozenset({"albert"})

    def _block_names(self, index: int) -> tuple[str, str]:
        return "Transformer-MultiHeadSelfAttention", "Transformer-FeedForward"

    def _epsilon(self, name: str) -> float | None:
        return None if name.startswith("Transformer") else super()._epsilon(name)

    def variable_mapping(self) -> dict[str, list[str]]:
        """Return the tensors of Google's ALBERT that fill each layer."""
        return {**super().variable_mapping(), **shared_block("Transformer")}


def shared_block(name: str) -> dict[str, list[str]]:
    """Return the tensors of ALBERT's block that fill the layers of a block.

    Args:
        name: the prefix of the layers' names.
    """
    scope = "bert/encoder/transformer/group_0/inner_group_0"
    maps = ("self/query", "self/key", "self/value", "output/dense")
    inner, outer = f"{scope}/ffn_1/intermediate/dense", f"{scope}/ffn_1/intermediate/output/dense"
    return {
        f"{name}-MultiHeadSelfAttention": [
            tensor for part in maps for tensor in dense_tensors(f"{scope}/attention_1/{part}")
        ],
        f"{name}-MultiHeadSelfAttention-Norm": [
            f"{scope}/LayerNorm/{part}" for part in ("beta", "gamma")
        ],
        f"{name}-FeedForward": [*dense_tensors(inner), *dense_tensors(outer)],
        f"{name}-FeedForward-Norm": [f"{scope}/LayerNorm_1/{part}" for part in ("beta", "gamma")],
    }
