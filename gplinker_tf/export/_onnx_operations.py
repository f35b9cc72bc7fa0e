"""Conversion to ONNX of TensorFlow operations that tf2onnx lacks or converts incorrectly.

A handler takes tf2onnx's graph, the node to replace and its name.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx


def handlers() -> dict[str, tuple[Any, list]]:
    """Return the handlers by operation name, in the form that `tf2onnx.convert` accepts."""
    by_name = {
        "Erfc": _erfc,
        "Log1p": _log1p,
        "PadV2": _pad,
        "UnsortedSegmentSum": _segment_sum,
    }
    return {name: (handler, []) for name, handler in by_name.items()}


def _erfc(graph: Any, node: Any, name: str, _: Any) -> None:
    """Convert to `1 - erf(x)`, or to `1 + erf(y c)` for the `x = -y c` of TensorFlow's gelu."""
    one = _constant(graph, name, "one", 1.0)
    product = node.inputs[0]
    if product.type == "Mul" and product.inputs[0].type == "Neg":
        # onnxruntime fuses gelu only if it is written as a division.
        divisor = _constant(graph, name, "divisor", 1 / product.inputs[1].get_tensor_value())
        quotient = _node(graph, "Div", [product.inputs[0].input[0], divisor])
        _replace(graph, node, "Add", [_node(graph, "Erf", [quotient]), one])
    else:
        _replace(graph, node, "Sub", [one, _node(graph, "Erf", [node.input[0]])])


def _log1p(graph: Any, node: Any, name: str, _: Any) -> None:
    """Convert to `2 atanh(x / (2 + x))`, exact near 0 and precise up to a few thousand."""
    two = _constant(graph, name, "two", 2.0)
    share = _node(graph, "Div", [node.input[0], _node(graph, "Add", [node.input[0], two])])
    _replace(graph, node, "Mul", [two, _node(graph, "Atanh", [share])])


def _pad(graph: Any, node: Any, name: str, _: Any) -> None:
    """Keep the type of the padding value; tf2onnx always makes it a float."""
    before_and_after = np.array(node.inputs[1].get_tensor_value()).T.ravel()
    pads = _constant(graph, name, "pads", before_and_after, np.int64)
    _replace(graph, node, "Pad", [node.input[0], pads, node.input[2]])


def _segment_sum(graph: Any, node: Any, name: str, _: Any) -> None:
    """Convert without the rank, which tf2onnx needs but which is unknown within a condition."""
    data, segments, count = node.input
    count = _node(graph, "Cast", [count], to=onnx.TensorProto.INT64)
    shape = _node(graph, "Reshape", [count, _constant(graph, name, "rank", [1], np.int64)])
    zero = onnx.helper.make_tensor("zero", graph.get_dtype(data), [1], [0])
    zeros = _node(graph, "ConstantOfShape", [shape], value=zero)
    _replace(graph, node, "ScatterElements", [zeros, segments, data], axis=0, reduction="add")


def _constant(graph: Any, name: str, role: str, value: Any, dtype: Any = np.float32) -> str:
    return graph.make_const(f"{name}_{role}", np.array(value, dtype)).output[0]


def _node(graph: Any, operation: str, inputs: Any, **attributes: Any) -> str:
    return graph.make_node(operation, list(inputs), attr=attributes).output[0]


def _replace(graph: Any, node: Any, operation: str, inputs: list[str], **attributes: Any) -> None:
    name, outputs = node.name, node.output
    known = {"shapes": [node.output_shapes[0]], "dtypes": [node.output_dtypes[0]]}
    graph.remove_node(name)
    graph.make_node(operation, inputs, attr=attributes, name=name, outputs=outputs, **known)
