"""Graphs that TensorFlow has traced, and how it saves them."""

from __future__ import annotations

from typing import Any

from tensorflow.core.protobuf.saved_model_pb2 import SavedModel as SavedModel


def with_constants(function: Any) -> Any:
    """A traced TensorFlow function with its variables as constants."""
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    return convert_variables_to_constants_v2(function, lower_control_flow=False)
