"""The names of tensors in Google's BERT checkpoints, without the family's prefix."""

from __future__ import annotations

from typing import TypeAlias

#: The tensor names of each layer with weights, in the layer's order.
Names: TypeAlias = dict[str, list[str]]


def embedding_names() -> Names:
    """Return the tensor names of the embeddings.

    Example:

    >>> embedding_names()["Embedding-Norm"]
    ['embeddings/LayerNorm/beta', 'embeddings/LayerNorm/gamma']
    """
    return {
        "Embedding-Token": ["embeddings/word_embeddings"],
        "Embedding-Segment": ["embeddings/token_type_embeddings"],
        "Embedding-Position": ["embeddings/position_embeddings"],
        "Embedding-Norm": norm_names("embeddings/LayerNorm"),
    }


def block_names(index: int) -> Names:
    """Return the tensor names of a block, by the last part of its layers' names.

    Example:

    >>> block_names(0)["FeedForward-Norm"]
    ['encoder/layer_0/output/LayerNorm/beta', 'encoder/layer_0/output/LayerNorm/gamma']
    """
    block = f"encoder/layer_{index}"
    return {
        "MultiHeadSelfAttention": attention_names(f"{block}/attention"),
        "MultiHeadSelfAttention-Norm": norm_names(f"{block}/attention/output/LayerNorm"),
        "FeedForward": [
            *dense_names(f"{block}/intermediate/dense"),
            *dense_names(f"{block}/output/dense"),
        ],
        "FeedForward-Norm": norm_names(f"{block}/output/LayerNorm"),
    }


def attention_names(scope: str) -> list[str]:
    """Return the tensor names of attention: query, key, value and output."""
    maps = (*(f"self/{name}" for name in ("query", "key", "value")), "output/dense")
    return [name for part in maps for name in dense_names(f"{scope}/{part}")]


def dense_names(scope: str) -> list[str]:
    """Return the tensor names of a linear map."""
    return [f"{scope}/kernel", f"{scope}/bias"]


def norm_names(scope: str) -> list[str]:
    """Return the tensor names of a normalization."""
    return [f"{scope}/beta", f"{scope}/gamma"]


def without_biases(names: Names) -> Names:
    """Remove the names of biases and of normalizations, for a family that lacks these weights.

    Example:

    >>> without_biases({"Map": dense_names("map"), "Norm": norm_names("LayerNorm")})
    {'Map': ['map/kernel']}
    """
    kernels = {
        layer: [n for n in own if not n.endswith("/bias") and "LayerNorm/" not in n]
        for layer, own in names.items()
    }
    return {layer: own for layer, own in kernels.items() if own}
