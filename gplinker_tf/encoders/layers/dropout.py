"""Dropout with fast random numbers."""

from __future__ import annotations

import random
from typing import Any

from gplinker_tf.backend import AutoTrackable, keras, layers_within, register, tf

LEVELS = 2**16

#: The offset between the seeds of one replica and the next; a run draws fewer seeds than this.
REPLICA_SEEDS = 2**27


@register
class Dropout(keras.layers.Layer):
    """A layer that sets a fraction of the values to 0 in training and scales the others up.

    It draws 16 random bits per value, while Keras draws 32 and converts them to a float; this
    takes half the time on a CPU. The rate is exact to 1 / 65536. For repeatable results, call
    `keras.utils.set_random_seed` before creating the layer.

    Args:
        rate: the fraction of values to drop, in [0, 1).

    Attributes:
        seeds: the source of its random bits, a `RandomSeeds`.

    Call arguments:
        inputs: a float tensor of any shape.
        training: whether to drop.

    Returns:
        A tensor of the same shape.

    Example:

    >>> layer = Dropout(0.5)
    >>> layer(tf.ones([2, 2]), training=False).numpy().tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    >>> bool(tf.reduce_all(layer(tf.ones([9, 9]), training=True) % 2 == 0))
    True

    Source: Srivastava et al., "Dropout", https://jmlr.org/papers/v15/srivastava14a.html.
    """

    def __init__(self, rate: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = rate
        self.seeds = RandomSeeds()
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        self.built = True

    def call(self, inputs: Any, training: Any = None) -> tf.Tensor:
        outputs = inputs
        if training:
            outputs = _drop(inputs, self.rate, self.seeds.next())
        return outputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rate": self.rate}


class RandomSeeds(AutoTrackable):
    """A sequence of seeds for stateless random operations.

    Its state is a single variable, so that training can resume where it stopped.

    Attributes:
        state: int64 `[2]`: an initial number from Python's `random`, and how many seeds were
            drawn. Neither generation of Keras counts it among the weights.

    Example:

    >>> seeds = RandomSeeds()
    >>> first, second = seeds.next().numpy(), seeds.next().numpy()
    >>> (second - first).tolist(), int(seeds.state.numpy()[1])
    ([0, 1], 2)
    """

    def __init__(self) -> None:
        self.state = tf.Variable(
            [random.randrange(2**31), 0],
            trainable=False,
            # TensorFlow keeps int32 variables in CPU memory, where XLA on a GPU can't use them.
            dtype=tf.int64,
            # Each replica has its own count, since it may draw in a loop or compiled function.
            synchronization=tf.VariableSynchronization.ON_READ,
            aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
        )

    def __repr__(self) -> str:
        return "RandomSeeds()"

    @staticmethod
    def within(model: keras.Model) -> list[RandomSeeds]:
        """Return the seeds of all dropout layers of a model, in its order."""
        return [layer.seeds for layer in layers_within(model) if isinstance(layer, Dropout)]

    def next(self) -> tf.Tensor:
        """Return the next seed, int32 `[2]`, which differs between replicas."""
        context = tf.distribute.get_replica_context()
        replica = 0 if context is None else context.replica_id_in_sync_group
        self.state.assign_add([0, 1])
        return tf.cast(self.state, tf.int32) + tf.stack([0, replica * REPLICA_SEEDS])


def _drop(x: tf.Tensor, rate: float, seed: tf.Tensor) -> tf.Tensor:
    dropped_levels = round(rate * LEVELS)
    kept = _random_uint16(tf.shape(x), seed) >= tf.constant(dropped_levels, tf.uint16)
    return x * (tf.cast(kept, x.dtype) * (LEVELS / (LEVELS - dropped_levels)))


def _random_uint16(shape: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    size = tf.reduce_prod(shape)
    words = tf.random.stateless_uniform(
        [(size + 1) // 2], seed, minval=None, maxval=None, dtype=tf.uint32
    )
    return tf.reshape(tf.reshape(tf.bitcast(words, tf.uint16), [-1])[:size], shape)
