"""Storage of an ONNX graph's weights in fewer bytes."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

#: Constants with fewer values are left unchanged.
FEW_VALUES = 1024


def in_float16(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store weights in float16; they are converted back to float32 when the graph is loaded.

    CPUs compute faster in float32 than in float16, so the graph still computes in float32.

    Args:
        model: a graph in float32, which is changed in place.
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
    """Store embeddings and matrices in int8, and multiply in int8.

    Each column of a matrix has its own scale. The activations that are multiplied with it are
    rounded to 8 bits over the range of their values in the batch; `smooth` makes that range small.

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
    """Return False for the advice that the quantizer logs before each quantization."""
    return "pre-processing before quantization" not in record.getMessage()
