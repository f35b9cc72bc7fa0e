"""`keras.backend`, with the functions that bert4keras puts in it or Keras has dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gplinker_tf.backend import keras, tf

logsumexp = tf.math.reduce_logsumexp

__all__ = sorted(
    {name for name in dir(keras.backend) if not name.startswith("_")}
    | {"flatten", "logsumexp", "reshape", "symbolic", "where"}
)


def __getattr__(name: str) -> Any:
    return getattr(keras.backend, name)


def __dir__() -> list[str]:
    return __all__


def symbolic(f: Callable) -> Callable:
    """The function itself; older Kerases needed a decorator here."""
    return f


def get_value(x: Any) -> Any:
    """The value of a variable or a tensor as an array; anything else as it is."""
    return x.numpy() if hasattr(x, "numpy") else x


eval = get_value


def set_value(x: Any, value: Any) -> None:
    """Assigns a value to a variable."""
    x.assign(tf.cast(value, tf.as_dtype(x.dtype)))


def batch_get_value(tensors: Iterable[Any]) -> list[Any]:
    """The values of variables or tensors."""
    return [get_value(x) for x in tensors]


def batch_set_value(tuples: Iterable[tuple[Any, Any]]) -> None:
    """Assigns values to variables: pairs of both."""
    for x, value in tuples:
        set_value(x, value)


def eye(size: Any, dtype: Any = None, name: str | None = None) -> tf.Tensor:
    """The identity matrix of a size, which may be a tensor."""
    return tf.eye(size, dtype=tf.as_dtype(dtype or keras.backend.floatx()), name=name)


def where(cond: Any, x: Any, y: Any) -> tf.Tensor:
    """`tf.where` with a condition of any type and with numbers for `x` and `y`.

    Args:
        cond: bool, or numbers of which 0 is false.
        x: tensor or number where `cond` holds.
        y: tensor or number elsewhere.
    """
    kinds = [value.dtype for value in (x, y) if hasattr(value, "dtype")]
    dtype = tf.as_dtype(kinds[0]) if kinds else tf.as_dtype(keras.backend.floatx())
    x, y = (tf.convert_to_tensor(value, dtype) for value in (x, y))
    return tf.where(tf.cast(cond, tf.bool), x, y)


def reshape(tensor: tf.Tensor, *shapes: Any) -> tf.Tensor:
    """`tf.reshape`, or some axes only.

    Args:
        tensor: what to reshape.
        *shapes: one shape; or pairs of a shape and the axis whose place it takes, one -1 a shape.

    Example:

    >>> tuple(reshape(tf.zeros([2, 6, 5]), [2, -1], 1).shape)
    (2, 2, 3, 5)
    """
    if len(shapes) == 1:
        return tf.reshape(tensor, shapes[0])
    sizes = [[size] for size in _sizes(tensor)]
    for shape, axis in zip(shapes[::2], shapes[1::2], strict=True):
        known = tf.reduce_prod([size for size in shape if size != -1])
        sizes[axis] = [sizes[axis][0] // known if size == -1 else size for size in shape]
    return tf.reshape(tensor, [size for axis in sizes for size in axis])


def flatten(tensor: tf.Tensor, start: int | None = None, end: int | None = None) -> tf.Tensor:
    """Makes one axis of those from `start` up to, but without, `end`.

    Example:

    >>> tuple(flatten(tf.zeros([2, 3, 4, 5]), 1, 3).shape)
    (2, 12, 5)
    """
    sizes = _sizes(tensor)
    start, end = start or 0, end or len(sizes)
    return tf.reshape(tensor, [*sizes[:start], tf.reduce_prod(sizes[start:end]), *sizes[end:]])


def _sizes(tensor: tf.Tensor) -> list:
    dynamic = tf.shape(tensor)
    return [dynamic[i] if size is None else size for i, size in enumerate(tensor.shape)]
