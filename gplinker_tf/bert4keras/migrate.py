"""Old scripts made new: their import lines changed, and a list of what can't be changed."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from gplinker_tf.bert4keras.script_checks import LabelNote, check_script, find_module, member
from gplinker_tf.errors import InputError

HERE = "gplinker_tf.bert4keras"

#: What takes the place of a package; the longest name that fits counts.
PLACES = {"bert4keras": HERE} | dict.fromkeys(
    ("keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras"), f"{HERE}.keras"
)

OF_TENSORFLOW = f"imports keras from tensorflow: import it from {HERE} instead"


def migrate(source: str, name: str = "script") -> tuple[str, list[LabelNote]]:
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
            f"{name}:{error.lineno}: expected Python 3. Received: {error.msg}. Convert a Python "
            "2 script with 2to3 first."
        ) from None
    script = _Script(source)
    bound: dict[str, Any] = {}
    remarks: list[LabelNote] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            remarks += _import_from(node, node.module, script, bound)
        elif isinstance(node, ast.Import):
            remarks += _import(node, script, bound)
    remarks += check_script(tree, bound)
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
            last, column = node.end_lineno, node.end_col_offset
            assert last is not None and column is not None, "a parser says where a node ends"
            whole = b"".join(lines[line - 1 : last])
            end = len(whole) - len(lines[last - 1]) + column
            statement = whole[start:end].decode()
            if match := re.search(pattern, statement):
                statement = statement[: match.start()] + text + statement[match.end() :]
            lines[line - 1] = whole[:start] + statement.encode() + whole[end:]
            lines[line:last] = [b""] * (last - line)
        return b"".join(lines).decode()


def _import_from(
    node: ast.ImportFrom, source: str, script: _Script, bound: dict
) -> Iterator[LabelNote]:
    place = new_place(source)
    names = {alias.name: alias.asname or alias.name for alias in node.names}
    if source in ("tensorflow", "tensorflow.python") and "keras" in names:
        yield LabelNote(node.lineno, OF_TENSORFLOW)
        del names["keras"]
    if place is None and source.partition(".")[0] != "tensorflow":
        return
    if place is None:
        place = source
    else:
        script.replace(node, rf"from\s+{re.escape(source)}", f"from {place}")
    module = find_module(place)
    if module is None:
        yield LabelNote(node.lineno, f"there is no {place}")
        return
    for name, alias in names.items():
        if name == "*":
            bound |= {n: getattr(module, n) for n in _public(module)}
            continue
        found, complaint = member(module, name)
        if complaint:
            yield LabelNote(node.lineno, complaint)
        else:
            bound[alias] = found


def _import(node: ast.Import, script: _Script, bound: dict) -> Iterator[LabelNote]:
    statements = []
    for alias in node.names:
        place = new_place(alias.name)
        shown = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
        if place is None:
            statements.append(f"import {shown}")
            yield from _import_of_tensorflow(alias, node.lineno, bound)
            continue
        if find_module(place) is None:
            yield LabelNote(node.lineno, f"there is no {place}")
        root = alias.name.partition(".")[0]
        if alias.asname:
            statements.append(f"import {place} as {alias.asname}")
            bound[alias.asname] = find_module(place)
        elif root == "tensorflow":
            statements.append(f"import {shown}")
            yield LabelNote(node.lineno, OF_TENSORFLOW)
        else:
            package, name = PLACES[root].rsplit(".", 1)
            statements.append(
                f"from {package} import {name}{'' if name == root else f' as {root}'}"
            )
            bound[root] = find_module(PLACES[root])
    if any(new_place(alias.name) for alias in node.names):
        before = script.before(node)
        script.replace(node, "(?s).+", ("; " if before.strip() else f"\n{before}").join(statements))


def _import_of_tensorflow(alias: ast.alias, line: int, bound: dict) -> Iterator[LabelNote]:
    if alias.name.partition(".")[0] != "tensorflow":
        return
    if find_module(alias.name) is None:
        yield LabelNote(line, f"there is no {alias.name}")
    name = alias.name if alias.asname else "tensorflow"
    bound[alias.asname or name] = find_module(name)


def _public(module: ModuleType) -> list[str]:
    return getattr(module, "__all__", [name for name in dir(module) if name[0] != "_"])
