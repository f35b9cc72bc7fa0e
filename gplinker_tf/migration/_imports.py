"""Import statements of old scripts, changed to the new modules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from gplinker_tf.bert4keras.names import NAMES
from gplinker_tf.migration._dead_idioms import way_out_of
from gplinker_tf.migration._lookup import find_module, member, public_names
from gplinker_tf.migration._places import PLACES, Places
from gplinker_tf.migration._star_imports import lost_names
from gplinker_tf.migration._statements import Statements
from gplinker_tf.migration.checks import fault_of
from gplinker_tf.migration.note import Note


class Imports:
    """The import statements of a script, which `change` rewrites.

    Args:
        statements: the script's text.
        places: where the modules are now.
    """

    def __init__(self, statements: Statements, places: Places) -> None:
        self._statements, self._places = statements, places
        #: What the imports bind names to: modules, classes and functions.
        self.bound: dict[str, Any] = {}
        #: Each module that `*` is imported from, with its names; `None` if they are unknown.
        self._stars: dict[str, list[str] | None] = {}

    def change(self, tree: ast.AST) -> Iterator[Note]:
        """Rewrite all imports, and yield notes on imported names that do not exist."""
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                yield from self._from(node)
            elif isinstance(node, ast.Import):
                yield from self._import(node)
        known = [names for names in self._stars.values() if names is not None]
        if known and len(known) == len(self._stars):
            yield from lost_names(tree, set(chain(*known)), " or ".join(self._stars))

    def _from(self, node: ast.ImportFrom) -> Iterator[Note]:
        source, level = node.module or "", node.level
        place = self._places.of(source, level)
        if node.names[0].name == "*":
            module = find_module(place) if place else None
            self._stars["." * level + source] = public_names(module) if module else None
        if place:
            pattern = rf"from[\s\\]*{re.escape('.' * level + source)}"
            self._statements.replace(node, pattern, f"from {place}")
            copied = self._places.is_copy(source, level)
            yield from self._names(node, place, node.names, source if copied else None)
            return
        kept = []
        new = []
        for alias in node.names:
            place = self._places.of(f"{source}.{alias.name}".lstrip("."), level)
            if place is None:
                kept.append(alias)
                continue
            package, name = place.rsplit(".", 1)
            new.append(f"from {package} import {_shown(ast.alias(name, alias.asname))}")
            self.bound[alias.asname or alias.name] = find_module(place)
        if new:
            if kept:
                names = ", ".join(map(_shown, kept))
                new.insert(0, f"from {'.' * level}{source} import {names}")
            self._statements.replace_all(node, new)
        if not level and source.partition(".")[0] == "tensorflow":
            yield from self._names(node, source, kept)

    def _names(
        self, node: ast.ImportFrom, place: str, names: list[ast.alias], copy: str | None = None
    ) -> Iterator[Note]:
        """Yield notes on the names that a statement imports; bind those that exist."""
        module = find_module(place)
        if module is None:
            yield _missing(node.lineno, place)
            return
        for alias in names:
            if alias.name == "*":
                self.bound |= {name: getattr(module, name) for name in public_names(module)}
                continue
            complaint = fault_of(module, alias.name)
            if complaint is None:
                self.bound[alias.asname or alias.name] = member(module, alias.name)[0]
            elif copy and alias.name not in NAMES.get(place.rpartition(".")[2], "").split():
                complaint = (
                    f"{alias.name} is not part of bert4keras: move it from {copy} into a module "
                    "of its own"
                )
            if complaint:
                yield Note(node.lineno, complaint)

    def _import(self, node: ast.Import) -> Iterator[Note]:
        places = [self._places.of(alias.name) for alias in node.names]
        statements = []
        for alias, place in zip(node.names, places, strict=True):
            if place is None:
                statements.append(f"import {_shown(alias)}")
                yield from self._import_of_tensorflow(alias, node.lineno)
            else:
                if find_module(place) is None:
                    yield _missing(node.lineno, place)
                statements.append(self._moved(alias, place))
                if alias.asname is None and alias.name.partition(".")[0] not in PLACES:
                    yield from self._whole_name(alias, node.lineno)
        if any(places):
            self._statements.replace_all(node, statements)

    def _moved(self, alias: ast.alias, place: str) -> str:
        """Return the statement that imports a module from its new location."""
        if alias.asname:
            self.bound[alias.asname] = find_module(place)
            return f"import {place} as {alias.asname}"
        root = alias.name.partition(".")[0]
        if root not in PLACES:
            return f"import {alias.name}"
        self.bound[root] = find_module(PLACES[root])
        package, name = PLACES[root].rsplit(".", 1)
        return f"from {package} import {name}{'' if name == root else f' as {root}'}"

    def _whole_name(self, alias: ast.alias, line: int) -> Iterator[Note]:
        if alias.name.startswith("tensorflow."):
            text = "imports keras from tensorflow: import it from gplinker_tf.bert4keras instead"
            yield Note(line, text)
            self.bound["tensorflow"] = find_module("tensorflow")
        else:
            last = alias.name.rpartition(".")[2]
            text = f"imports a copy of bert4keras: write import {alias.name} as {last}"
            yield Note(line, f"{text}, use {last} in the code, and migrate again")

    def _import_of_tensorflow(self, alias: ast.alias, line: int) -> Iterator[Note]:
        if alias.name.partition(".")[0] != "tensorflow":
            return
        module = find_module(alias.name)
        if module is None:
            yield _missing(line, alias.name)
        self.bound[alias.asname or "tensorflow"] = (
            module if alias.asname else find_module("tensorflow")
        )


def _shown(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _missing(line: int, module: str) -> Note:
    return Note(line, f"{module} does not exist{way_out_of(module)}")
