"""Resizing of tensors from a model of another size, for `autoresize_weights`."""

from __future__ import annotations

from typing import Any

import numpy as np

from gplinker_tf.bert4keras.feed_forward import FeedForward
from gplinker_tf.bert4keras.multi_head_attention import MultiHeadAttention
from gplinker_tf.bert4keras.snippets import orthogonally_resize


def resized(
    array: np.ndarray, shape: tuple[int, ...], layer: Any, number: int, hidden_act: Any
) -> np.ndarray:
    """Resize a tensor to a weight's shape so that the layer's output keeps its scale.

    Args:
        array: the tensor.
        shape: the weight's shape.
        layer: the layer that the weight belongs to.
        number: the weight's index in the layer.
        hidden_act: activation of the feed-forward layers.

    Source: Su Jianlin, https://kexue.fm/archives/8444; bert4keras 0.11.5.
    """
    result: np.ndarray = orthogonally_resize(array, shape)
    biases = 2 if getattr(layer, "use_bias", False) else 1
    if isinstance(layer, MultiHeadAttention) and layer.attention_scale and number < 2 * biases:
        result = result * (shape[-1] / array.shape[-1]) ** 0.25
    if isinstance(layer, FeedForward):
        inner = biases - 2 if hidden_act in ("relu", "leaky_relu") else biases
        if number < inner:
            return result * np.sqrt(shape[-1] / array.shape[-1])
        return result * np.sqrt(array.shape[0] / shape[0])
    return result
