"""Modules that a script imports by name in a string, which `migrate` does not change."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gplinker_tf.migration._places import Places
from gplinker_tf.migration.note import Note

FUNCTIONS = {"import_module", "__import__"}


def imports_by_name(tree: ast.AST, places: Places) -> Iterator[Note]:
    """Yield notes on calls such as `importlib.import_module("bert4keras.layers")`.

    Args:
        tree: the script's syntax tree.
        places: where the modules are now.
    """
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", None))
        module = getattr(node.args[0], "value", None)
        if name in FUNCTIONS and isinstance(module, str) and (place := places.of(module)):
            yield Note(node.lineno, f"{name}({module!r}): write {place!r}")
