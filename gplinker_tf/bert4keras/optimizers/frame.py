"""A Keras optimizer without an update rule."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import KERAS_3, keras


class Frame(keras.optimizers.Optimizer):
    """Abstract: an optimizer with a learning rate, in both Keras generations.

    Args:
        learning_rate: step size, or a schedule.
        name: name of the optimizer.
        **kwargs: standard Keras optimizer arguments.
    """

    def __init__(self, learning_rate: Any, name: str, **kwargs: Any) -> None:
        if KERAS_3:
            super().__init__(learning_rate=learning_rate, name=name, **kwargs)
            return
        super().__init__(name=name, **kwargs)
        self._learning_rate = self._build_learning_rate(learning_rate)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        if KERAS_3:
            return config
        return {**config, "learning_rate": self._serialize_hyperparameter(self._learning_rate)}
