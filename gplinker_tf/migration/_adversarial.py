"""The functions for adversarial training that scripts copied from bert4keras's examples."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gplinker_tf.bert4keras import snippets
from gplinker_tf.migration._places import HERE
from gplinker_tf.migration._statements import Statements
from gplinker_tf.migration.note import Note

#: Their arguments, which this package's functions share.
ARGUMENTS = {
    "adversarial_training": ["model", "embedding_name", "epsilon"],
    "virtual_adversarial_training": ["model", "embedding_name", "epsilon", "xi", "iters"],
}


def replace_adversarial_training(tree: ast.Module, statements: Statements) -> Iterator[Note]:
    """Replace their definitions, which need graphs, with imports; remove them from `tree`.

    Args:
        tree: the script's syntax tree.
        statements: the script's text.
    """
    for node in list(tree.body):
        if not isinstance(node, ast.FunctionDef) or not _is_copy(node):
            continue
        tree.body.remove(node)
        statements.replace(node, "(?s).+", f"from {HERE}.snippets import {node.name}")
        text = f"{node.name}: replaced by {HERE}.snippets.{node.name}, which needs no graph"
        yield Note(node.lineno, text, done=True)


def _is_copy(function: ast.FunctionDef) -> bool:
    arguments = [argument.arg for argument in function.args.args]
    attributes = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
    return (
        arguments == ARGUMENTS.get(function.name)
        and {"_feed_inputs", "train_function"} <= attributes
        and hasattr(snippets, function.name)
    )
