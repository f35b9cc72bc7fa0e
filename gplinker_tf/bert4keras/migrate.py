"""Old scripts made new: their import lines changed, and a list of what can't be changed."""

from __future__ import annotations

import ast
import importlib
import io
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

from gplinker_tf.bert4keras import models
from gplinker_tf.errors import InputError

HERE = "gplinker_tf.bert4keras"

#: What takes the place of a package; the longest name that fits counts.
PLACES = {"bert4keras": HERE, "tensorflow.keras": f"{HERE}.keras", "keras": f"{HERE}.keras"}


class Remark(NamedTuple):
    """Something in a script that stays as it was and will not work.

    Args:
        line: its line in the old script, from 1.
        text: what it is.
    """

    line: int
    text: str


def migrate(source: str, name: str = "script") -> tuple[str, list[Remark]]:
    """A script of bert4keras's that runs on `gplinker_tf.bert4keras`.

    Only lines that import bert4keras or Keras are changed.

    Args:
        source: the script.
        name: what errors call it.

    Returns:
        The new script, and what in it can't work, by line.

    Raises:
        InputError: the script is no Python 3.

    Example:

    >>> text, remarks = migrate("from bert4keras.layers import Loss\\nimport keras\\n")
    >>> print(text)
    from gplinker_tf.bert4keras.layers import Loss
    from gplinker_tf.bert4keras import keras
    <BLANKLINE>
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise InputError(
            f"{name}:{error.lineno}: expected Python 3. Received: {error.msg}. "
            "Scripts of Python 2 go through 2to3 first."
        ) from None
    script = _Script(source)
    bound: dict[str, Any] = {}
    remarks: list[Remark] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            remarks += _import_from(node, script, bound)
        elif isinstance(node, ast.Import):
            remarks += _import(node, script, bound)
    for node in ast.walk(tree):
        remarks += _attribute(node, bound)
        remarks += _other_model(node)
    return script.changed(), sorted(set(remarks))


def new_place(module: str) -> str | None:
    """The module that takes the place of another, or `None` where it stays."""
    for old in sorted(PLACES, key=len, reverse=True):
        if module == old or module.startswith(f"{old}."):
            return PLACES[old] + module[len(old) :]
    return None


class _Script:
    """Source of which statements can be replaced, by the places that their nodes name."""

    def __init__(self, source: str) -> None:
        # As Python counts lines: a form feed ends none.
        self._lines = [line.encode() for line in io.StringIO(source, newline="")]
        self._changes: list[tuple[tuple[int, int], ast.stmt, str, str]] = []

    def replace(self, node: ast.stmt, pattern: str, text: str) -> None:
        """Puts `text` where the pattern first matches the statement."""
        self._changes.append(((node.lineno, node.col_offset), node, pattern, text))

    def before(self, node: ast.stmt) -> str:
        """What stands before a statement on its line."""
        return self._lines[node.lineno - 1][: node.col_offset].decode()

    def changed(self) -> str:
        """The source with every replacement."""
        lines = self._lines.copy()
        # From the last to the first: a change moves what is behind it, not what is before it.
        for (line, start), node, pattern, text in sorted(self._changes, reverse=True):
            whole = b"".join(lines[line - 1 : node.end_lineno])
            end = len(whole) - len(lines[node.end_lineno - 1]) + node.end_col_offset
            statement = whole[start:end].decode()
            statement = re.sub(pattern, lambda _, text=text: text, statement, count=1)
            lines[line - 1] = whole[:start] + statement.encode() + whole[end:]
            lines[line : node.end_lineno] = [b""] * (node.end_lineno - line)
        return b"".join(lines).decode()


def _import_from(node: ast.ImportFrom, script: _Script, bound: dict) -> Iterator[Remark]:
    place = new_place(node.module)
    names = {alias.name: alias.asname or alias.name for alias in node.names}
    if node.module == "tensorflow" and "keras" in names:
        yield Remark(node.lineno, f"takes keras from tensorflow: import it from {HERE} instead")
    if place is None:
        return
    script.replace(node, rf"from\s+{re.escape(node.module)}", f"from {place}")
    module = _module(place)
    if module is None:
        yield Remark(node.lineno, f"there is no {place}")
        return
    for name, alias in names.items():
        if name == "*":
            bound |= {n: getattr(module, n) for n in _public(module)}
            continue
        found, complaint = _member(module, name)
        if complaint:
            yield Remark(node.lineno, complaint)
        else:
            bound[alias] = found


def _import(node: ast.Import, script: _Script, bound: dict) -> Iterator[Remark]:
    statements = []
    for alias in node.names:
        place = new_place(alias.name)
        shown = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
        if place is None:
            statements.append(f"import {shown}")
            if alias.name == "tensorflow":
                bound[alias.asname or alias.name] = importlib.import_module("tensorflow")
            continue
        if _module(place) is None:
            yield Remark(node.lineno, f"there is no {place}")
        if alias.asname:
            statements.append(f"import {place} as {alias.asname}")
            bound[alias.asname] = _module(place)
        else:
            root = alias.name.partition(".")[0]
            package = "gplinker_tf" if root == "bert4keras" else HERE
            statements.append(f"from {package} import {root}")
            bound[root] = _module(f"{package}.{root}")
    if any(new_place(alias.name) for alias in node.names):
        before = script.before(node)
        script.replace(node, "(?s).+", ("; " if before.strip() else f"\n{before}").join(statements))


def _attribute(node: ast.AST, bound: dict) -> Iterator[Remark]:
    """A remark on `keras.layers.Missing`, whatever its parts are called in the script."""
    names: list[str] = []
    part = node
    while isinstance(part, ast.Attribute):
        names.insert(0, part.attr)
        part = part.value
    if not names or not isinstance(part, ast.Name):
        return
    found = bound.get(part.id)
    for name in names:
        if not isinstance(found, ModuleType):
            return
        found, complaint = _member(found, name)
        if complaint:
            yield Remark(node.lineno, complaint)


def _other_model(node: ast.AST) -> Iterator[Remark]:
    """A remark on `build_transformer_model(model="nezha")` and its like."""
    if not isinstance(node, ast.Call):
        return
    called = getattr(node.func, "attr", getattr(node.func, "id", None))
    if called != "build_transformer_model":
        return
    known = {"model": models.BERTS, "application": ("encoder",)}
    for keyword in node.keywords:
        value = getattr(keyword.value, "value", None)
        if keyword.arg in known and isinstance(value, str):
            if value.lower() not in known[keyword.arg]:
                yield Remark(
                    keyword.value.lineno, f"{keyword.arg}={value!r} is built by bert4keras itself"
                )
        elif keyword.arg in ("keep_tokens", "compound_tokens", "layer_norm_cond", "with_mlm"):
            yield Remark(keyword.value.lineno, f"{keyword.arg} is not taken here")


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _member(module: ModuleType, name: str) -> tuple[Any, str | None]:
    """What a module has under a name, or why not."""
    try:
        return getattr(module, name), None
    except (AttributeError, ImportError) as error:
        submodule = _module(f"{module.__name__}.{name}")
        return submodule, None if submodule else str(error)


def _public(module: ModuleType) -> list[str]:
    return getattr(module, "__all__", [name for name in dir(module) if name[0] != "_"])
