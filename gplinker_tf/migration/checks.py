"""Checks for what cannot work in a script: missing names, unknown arguments, dead idioms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from gplinker_tf.migration import _dead_idioms as dead
from gplinker_tf.migration._lookup import bound_again, is_set, made_objects, member, resolve
from gplinker_tf.migration._places import HERE
from gplinker_tf.migration._signatures import check_call
from gplinker_tf.migration.note import Note


def check_script(tree: ast.AST, bound: dict[str, Any]) -> Iterator[Note]:
    """Yield notes on a script, except on its imports.

    Args:
        tree: the script's syntax tree.
        bound: what the imports bind names to: modules, classes and functions.
    """
    set_here = {node.attr for node in ast.walk(tree) if is_set(node) and hasattr(node, "attr")}
    bound = {name: value for name, value in bound.items() if name not in set(bound_again(tree))}
    bound |= made_objects(tree, bound)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr not in set_here:
            yield from _attribute(node, bound)
        elif isinstance(node, ast.Call):
            yield from check_call(node, bound)


def fault_of(module: ModuleType, name: str) -> str | None:
    """Return what is wrong with using a name of a module, if anything."""
    missing = member(module, name)[1]
    way_out = _way_out(module, name, missing is not None)
    return f"{name}: {way_out}" if way_out else missing


def _is_tf_keras(place: str) -> bool:
    # By name: bert4keras exposes Keras under other names, as other modules.
    return f".{place}".endswith((".keras", ".keras.models")) and not place.startswith(HERE)


def _way_out(module: ModuleType, name: str, is_missing: bool) -> str | None:
    place = module.__name__
    if place.endswith("keras.backend") and name in dead.OF_BACKEND:
        return dead.OF_BACKEND[name]
    if _is_tf_keras(place) and name in dead.OF_TF_KERAS:
        return f"tf.keras has it without Keras 2.3's conventions: use it from {HERE}.keras.models"
    if place.startswith("tensorflow"):
        if place.endswith("compat.v1.train") and name.endswith("Optimizer"):
            return dead.OF_TENSORFLOW_1_OPTIMIZERS
        if name in dead.OF_TENSORFLOW:
            return dead.OF_TENSORFLOW[name]
    return dead.OF_OTHER_MODULES.get(name) if is_missing else None


def _attribute(node: ast.Attribute, bound: dict[str, Any]) -> Iterator[Note]:
    owner = resolve(node.value, bound)
    if node.attr in dead.OF_MODELS:
        yield Note(node.lineno, f"{node.attr}: {dead.OF_MODELS[node.attr]}")
    elif isinstance(owner, ModuleType) and (complaint := fault_of(owner, node.attr)):
        yield Note(node.lineno, complaint)
