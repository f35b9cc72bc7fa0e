"""Lookup of what a script's names and attributes refer to."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple


class Made(NamedTuple):
    """An object that a script creates from a class."""

    maker: type


def find_module(name: str) -> ModuleType | None:
    """Return the module called `name`, or `None` if it does not exist."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def member(module: ModuleType, name: str) -> tuple[Any, str | None]:
    """Return a module's attribute or submodule, and an error message if there is none."""
    try:
        return getattr(module, name), None
    except (AttributeError, ImportError) as error:
        submodule = find_module(f"{module.__name__}.{name}")
        return submodule, None if submodule else str(error)


def public_names(module: ModuleType) -> list[str]:
    """Return the names that `from module import *` binds."""
    return getattr(module, "__all__", [name for name in dir(module) if name[0] != "_"])


def is_set(node: ast.AST) -> bool:
    """Return whether a node is a name or an attribute that is assigned to."""
    return isinstance(getattr(node, "ctx", None), ast.Store)


def bound_again(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a script binds other than by imports."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and is_set(node):
            yield node.id


def made_objects(tree: ast.AST, bound: dict[str, Any]) -> dict[str, Made]:
    """Return the names that always refer to one object: `tokenizer = Tokenizer(path)`."""
    counts = Counter(bound_again(tree))
    made = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        maker = resolve(node.value.func, bound)
        [target, *others] = node.targets
        if others or not isinstance(target, ast.Name) or counts[target.id] > 1:
            continue
        if isinstance(maker, type):
            made[target.id] = Made(maker)
    return made


def resolve(node: ast.AST, bound: dict[str, Any]) -> Any:
    """Return what an expression like `keras.layers.Dense` refers to, or `None`."""
    if isinstance(node, ast.Name):
        return bound.get(node.id)
    if not isinstance(node, ast.Attribute):
        return None
    owner = resolve(node.value, bound)
    if isinstance(owner, ModuleType):
        return member(owner, node.attr)[0]
    if isinstance(owner, Made):
        # As a method of an object: without its first argument.
        function = inspect.getattr_static(owner.maker, node.attr, None)
        return function.__get__(owner, owner.maker) if inspect.isfunction(function) else None
    return None
