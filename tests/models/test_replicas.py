"""Several devices: replicas step like one model; XLA compiles for the device of the weights."""

import pytest

from gplinker_tf.backend import KERAS_3, keras

pytestmark = pytest.mark.slow

SUMS_GRADIENTS = not KERAS_3 or hasattr(keras.optimizers.Optimizer, "_all_reduce_sum_gradients")

SETUP = """
import numpy as np
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)

from tiny import keras, tiny_casrel, tiny_casrel_batch
"""

STEPS = """
from gplinker_tf.training import AveragingAdam


def trained(strategy, optimizer, **settings):
    with strategy.scope():
        model = tiny_casrel()
        model.compile(optimizer(), **settings)
    # Three texts: two replicas have two and one, and the mean of their means is not the mean.
    data = tf.data.Dataset.from_tensor_slices(tiny_casrel_batch(texts=3)).batch(3).repeat()
    model.fit(data, steps_per_epoch=2, verbose=0, shuffle=False)
    return [np.array(weight) for weight in model.trainable_weights]


def clipping():
    # With so large an epsilon its steps are as long as the gradient.
    return AveragingAdam(1.0, epsilon=1.0, global_clipnorm=0.5)


for optimizer in (lambda: keras.optimizers.SGD(0.1), clipping):
    alone = trained(tf.distribute.get_strategy(), optimizer, run_eagerly=True)
    together = trained(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]), optimizer)
    start = [np.array(weight) for weight in tiny_casrel().trainable_weights]
    assert max(abs(a - s).max() for a, s in zip(alone, start)) > 1e-3
    for one, other in zip(alone, together):
        np.testing.assert_allclose(one, other, atol=1e-5)
"""

BOTH_TPLINKERS = """
from tiny import tiny_batch_for, tiny_variant
from gplinker_tf.training._strategy import new_strategy

for variant in ("tplinker", "tplinker-plus"):
    strategy = new_strategy("mirrored")
    assert strategy.num_replicas_in_sync == 2
    with strategy.scope():
        model = tiny_variant(variant)
        model.compile(keras.optimizers.SGD(0.1))
    data = tf.data.Dataset.from_tensor_slices(tiny_batch_for(model, texts=4)).batch(4).repeat()
    model.fit(data, steps_per_epoch=2, verbose=0, shuffle=False)
"""

ADVERSARIAL = """
from gplinker_tf.models._adversarial import token_embeddings

strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
with strategy.scope():
    model = tiny_casrel()
    model.compile(keras.optimizers.SGD(0.0), adversarial=0.5)
before = model.get_weights()
# Texts that differ, so that the replicas move by different steps.
data = tf.data.Dataset.from_tensor_slices(tiny_casrel_batch(texts=4)).batch(4).repeat()
model.fit(data, steps_per_epoch=2, verbose=0, shuffle=False)
assert all(map(np.array_equal, before, model.get_weights()))
table = token_embeddings(model.encoder)
table = table if isinstance(table, tf.Variable) else table.value
assert np.array_equal(*(copy.numpy() for copy in strategy.experimental_local_results(table)))
"""

DROPOUT = """
from gplinker_tf.encoders.layers.dropout import Dropout

strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
with strategy.scope():
    layer = Dropout(0.5)
drop = tf.function(lambda: layer(tf.ones([40]), training=True))


@tf.function
def last_of_two():
    # Within a loop, and within another function, no replica can wait for the other.
    return tf.while_loop(lambda i, _: i < 2, lambda i, _: (i + 1, drop()), [0, tf.ones([40])])[1]


results = [strategy.experimental_local_results(strategy.run(last_of_two)) for _ in range(2)]
assert len({bytes(x.numpy()) for pair in results for x in pair}) == 4
"""

ANOTHER_DEVICE = """
from tiny import tiny_batch, tiny_model

# As weights on a GPU are, while the batch is in the CPU's memory.
with tf.device("CPU:1"):
    model = tiny_model()
    model.compile(keras.optimizers.SGD(0.1), jit_compile=True)
before = model.get_weights()
data = tf.data.Dataset.from_tensor_slices(tiny_batch(texts=2)).batch(2).repeat()
model.fit(data, steps_per_epoch=1, verbose=0, shuffle=False)
assert not all(map(np.array_equal, before, model.get_weights()))
"""


@pytest.mark.skipif(not SUMS_GRADIENTS, reason="in this Keras each replica steps by itself")
def test_two_replicas_step_as_one(forks):
    forks.run(SETUP + STEPS)


def test_two_replicas_drop_different_values(forks):
    forks.run(SETUP + DROPOUT)


@pytest.mark.skipif(not SUMS_GRADIENTS, reason="in this Keras each replica steps by itself")
def test_adversarial_steps_of_two_replicas(forks):
    forks.run(SETUP + ADVERSARIAL)


@pytest.mark.skipif(not SUMS_GRADIENTS, reason="in this Keras each replica steps by itself")
def test_two_kinds_of_models_one_after_the_other(forks):
    """Their losses have different numbers of parts, which are summed over the replicas."""
    forks.run(SETUP + BOTH_TPLINKERS)


def test_xla_compiles_for_the_device_of_the_weights(forks):
    forks.run(SETUP + ANOTHER_DEVICE)
