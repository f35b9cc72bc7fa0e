"""Which tensors of a checkpoint fill which layer."""

from __future__ import annotations


def tensor_names(num_hidden_layers: int) -> dict[str, list[str]]:
    """Layer name to the names of its weights in a Google checkpoint, in the layer's order.

    Args:
        num_hidden_layers: number of Transformer blocks.

    Returns:
        Names without the leading `bert/`.

    Example:

    >>> tensor_names(1)["Embedding-Norm"]
    ['embeddings/LayerNorm/beta', 'embeddings/LayerNorm/gamma']
    """
    names = {
        "Embedding-Token": ["embeddings/word_embeddings"],
        "Embedding-Segment": ["embeddings/token_type_embeddings"],
        "Embedding-Position": ["embeddings/position_embeddings"],
        "Embedding-Norm": _norm("embeddings"),
    }
    for index in range(num_hidden_layers):
        block, layer = f"encoder/layer_{index}", f"Transformer-{index}"
        names |= {
            f"{layer}-MultiHeadSelfAttention": [
                *_dense(f"{block}/attention/self/query"),
                *_dense(f"{block}/attention/self/key"),
                *_dense(f"{block}/attention/self/value"),
                *_dense(f"{block}/attention/output/dense"),
            ],
            f"{layer}-MultiHeadSelfAttention-Norm": _norm(f"{block}/attention/output"),
            f"{layer}-FeedForward": [
                *_dense(f"{block}/intermediate/dense"),
                *_dense(f"{block}/output/dense"),
            ],
            f"{layer}-FeedForward-Norm": _norm(f"{block}/output"),
        }
    return names


def _dense(scope: str) -> list[str]:
    return [f"{scope}/kernel", f"{scope}/bias"]


def _norm(scope: str) -> list[str]:
    return [f"{scope}/LayerNorm/beta", f"{scope}/LayerNorm/gamma"]
