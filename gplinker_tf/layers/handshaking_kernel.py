"""TPLinker's handshaking kernel: one vector for each pair of tokens."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.layers.initializers import bert_initializer
from gplinker_tf.layers.triangle import triangle_pairs


@register
class HandshakingKernel(keras.layers.Layer):
    """A layer that returns a vector for each token pair whose second token is not before the first.

        h[i,j] = tanh(W [x_i; x_j] + b),  j >= i

    The `N = L (L + 1) / 2` pairs form one sequence, row by row (`triangle_pairs`). The product is
    computed per token, W [x_i; x_j] = U x_i + V x_j, which is equivalent and needs no tensor
    `[B, N, 2D]`. The output `[B, N, D]` does take memory, which the method can't avoid.

    Call arguments:
        inputs: `[B, L, D]`.

    Returns:
        `[B, N, D]`, including pairs with padding.

    Example:

    >>> layer = HandshakingKernel()
    >>> tuple(layer(tf.ones([2, 4, 8])).shape), layer.count_params()
    ((2, 10, 8), 136)

    Weights: kernel `[2D, D]`, with U above V, and bias `[D]`.

    Source: Wang et al., "TPLinker", https://arxiv.org/abs/2010.13415; the kernel named "cat" in
    https://github.com/131250208/TPlinker-joint-extraction.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        size = input_shape[-1]
        initializer = bert_initializer()
        self.kernel = self.add_weight(
            name="kernel", shape=(2 * size, size), initializer=initializer
        )
        self.bias = self.add_weight(name="bias", shape=(size,), initializer="zeros")
        self.built = True

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        of_first, of_second = tf.split(tf.convert_to_tensor(self.kernel), 2)
        first = tf.tensordot(inputs, of_first, 1) + self.bias
        second = tf.tensordot(inputs, of_second, 1)
        texts, length = tf.unstack(tf.shape(inputs)[:2])
        places = triangle_pairs(length)
        # With `batch_dims`, the gradient is a segment sum; along an axis, it would transpose.
        first, second = (
            tf.gather(part, tf.broadcast_to(place, [texts, tf.size(place)]), batch_dims=1)
            for part, place in zip((first, second), places, strict=True)
        )
        return tf.tanh(first + second)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None  # a [B, L] mask does not fit [B, N, D]

    def compute_output_shape(self, input_shape: Any) -> tuple:
        length = input_shape[1]
        pairs = None if length is None else length * (length + 1) // 2
        return input_shape[0], pairs, input_shape[2]
