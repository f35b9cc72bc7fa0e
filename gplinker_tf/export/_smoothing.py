"""Scaling down of channels with large values, before activations are rounded to 8 bits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

from gplinker_tf.export.onnx_graph import all_nodes

#: How much of a channel's range is moved from the activations to the matrix: 0 moves nothing; 1
#: moves all of it, so that the matrix has the large values.
SHARE = 0.8

#: Smaller ranges are raised to this value.
SMALLEST = 1e-5


def smooth(model: onnx.ModelProto, runs: Iterable[Mapping[str, np.ndarray]]) -> onnx.ModelProto:
    """Scale down each channel that is multiplied with a matrix, and scale up the matrix's row.

        x W = (x / s) (s W),   s = max|x|^a / max|W|^(1 - a)

    The product stays the same. In a Transformer a few channels are a hundred times as large as
    the others, and 8 bits over the range of all channels would leave most of them little precision.

    Args:
        model: a graph in float32, which is changed in place.
        runs: inputs of the graph by name, from which the ranges are measured.

    Source: Xiao et al., "SmoothQuant", https://arxiv.org/abs/2211.10438.
    """
    graph = model.graph
    products = _products(graph)
    ranges = _Ranges(model, dict.fromkeys(product.input[0] for product in products), runs)
    constants = {constant.name: constant for constant in graph.initializer}
    groups = defaultdict(list)
    for product in products:
        groups[ranges.twin_of[product.input[0]]].append(product)
    for source, group in groups.items():
        matrices = {node.input[1]: constants[node.input[1]] for node in group}
        arrays = {name: numpy_helper.to_array(matrix) for name, matrix in matrices.items()}
        rows = np.max([np.abs(array).max(axis=1) for array in arrays.values()], axis=0)
        scale = _power(ranges.largest[source], SHARE) / _power(rows, 1 - SHARE)
        for name, array in arrays.items():
            matrices[name].CopyFrom(numpy_helper.from_array(array * scale[:, None], name))
        inverse, smoothed = f"{source}/inverse_scale", f"{source}/smoothed"
        graph.initializer.append(numpy_helper.from_array(1 / scale, inverse))
        place = min(list(graph.node).index(node) for node in group)
        graph.node.insert(place, onnx.helper.make_node("Mul", [source, inverse], [smoothed]))
        for node in group:
            node.input[0] = smoothed
    return model


class _Ranges:
    """The largest absolute value of each channel of some tensors, over some runs.

    Attributes:
        largest: float32 `[D]` by the tensor's name.
        twin_of: maps the name of each tensor to that of the first one with the same values: when
            several matrices share an input, the converter gives each product its own input.
    """

    def __init__(
        self,
        model: onnx.ModelProto,
        tensors: Iterable[str],
        runs: Iterable[Mapping[str, np.ndarray]],
    ) -> None:
        tensors = list(tensors)
        self.largest: dict[str, np.ndarray] = {}
        self.twin_of: dict[str, str] = {}
        session = _session_of(model, tensors)
        for inputs in runs:
            values = dict(zip(tensors, session.run(tensors, dict(inputs)), strict=True))
            if not self.twin_of:
                first: dict[tuple, str] = {}
                for name, array in values.items():
                    self.twin_of[name] = first.setdefault((array.shape, array.tobytes()), name)
            for name in self.twin_of.values():
                array = np.abs(values[name]).reshape(-1, values[name].shape[-1]).max(axis=0)
                self.largest[name] = np.maximum(array, self.largest.get(name, 0.0))


def _products(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """Return the products with a constant matrix that is used only once, not shared by layers."""
    matrices = {constant.name for constant in graph.initializer if len(constant.dims) == 2}
    uses = Counter(name for node in all_nodes(graph) for name in node.input)
    return [
        node
        for node in graph.node
        if node.op_type == "MatMul" and node.input[1] in matrices and uses[node.input[1]] == 1
    ]


def _session_of(model: onnx.ModelProto, tensors: Iterable[str]) -> onnxruntime.InferenceSession:
    """Create a session of the unchanged graph with these tensors among its outputs."""
    observed = onnx.ModelProto()
    observed.CopyFrom(model)
    for name in tensors:
        observed.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only
    return onnxruntime.InferenceSession(observed.SerializeToString(), options)


def _power(values: np.ndarray, exponent: float) -> np.ndarray:
    return np.maximum(values, SMALLEST).astype(np.float32) ** np.float32(exponent)
