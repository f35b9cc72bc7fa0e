"""Deterministic training: no operation is used that TensorFlow refuses to run so on a GPU."""

import numpy as np
import pytest
from reference import LEGACY
from tiny import tiny_batch, tiny_variant

from gplinker_tf.backend import tf
from gplinker_tf.comparison import VARIANTS
from gplinker_tf.training import AveragingAdam

pytestmark = pytest.mark.slow

#: Operations whose GPU kernels raise `UnimplementedError` under `enable_op_determinism`.
#: Source: the messages in TensorFlow 2.21's library.
REFUSED = {
    *("AdjustContrastv2", "Bincount", "DenseBincount", "CropAndResizeGradBoxes"),
    *("CropAndResizeGradImage", "Dilation2DBackpropFilter", "Dilation2DBackpropInput"),
    *("FakeQuantWithMinMaxVarsGradient", "FakeQuantWithMinMaxVarsPerChannelGradient"),
    *("MaxPoolGradWithArgmax", "ResizeNearestNeighborGrad", "SparseTensorDenseMatMul", "Timestamp"),
}


def operations(function):
    """Return the types of all operations in a graph and in the functions it calls."""
    graph = function.get_concrete_function().graph.as_graph_def()
    nodes = [*graph.node, *(node for f in graph.library.function for node in f.node_def)]
    return {node.op for node in nodes}


#: Losses and decoding use the same operations in both generations; layers and optimizers differ.
CHECKED = ("casrel", "gplinker-efficient", "tplinker") if LEGACY else VARIANTS


@pytest.mark.parametrize("variant", CHECKED)
def test_no_operation_is_refused(variant):
    model = tiny_variant(variant)
    inputs, _ = tiny_batch()
    quintuples = [np.array([[1, 1, 0, 2, 2]])] * len(inputs[0])
    labels = model.target_builder(quintuples, inputs[0], np.random.default_rng(0))
    model.compile(AveragingAdam(1e-3))
    model.optimizer.build(model.trainable_variables)
    data = tf.nest.map_structure(tf.constant, (inputs, labels))
    decoding = tf.function(lambda: model.decode(data[0], 0.0, 100), autograph=False)
    training = tf.function(lambda: model.train_step(data), autograph=False)
    used = operations(decoding) | operations(training)
    assert not used & REFUSED
    assert {"MatMul", "Where"} <= used
