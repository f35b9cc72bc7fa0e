"""Migration of one script: new import lines, and a list of what cannot be changed."""

from __future__ import annotations

import ast

from gplinker_tf.errors import InputError
from gplinker_tf.migration._adversarial import replace_adversarial_training
from gplinker_tf.migration._imports import Imports
from gplinker_tf.migration._imports_by_name import imports_by_name
from gplinker_tf.migration._places import CopyOf, Places
from gplinker_tf.migration._statements import Statements
from gplinker_tf.migration.checks import check_script
from gplinker_tf.migration.note import Note


def migrate(
    source: str, name: str = "script", copy_of: CopyOf | None = None
) -> tuple[str, list[Note]]:
    """Port a script of bert4keras to `gplinker_tf.bert4keras`.

    Only statements that import bert4keras or Keras are changed, and copies of the functions for
    adversarial training in bert4keras's examples are replaced by imports.

    Args:
        source: the script.
        name: the script's name in error messages.
        copy_of: tells which modules are copies of bert4keras's: from a module's name without
            leading dots, and the number of dots, to `"layers"`, `"models"`, ... or `None`.

    Returns:
        The new script, and notes by line: what cannot work, and what was replaced.

    Raises:
        InputError: the script is not valid Python 3.

    Example:

    >>> text, notes = migrate("from bert4keras.layers import Loss\\nimport keras\\n")
    >>> print(text)
    from gplinker_tf.bert4keras.layers import Loss
    from gplinker_tf.bert4keras import keras
    <BLANKLINE>
    """
    tree = parse(source, name)
    statements = Statements(source)
    places = Places(copy_of)
    imports = Imports(statements, places)
    notes = [
        *replace_adversarial_training(tree, statements),
        *imports.change(tree),
        *imports_by_name(tree, places),
        *check_script(tree, imports.bound),
    ]
    return statements.changed(), sorted(set(notes))


def parse(source: str, name: str) -> ast.Module:
    """Return the syntax tree of a script.

    Raises:
        InputError: it is not valid Python 3.
    """
    try:
        return ast.parse(source)
    except SyntaxError as error:
        place = f"{name}:{error.lineno}" if error.lineno else name
        raise InputError(
            f"{place}: expected Python 3. Received: {error.msg}. Fix the line; a Python 2 script "
            "can be converted with 2to3."
        ) from None
    except ValueError as error:
        raise InputError(f"{name}: expected Python 3. Received: {error}.") from None
