"""Fusion of layer normalizations into ONNX's `LayerNormalization` operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import onnx
from onnx import numpy_helper

#: Operations whose result has the same values as their first input.
SAME_VALUES = ("Cast", "Reshape", "Identity")


def fuse_layer_normalizations(graph: onnx.GraphProto) -> None:
    """Replace `(x - mean) * (gamma / sqrt(variance + epsilon)) + beta` by one node.

    Anything that differs from this form is left unchanged.

    Args:
        graph: the graph, which is changed in place.
    """
    parts = _Parts(graph)
    fused = [found for node in graph.node if (found := parts.normalization(node)) is not None]
    for last, normalization in fused:
        place = list(graph.node).index(last)
        graph.node.remove(last)
        graph.node.insert(place, normalization)
    _remove_unused(graph)


class _Parts:
    """The nodes and constants of a graph, by the tensors that they produce."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._makers = {output: node for node in graph.node for output in node.output}
        self._constants = {constant.name: constant for constant in graph.initializer}

    def normalization(self, last: onnx.NodeProto) -> tuple[onnx.NodeProto, onnx.NodeProto] | None:
        """Return the node and its replacement if it is the last of a normalization."""
        for scaled, beta in self._operands(last, "Add"):
            for centered, factor in self._operands(self._makers.get(scaled), "Mul"):
                for inverse, gamma in self._operands(self._makers.get(factor), "Mul"):
                    source, epsilon = self._source(centered), self._epsilon(inverse, centered)
                    vectors = self._is_vector(gamma) and self._is_vector(beta)
                    if source is None or epsilon is None or not vectors:
                        continue
                    return last, onnx.helper.make_node(
                        "LayerNormalization",
                        [source, gamma, beta],
                        list(last.output),
                        name=last.name,
                        epsilon=epsilon,
                    )
        return None

    def _is_vector(self, tensor: str) -> bool:
        return tensor in self._constants and len(self._constants[tensor].dims) == 1

    def _operands(self, node: onnx.NodeProto | None, operation: str) -> Iterator[tuple[str, str]]:
        """Yield the two operands of a sum or product, in both orders."""
        if node is not None and node.op_type == operation:
            first, second = node.input
            yield first, second
            yield second, first

    def _source(self, centered: str) -> str | None:
        """Return `x` of `x - mean(x)`."""
        difference = self._makers.get(centered)
        if difference is None or difference.op_type != "Sub":
            return None
        source, mean = difference.input
        return source if self._is_mean_of(mean, source) else None

    def _epsilon(self, inverse: str, centered: str) -> float | None:
        """Return epsilon of `1 / sqrt(mean(centered * centered) + epsilon)`."""
        root = self._only_input(inverse, "Reciprocal")
        total = self._makers.get(self._only_input(root, "Sqrt"))
        for variance, epsilon in self._operands(total, "Add"):
            mean, constant = self._makers.get(variance), self._constants.get(epsilon)
            if mean is None or constant is None or not self._is_mean_of(variance, mean.input[0]):
                continue
            if (centered, centered) in self._operands(self._makers.get(mean.input[0]), "Mul"):
                return float(numpy_helper.to_array(constant))
        return None

    def _only_input(self, tensor: str | None, operation: str) -> str | None:
        node = self._makers.get(tensor)
        return node.input[0] if node is not None and node.op_type == operation else None

    def _is_mean_of(self, tensor: str, source: str) -> bool:
        """Return whether a tensor is the mean of `source` over the last axis, which is kept."""
        node = self._makers.get(tensor)
        if node is None or node.op_type != "ReduceMean" or node.input[0] != source:
            return False
        axes = self._behind_casts(node.input[1]) if len(node.input) > 1 else None
        kept = all(attribute.i for attribute in node.attribute if attribute.name == "keepdims")
        return kept and axes is not None and numpy_helper.to_array(axes).ravel().tolist() == [-1]

    def _behind_casts(self, tensor: str) -> onnx.TensorProto | None:
        """Return the constant that a tensor is, apart from its dtype and shape."""
        while (node := self._makers.get(tensor)) is not None and node.op_type in SAME_VALUES:
            tensor = node.input[0]
        return self._constants.get(tensor)


def _remove_unused(graph: onnx.GraphProto) -> None:
    """Remove nodes and constants that nothing reads anymore."""
    read = Counter(name for node in graph.node for name in node.input)
    read.update(output.name for output in graph.output)
    read.update(_read_in_branches(graph))
    for node in reversed(list(graph.node)):
        if not any(read[output] for output in node.output):
            graph.node.remove(node)
            read.subtract(node.input)
    for place in reversed(range(len(graph.initializer))):
        if not read[graph.initializer[place].name]:
            del graph.initializer[place]


def _read_in_branches(graph: onnx.GraphProto) -> Iterator[str]:
    """Yield the tensors that the branches and bodies of a graph's nodes read."""
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from (name for inner in attribute.g.node for name in inner.input)
                yield from (output.name for output in attribute.g.output)
                yield from _read_in_branches(attribute.g)
