"""Conversion of a model and its decoding to an ONNX graph."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
import tf2onnx

import gplinker_tf
from gplinker_tf.backend import tf
from gplinker_tf.export._onnx_fusion import fuse_layer_normalizations
from gplinker_tf.export._onnx_operations import handlers
from gplinker_tf.extraction.keras_predictor import prediction_graph
from gplinker_tf.extraction.predictor import Prediction
from gplinker_tf.models import RelationModel

#: An opset version whose `ScatterElements` can add values, and that onnxruntime fully supports.
OPSET = 18


def onnx_graph(model: RelationModel) -> onnx.ModelProto:
    """Convert a model and its decoding to a graph of ONNX's own operations.

    Args:
        model: the model.

    Returns:
        A graph from `token_ids` and `segment_ids`, int32 `[B, L]`, `threshold`, float32 `[P]`,
        `max_pairs` and `max_triples`, int32, to the fields of a
        `gplinker_tf.extraction.Prediction`.

    Raises:
        ValueError: the encoder has operations that ONNX does not support.

    Example:

    >>> from gplinker_tf.encoders import bert_from_config
    >>> from gplinker_tf.models import GPLinker
    >>> graph = onnx_graph(GPLinker(bert_from_config({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}), num_predicates=3)).graph
    >>> [output.name for output in graph.output][:3]
    ['batch', 'subject', 'predicate']
    """
    converted = _converted(prediction_graph(model).get_concrete_function())
    _expect_known_operations(converted.graph)
    fuse_layer_normalizations(converted.graph)
    outputs = {output.name: output for output in converted.graph.output}
    del converted.graph.output[:]
    converted.graph.output.extend(outputs[name] for name in Prediction._fields)
    return converted


def _converted(function: Any) -> onnx.ModelProto:
    """Convert a TensorFlow function to ONNX, keeping the names of its inputs and outputs."""
    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    inputs = [tensor for tensor in function.inputs if tensor.dtype != tf.resource]
    names = {tensor.name: tensor.op.name for tensor in inputs}
    names |= {tensor.name: name for name, tensor in function.structured_outputs.items()}
    given, computed = list(names)[: len(inputs)], list(names)[len(inputs) :]
    frozen = tf2onnx.tf_loader.from_function(function, given, computed)
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(frozen, name="")
        converted = tf2onnx.tfonnx.process_tf_graph(
            graph,
            continue_on_error=True,  # failures are detected in the graph
            opset=OPSET,
            input_names=given,
            output_names=computed,
            tensors_to_rename=names,
            custom_op_handlers=handlers(),
        )
    # tf2onnx also has optimizers, but they take five times as long as the rest and copy the
    # weights at each step; onnxruntime optimizes a graph anyway when it loads it.
    return converted.make_model(f"gplinker_tf {gplinker_tf.__version__}")


def with_defaults(graph: onnx.ModelProto, **values: np.ndarray | int) -> onnx.ModelProto:
    """Give inputs default values, for calls that do not pass them.

    Args:
        graph: the graph, which is changed in place.
        **values: the values by the inputs' names.
    """
    for name, value in values.items():
        array = np.asarray(value, None if isinstance(value, np.ndarray) else np.int32)
        graph.graph.initializer.append(onnx.numpy_helper.from_array(array, name))
    return graph


def _expect_known_operations(graph: onnx.GraphProto) -> None:
    known = {schema.name for schema in onnx.defs.get_all_schemas()}
    unknown = sorted({node.op_type for node in all_nodes(graph)} - known)
    if unknown:
        raise ValueError(
            "Expected a model of operations that ONNX supports. Received: one with "
            f"{', '.join(unknown)}. Build the encoder without them, or export a savedmodel."
        )


def all_nodes(graph: onnx.GraphProto) -> Iterator[onnx.NodeProto]:
    """Yield the nodes of a graph, including those of its branches and loops."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from all_nodes(attribute.g)
