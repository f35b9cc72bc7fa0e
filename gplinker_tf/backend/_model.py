"""A Keras model that takes batches and texts of any size."""

from __future__ import annotations

from typing import Any, ClassVar

from gplinker_tf.backend._generation import KERAS_3, keras, tf


class Model(keras.Model):
    """Abstract: a Keras model of inputs that vary in size.

    Attributes:
        signature: what a call takes, which a SavedModel of it takes too.
    """

    signature: ClassVar[list[tf.TensorSpec]]

    def save_with_signature(self) -> None:
        """Has SavedModels take inputs of any size, not only of the first call's."""
        if not KERAS_3:
            self._set_save_spec(self.signature)

    @property
    def _default_save_signature(self) -> Any:
        """What `tf.saved_model.save` makes the serving signature of."""
        if not KERAS_3:
            return super()._default_save_signature
        return tf.function(self.__call__, input_signature=[self.signature], autograph=False)

    def _maybe_symbolic_build(self, iterator: Any = None, data_batch: Any = None) -> None:
        # To see a batch's shapes Keras 3 takes the mean of all replicas' batches, which differ in
        # size; nothing here waits for shapes but an optimizer for its variables.
        if self.optimizer is not None and not self.optimizer.built:
            with self.distribute_strategy.scope():
                self.optimizer.build(self.trainable_variables)
