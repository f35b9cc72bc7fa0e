"""GlobalPointer: one query and one key per label."""

from __future__ import annotations

import numpy as np

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.layers._pointer_layer import PointerLayer
from gplinker_tf.layers.pointer_factors import PointerFactors
from gplinker_tf.layers.rotary import rotate_apart

#: The share of components that RoPE rotates least: by under a sixth of a turn over 512 tokens.
STILL = 0.25


@register
class GlobalPointer(PointerLayer):
    """A pointer layer that scores token pairs with a separate query and key per label.

        s[h,m,n] = (R_m q[h,m]) . (R_n k[h,n]) / sqrt(S)

    If the input has a mask, pairs with padding score -inf; the output has no mask.

    Args:
        heads: `H`, the number of labels.
        head_size: `S`, the size of a query.
        RoPE: whether to rotate query and key by their positions, `R`.
        use_bias: whether the projection has a bias.
        tril_mask: whether pairs with the end before the start score -inf.
        kernel_initializer: initializer of the projection.
        **kwargs: further arguments of a Keras layer.

    Call arguments:
        inputs: hidden states `[B, L, D]`.
        mask: bool `[B, L]`, True on tokens.

    Returns:
        Logits `[B, H, L, L]`. `factors(inputs)`, within a `call`, returns `PointerFactors` with
        `query` and `key` `[B, L, H, S]` and no biases.

    Raises:
        ValueError: `heads` or `head_size` below 1, or an odd `head_size` with `RoPE`.

    Example:

    >>> layer = GlobalPointer(heads=2, head_size=64)
    >>> layer(tf.zeros([1, 5, 768])).shape, layer.count_params()
    (TensorShape([1, 2, 5, 5]), 196864)

    Weights: kernel `[D, 2HS]` and bias; for each label, `S` columns of the query, then `S` of the
    key, as in bert4keras 0.11.5.

    Source: Su Jianlin, "GlobalPointer", https://kexue.fm/archives/8373.
    """

    def _make_parts(self) -> None:
        self.dense = self._dense(2 * self.heads * self.head_size, name="dense")

    def _parts(self, input_size: int) -> list[tuple[keras.layers.Dense, int]]:
        return [(self.dense, input_size)]

    def _assign_biases(self, score: float) -> None:
        # Queries and keys point in opposite directions, in components that RoPE hardly rotates.
        still = np.arange(self.head_size) >= (1 - STILL) * self.head_size
        size = (-score * self.head_size**0.5 / still.sum()) ** 0.5
        columns = np.stack([still * size, still * -size])
        self.dense.bias.assign(np.tile(columns.ravel(), self.heads))

    def factors(self, inputs: tf.Tensor) -> PointerFactors:
        """Return the query and key of each label; see the class."""
        projected = self.dense(inputs)
        shape = tf.shape(projected)
        both = tf.reshape(projected, [shape[0], shape[1], self.heads, 2, self.head_size])
        if self.RoPE:
            query, key = tf.unstack(rotate_apart(both, [3, 0, 1, 2]))
        else:
            query, key = tf.unstack(both, axis=3)
        return PointerFactors(query, key, None, None)
