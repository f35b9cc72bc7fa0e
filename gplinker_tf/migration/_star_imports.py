"""Names that a script imported with `*`, and that `*` no longer includes."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator

from gplinker_tf.migration._lookup import bound_again
from gplinker_tf.migration.note import Note

#: What Python binds in every module.
ALWAYS = {*dir(builtins), "__file__"}


def lost_names(tree: ast.AST, taken: Collection[str], module: str) -> Iterator[Note]:
    """Yield a note on each name that nothing in a script binds, at the first line that uses it.

    Args:
        tree: the script's syntax tree.
        taken: the names that its imports of `*` bind now.
        module: the modules that `*` was imported from.
    """
    known = {*ALWAYS, *taken, *bound_again(tree), *_bound_otherwise(tree)}
    uses = (n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id not in known)
    first = {node.id: node.lineno for node in sorted(uses, key=lambda n: n.lineno, reverse=True)}
    for name, line in first.items():
        text = f"{name} is not part of * from {module}: import it by name"
        yield Note(line, f"{text}; move your own names into a separate module")


def _bound_otherwise(tree: ast.AST) -> Iterator[str]:
    """Yield names that are bound without an `ast.Name` node."""
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            yield node.name or ""
        elif isinstance(node, ast.MatchMapping):
            yield node.rest or ""
