"""`keras.backend`, with the functions that bert4keras adds to it or Keras has dropped."""

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
    """Return the function itself; older versions of Keras needed a decorator here."""
    return f


def get_value(x: Any) -> Any:
    """Return the value of a variable or a tensor as an array; anything else unchanged."""
    return x.numpy() if hasattr(x, "numpy") else x


eval = get_value


def set_value(x: Any, value: Any) -> None:
    """Assign a value to a variable."""
    x.assign(tf.cast(value, tf.as_dtype(x.dtype)))


def batch_get_value(tensors: Iterable[Any]) -> list[Any]:
    """Return the values of variables or tensors."""
    return [get_value(x) for x in tensors]


def batch_set_value(tuples: Iterable[tuple[Any, Any]]) -> None:
    """Assign values to variables, given as pairs of variable and value."""
    for x, value in tuples:
        set_value(x, value)


def eye(size: Any, dtype: Any = None, name: str | None = None) -> tf.Tensor:
    """Return the identity matrix of a size, which may be a tensor."""
    return tf.eye(size, dtype=tf.as_dtype(dtype or keras.backend.floatx()), name=name)


def where(cond: Any, x: Any, y: Any) -> tf.Tensor:
    """Call `tf.where` with a condition of any type; `x` and `y` may be numbers.

    Args:
        cond: bool, or numbers, where 0 is false.
        x: tensor or number where `cond` is true.
        y: tensor or number elsewhere.
    """
    kinds = [value.dtype for value in (x, y) if hasattr(value, "dtype")]
    dtype = tf.as_dtype(kinds[0]) if kinds else tf.as_dtype(keras.backend.floatx())
    x, y = (tf.convert_to_tensor(value, dtype) for value in (x, y))
    return tf.where(tf.cast(cond, tf.bool), x, y)


def reshape(tensor: tf.Tensor, *shapes: Any) -> tf.Tensor:
    """Reshape a tensor, or only some of its axes.

    Args:
        tensor: the tensor to reshape.
        *shapes: one shape; or shapes, each followed by the axis it replaces, with one -1 per shape.

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
    """Merge the axes from `start` up to, but not including, `end`.

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
