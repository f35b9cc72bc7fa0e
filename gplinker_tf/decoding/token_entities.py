"""Entities as token spans, however they were computed; nothing here needs TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gplinker_tf._reprs import shapes_repr

if TYPE_CHECKING:
    import numpy as np

    from gplinker_tf.backend import tf

#: The role of a span that may be a subject or an object.
EITHER = -1


class TokenEntities(NamedTuple):
    """The entities of a batch in one list, as token spans (inclusive); tensors or arrays.

    Args:
        batch: int32 `[N]`, the text of each entity.
        role: int32 `[N]`: 0 a subject, 1 an object, -1 either.
        tokens: int32 `[N, 2]`, first and last token.
    """

    batch: tf.Tensor | np.ndarray
    role: tf.Tensor | np.ndarray
    tokens: tf.Tensor | np.ndarray

    def __repr__(self) -> str:
        return shapes_repr(self)
