"""A Keras model that accepts batches and texts of any size."""

from __future__ import annotations

from typing import Any, ClassVar

from gplinker_tf.backend._generation import KERAS_3, keras, tf


class Model(keras.Model):
    """Abstract: a Keras model whose inputs vary in size.

    Attributes:
        signature: the input signature of a call, also used for a SavedModel.
    """

    signature: ClassVar[list[tf.TensorSpec]]

    def save_with_signature(self) -> None:
        """Make SavedModels accept inputs of any size, not only that of the first call."""
        if not KERAS_3:
            self._set_save_spec(self.signature)

    @property
    def _default_save_signature(self) -> Any:
        """The function from which `tf.saved_model.save` derives the serving signature."""
        if not KERAS_3:
            return super()._default_save_signature
        return tf.function(self.__call__, input_signature=[self.signature], autograph=False)

    def _maybe_symbolic_build(self, iterator: Any = None, data_batch: Any = None) -> None:
        # To determine a batch's shapes, Keras 3 averages the batches of all replicas, which differ
        # in size. Only the optimizer still has to be built here, and it needs no shapes.
        if self.optimizer is not None and not self.optimizer.built:
            with self.distribute_strategy.scope():
                self.optimizer.build(self.trainable_variables)
