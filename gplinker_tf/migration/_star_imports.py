"""Names that a script took with `*`, and that do not come with it any more."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator

from gplinker_tf.migration._lookup import bound_again
from gplinker_tf.migration.note import Note

#: What Python binds in every module.
ALWAYS = {*dir(builtins), "__file__"}


def lost_names(tree: ast.AST, taken: Collection[str], module: str) -> Iterator[Note]:
    """Notes on names that nothing in a script binds, each at the first line that uses it.

    Args:
        tree: of the script.
        taken: the names that its imports of `*` bind now.
        module: what `*` was taken from.
    """
    known = {*ALWAYS, *taken, *bound_again(tree), *_bound_otherwise(tree)}
    uses = (n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id not in known)
    first = {node.id: node.lineno for node in sorted(uses, key=lambda n: n.lineno, reverse=True)}
    for name, line in first.items():
        text = f"{name} does not come with * from {module}: import it by name"
        yield Note(line, f"{text}; move what is your own into a module of its own")


def _bound_otherwise(tree: ast.AST) -> Iterator[str]:
    """Names that are bound without standing in the script as names of their own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            yield node.name or ""
        elif isinstance(node, ast.MatchMapping):
            yield node.rest or ""
