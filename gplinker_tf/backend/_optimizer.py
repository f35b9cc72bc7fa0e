"""A base for optimizers that replace the step of Keras's Adam."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from gplinker_tf.backend._generation import KERAS_3, keras, tf
from gplinker_tf.backend._variables import resource_of


class Adam(keras.optimizers.Adam):
    """Abstract: an Adam with its own step; gradients are summed over replicas before clipping."""

    def index_of(self, variable: Any) -> int:
        """Return the index of a variable among those that the optimizer was built with."""
        if KERAS_3:
            return self._get_variable_index(variable)
        return self._index_dict[self._var_key(variable)]

    def moments_of(self, index: int) -> tuple[tf.Variable, tf.Variable]:
        """Return the first and second moment of the variable at an index."""
        return resource_of(self._momentums[index]), resource_of(self._velocities[index])

    def apply_gradients(self, grads_and_vars: Any, **kwargs: Any) -> Any:
        """Apply gradients as in Keras, but sum them over replicas before clipping."""
        context = tf.distribute.get_replica_context()
        if KERAS_3 and context is not None and context.num_replicas_in_sync > 1:
            gradients, variables = zip(*grads_and_vars, strict=True)
            sums = context.all_reduce(tf.distribute.ReduceOp.SUM, list(gradients))
            grads_and_vars = zip(sums, variables, strict=True)
        return super().apply_gradients(grads_and_vars, **kwargs)

    def _all_reduce_sum_gradients(self, grads_and_vars: Any) -> Any:
        return grads_and_vars  # Keras 3 would sum here, after each replica clipped its own

    def one_step(self) -> AbstractContextManager[None]:
        """Return a context manager that is entered around the variable updates of one step."""
        raise NotImplementedError

    def _distributed_tf_update_step(self, *args: Any, **kwargs: Any) -> Any:  # Keras 3
        with self.one_step():
            return super()._distributed_tf_update_step(*args, **kwargs)

    def _distributed_apply_gradients_fn(self, *args: Any, **kwargs: Any) -> Any:  # legacy Keras
        with self.one_step():
            return super()._distributed_apply_gradients_fn(*args, **kwargs)
