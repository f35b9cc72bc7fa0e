"""The decorator of the functions `extend_with_*`, which extend optimizer classes."""

from __future__ import annotations

import functools
from collections.abc import Callable

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras.optimizers.extensible import Extensible


def export_to_custom_objects(base_extend_with: Callable[[type], type]) -> Callable[..., type]:
    """Decorate a function that extends optimizers: the new class gets a name known to Keras.

    Args:
        base_extend_with: a function from an optimizer class of `gplinker_tf.bert4keras.optimizers`
            to a subclass of it.

    Returns:
        The function, which also takes a `name`.
    """

    @functools.wraps(base_extend_with)
    def extend(BaseOptimizer: type, name: str | None = None) -> type:
        if not (isinstance(BaseOptimizer, type) and issubclass(BaseOptimizer, Extensible)):
            raise TypeError(
                "Expected Adam, Lion or AdaFactor of gplinker_tf.bert4keras.optimizers, or an "
                f"extension of one. Received: {BaseOptimizer!r}. Other optimizers cannot be "
                "extended here."
            )
        extended = base_extend_with(BaseOptimizer)
        extended.__name__ = name or f"{base_extend_with.__name__}_{BaseOptimizer.__name__}"
        keras.utils.get_custom_objects()[extended.__name__] = extended
        return extended

    # So that its visible signature includes `name`.
    del extend.__wrapped__
    return extend
