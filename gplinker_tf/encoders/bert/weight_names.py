"""The checkpoint tensors that belong to each layer of a BERT."""

from __future__ import annotations

from gplinker_tf.encoders.tensor_names import Names, block_names, embedding_names


def tensor_names(num_hidden_layers: int) -> Names:
    """Map each layer to the names of its weights in a Google checkpoint, in the layer's order.

    Args:
        num_hidden_layers: the number of Transformer blocks.

    Returns:
        The names by layer, without the leading `bert/`.

    Example:

    >>> tensor_names(1)["Embedding-Position"]
    ['embeddings/position_embeddings']
    """
    blocks = range(num_hidden_layers)
    return embedding_names() | {
        f"Transformer-{index}-{part}": names
        for index in blocks
        for part, names in block_names(index).items()
    }
