"""Weights of an ONNX graph in fewer bytes."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

#: Constants with fewer values stay as they are.
FEW_VALUES = 1024


def in_float16(model: onnx.ModelProto) -> onnx.ModelProto:
    """Stores weights in float16; they are float32 again when the graph is loaded.

    Processors compute in float32 faster than in float16, so the graph computes as before.

    Args:
        model: a graph in float32, which is changed.
    """
    graph = model.graph
    casts = []
    for constant in graph.initializer:
        array = numpy_helper.to_array(constant)
        if array.dtype != np.float32 or array.size < FEW_VALUES:
            continue
        name, stored = constant.name, f"{constant.name}/float16"
        constant.CopyFrom(numpy_helper.from_array(array.astype(np.float16), stored))
        casts.append(onnx.helper.make_node("Cast", [stored], [name], to=onnx.TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.node.insert(0, cast)
    return model


def in_int8(model: onnx.ModelProto) -> onnx.ModelProto:
    """Stores embeddings and matrices in int8 and multiplies in int8.

    Each column of a matrix has a scale of its own. What is multiplied with it is rounded to 8 bits
    by the range of its values in the batch: `smooth` makes that range small.

    Args:
        model: a graph in float32.
    """
    logging.getLogger().addFilter(_is_no_advice)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "int8.onnx"
            quantize_dynamic(
                model,
                path,
                op_types_to_quantize=["MatMul", "Gather"],
                per_channel=True,
                weight_type=QuantType.QInt8,
                extra_options={"MatMulConstBOnly": True},
            )
            return onnx.load(path)
    finally:
        logging.getLogger().removeFilter(_is_no_advice)


def _is_no_advice(record: logging.LogRecord) -> bool:
    """Not what the quantizer advises before each quantization."""
    return "pre-processing before quantization" not in record.getMessage()
