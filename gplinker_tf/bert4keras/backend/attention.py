"""Attention weights and position embeddings."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.bert4keras.backend.sequences import align, biased, sequence_masking
from gplinker_tf.encoders.layers.attention_layer import exact, masked, scaled_by_length


def attention_normalize(
    a: tf.Tensor,
    mask: tf.Tensor | None = None,
    axis: int = -1,
    method: str = "softmax",
    bias: tf.Tensor | None = None,
) -> tf.Tensor:
    """Return the attention weights for attention scores.

        softmax:       softmax(a)
        squared_relu:  relu(a)^2 / n
        softmax_plus:  softmax(a log(max(n, 16)) / log 512)

    where `n` is the number of unmasked entries. With any other method, the masked scores themselves
    are returned.

    Args:
        a: scores, `[B, ..., M]`. The weights are computed in at least float32.
        mask: `[B, M]`, True on entries to keep.
        axis: the axis of length `M`.
        method: as above.
        bias: another mask if it is bool, otherwise added to `a`; it must broadcast to `a`.

    Returns:
        The weights, in the dtype of `a`. If all entries are masked, a softmax gives equal weights
        and `squared_relu` gives 0.

    Example:

    >>> scores, mask = tf.constant([[2.0, 2.0, 9.0]]), tf.constant([[True, True, False]])
    >>> attention_normalize(scores, mask).numpy().tolist()
    [[0.5, 0.5, 0.0]]

    Source: bert4keras 0.11.5; https://arxiv.org/abs/2202.10447, https://kexue.fm/archives/8823.
    """
    if method not in ("softmax", "squared_relu", "softmax_plus"):
        return sequence_masking(a, mask, -float("inf"), axis, bias)
    scores = exact(a)
    if bias is not None and bias.dtype != tf.bool:
        bias = tf.cast(bias, scores.dtype)
    scores, read = biased(scores, mask, axis, bias)
    scores = masked(scores, read)
    if method == "softmax":
        return tf.cast(tf.nn.softmax(scores, axis), a.dtype)
    if read is None:
        count = tf.cast(tf.shape(scores)[axis], scores.dtype)
    else:
        count = tf.reduce_sum(tf.cast(read, scores.dtype), axis, keepdims=True)
    if method == "squared_relu":
        weights = tf.math.divide_no_nan(tf.nn.relu(scores) ** 2, count)
    else:
        weights = tf.nn.softmax(scaled_by_length(scores, count), axis)
    return tf.cast(weights, a.dtype)


def sinusoidal_embeddings(pos: Any, dim: int, base: float = 10000) -> tf.Tensor:
    """Return sines and cosines of positions: entry `2i` is the sine of `pos / base^(2i / dim)`,
    entry `2i + 1` the cosine.

    Args:
        pos: positions, of any shape and a float dtype.
        dim: size of a position vector, even.
        base: base of the wavelengths.

    Returns:
        `[..., dim]`.

    Raises:
        ValueError: `dim` is odd.

    Example:

    >>> sinusoidal_embeddings(tf.constant([0.0]), 4).numpy().tolist()
    [[0.0, 1.0, 0.0, 1.0]]

    Source: https://arxiv.org/abs/1706.03762.
    """
    if dim % 2:
        raise ValueError(f"Expected an even size. Received: dim={dim}.")
    pos = tf.convert_to_tensor(pos)
    exponents = -2 * tf.range(dim // 2, dtype=pos.dtype) / dim
    angles = pos[..., None] * tf.cast(base, pos.dtype) ** exponents
    pairs = tf.stack([tf.sin(angles), tf.cos(angles)], axis=-1)
    return tf.reshape(pairs, tf.concat([tf.shape(pos), [dim]], axis=0))


class Sinusoidal(keras.initializers.Initializer):
    """An initializer that gives each position its sines and cosines.

    Example:

    >>> print(Sinusoidal()([2, 4]).numpy().round(2))
    [[0.   1.   0.   1.  ]
     [0.84 0.54 0.01 1.  ]]

    Source: https://arxiv.org/abs/1706.03762.
    """

    def __call__(self, shape: Any, dtype: Any = None, **kwargs: Any) -> tf.Tensor:
        size, dim = shape
        positions = tf.range(size, dtype=keras.backend.floatx())
        return sinusoidal_embeddings(positions, dim)

    def get_config(self) -> dict[str, Any]:
        return {}


def apply_rotary_position_embeddings(sinusoidal: tf.Tensor, *tensors: tf.Tensor) -> Any:
    """Rotate neighboring pairs of entries by the angles of their position.

        x_2i cos - x_2i+1 sin,  x_2i+1 cos + x_2i sin

    Args:
        sinusoidal: `[B, L, S]`, as `sinusoidal_embeddings` returns them; `B` may be 1.
        *tensors: one or more, `[B, L, ..., S]`, all of the same shape.

    Returns:
        The rotated tensor, or a list of them.

    Raises:
        ValueError: no tensor, or tensors of different shapes.

    Example:

    >>> x, angles = tf.ones([1, 2, 3, 4]), sinusoidal_embeddings(tf.range(2.0)[None], 4)
    >>> print(apply_rotary_position_embeddings(angles, x)[0, 1, 0].numpy().round(2))
    [-0.3   1.38  0.99  1.01]

    Source: bert4keras 0.11.5; https://arxiv.org/abs/2104.09864.
    """
    if len({tuple(tensor.shape) for tensor in tensors}) != 1:
        shapes = ", ".join(str(tensor.shape) for tensor in tensors)
        raise ValueError(f"Expected one or more tensors of the same shape. Received: ({shapes}).")
    sinusoidal = align(sinusoidal, [0, 1, -1], len(tensors[0].shape))
    sine, cosine = sinusoidal[..., ::2], sinusoidal[..., 1::2]

    def rotated(x: tf.Tensor) -> tf.Tensor:
        even, odd = x[..., ::2], x[..., 1::2]
        turned = tf.stack([even * cosine - odd * sine, odd * cosine + even * sine], axis=-1)
        return tf.reshape(turned, tf.shape(x))

    outputs = [rotated(tensor) for tensor in tensors]
    return outputs[0] if len(outputs) == 1 else outputs
