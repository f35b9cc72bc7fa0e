"""Replacement of slices that only add axes by `ExpandDims` operations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gplinker_tf.backend import SavedModel, tf


def expand_new_axes(folder: str | Path) -> None:
    """Replace `x[:, None]` by `tf.expand_dims(x, 1)` in the functions of a SavedModel.

    LiteRT's converter turns such a slice into a reshape, which needs all sizes but one, and fails
    if batch size and length are unknown. Slices that do anything else are left unchanged.

    Args:
        folder: the SavedModel, which is changed in place.
    """
    path = Path(folder) / "saved_model.pb"
    saved = SavedModel.FromString(path.read_bytes())
    for function in saved.meta_graphs[0].graph_def.library.function:
        constants = {node.name: node for node in function.node_def if node.op == "Const"}
        for node in [node for node in function.node_def if node.op == "StridedSlice"]:
            begin = constants.get(node.input[1].split(":")[0])
            if begin is not None:
                places = tf.make_ndarray(begin.attr["value"].tensor).size
                _expand(function, node, _new_axes(node, places))
    path.write_bytes(saved.SerializeToString())


def _new_axes(slice_: Any, places: int) -> list[int]:
    """Return the axes that a slice adds, in the order to add them; [] if it does anything else."""

    attributes = dict(slice_.attr)  # looking a key up in the original adds it

    def marked(mask: str) -> set[int]:
        bits = attributes[mask].i if mask in attributes else 0
        return {place for place in range(places) if bits >> place & 1}

    new, rest = marked("new_axis_mask"), marked("ellipsis_mask")
    whole = marked("begin_mask") & marked("end_mask") - marked("shrink_axis_mask")
    if len(new | rest | whole) < places:
        return []
    behind = {place for place in new if rest and place > min(rest)}
    return sorted(new - behind) + sorted((place - places for place in behind), reverse=True)


def _expand(function: Any, slice_: Any, axes: list[int]) -> None:
    """Add the axes one by one; the last node keeps the name of the slice."""
    source, dtype = slice_.input[0], slice_.attr["T"].type
    for number, axis in enumerate(axes):
        name = f"{slice_.name}/axis_{number}"
        constant = function.node_def.add(name=name, op="Const")
        constant.attr["dtype"].type = tf.int32.as_datatype_enum
        constant.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(axis, tf.int32))
        last = number == len(axes) - 1
        node = slice_ if last else function.node_def.add(name=f"{name}/expanded")
        node.op = "ExpandDims"
        del node.input[:]
        node.input.extend([source, f"{name}:output:0"])
        node.attr.clear()
        node.attr["T"].type, node.attr["Tdim"].type = dtype, constant.attr["dtype"].type
        source = f"{node.name}:output:0"
