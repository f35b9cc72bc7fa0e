"""Smoothing does not change results, and makes the error of int8 much smaller."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from gplinker_tf.export._onnx_precision import in_int8
from gplinker_tf.export._smoothing import smooth

SIZE = 64
RNG = np.random.default_rng(0)
MATRICES = {name: RNG.normal(size=[SIZE, SIZE]).astype("float32") for name in "abc"}


def inputs(seed):
    """Return activations in which one channel is a hundred times as large as the others."""
    values = np.random.default_rng(seed).normal(size=[50, SIZE]).astype("float32")
    values[:, 7] *= 100
    return {"x": values}


@pytest.fixture
def model():
    """Two matrices with the same input through separate Identity nodes, and one used twice."""
    nodes = [
        helper.make_node("Identity", ["x"], ["x1"]),
        helper.make_node("Identity", ["x"], ["x2"]),
        helper.make_node("MatMul", ["x1", "a"], ["y1"]),
        helper.make_node("MatMul", ["x2", "b"], ["y2"]),
        helper.make_node("MatMul", ["x", "c"], ["y3"]),
        helper.make_node("MatMul", ["y1", "c"], ["y4"]),
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, SIZE])
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, SIZE])
        for name in ("y1", "y2", "y3", "y4")
    ]
    constants = [numpy_helper.from_array(array, name) for name, array in MATRICES.items()]
    graph = helper.make_graph(nodes, "products", [x], outputs, constants)
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 18)])


def results(model, seed=9):
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, inputs(seed))


def copy_of(model):
    other = onnx.ModelProto()
    other.CopyFrom(model)
    return other


def test_the_products_are_the_same(model):
    expected = results(model)
    smoothed = smooth(model, [inputs(1), inputs(2)])
    onnx.checker.check_model(smoothed)
    for array, other in zip(results(smoothed), expected, strict=True):
        np.testing.assert_allclose(array, other, rtol=1e-4, atol=1e-4 * np.abs(other).max())


def test_one_input_is_smoothed_once_and_a_matrix_used_twice_stays(model):
    smoothed = smooth(model, [inputs(1)])
    assert [node.op_type for node in smoothed.graph.node].count("Mul") == 1
    constants = {c.name: numpy_helper.to_array(c) for c in smoothed.graph.initializer}
    np.testing.assert_array_equal(constants["c"], MATRICES["c"])
    assert np.abs(constants["a"] - MATRICES["a"]).max() > 1


def test_int8_is_several_times_as_exact(model):
    expected = results(model)[:2]

    def error(quantized):
        both = zip(results(quantized)[:2], expected, strict=True)
        return max(np.abs(array - other).mean() for array, other in both)

    plain = error(in_int8(copy_of(model)))
    assert error(in_int8(smooth(model, [inputs(1)]))) < plain / 4
