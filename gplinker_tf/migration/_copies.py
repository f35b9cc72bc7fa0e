"""Copies of bert4keras inside a project, recognized by what they define."""

from __future__ import annotations

import ast
from pathlib import Path

from gplinker_tf.errors import InputError
from gplinker_tf.migration._places import CopyOf
from gplinker_tf.migration.script import parse
from gplinker_tf.migration.source_file import SourceFile

#: What each module of bert4keras has defined since its early versions.
MARKS = {
    "backend": {"piecewise_linear", "search_layer", "sequence_masking", "set_gelu"},
    "layers": {"FeedForward", "MultiHeadAttention", "PositionEmbedding"},
    "models": {"BERT", "Transformer", "build_transformer_model"},
    "optimizers": {"extend_with_gradient_accumulation", "extend_with_weight_decay"},
    "snippets": {"AutoRegressiveDecoder", "DataGenerator", "sequence_padding"},
    "tokenizers": {"Tokenizer", "load_vocab", "save_vocab"},
}


class Copies:
    """The files of a project that are copies of bert4keras's modules.

    Args:
        root: folder of the project; imports are not followed beyond it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._modules: dict[Path, str | None] = {}

    def module_of(self, file: Path) -> str | None:
        """Return the bert4keras module that a file is a copy of, such as `"layers"`, or `None`."""
        if file not in self._modules:
            self._modules[file] = _module_of(file) if file.is_file() else None
        return self._modules[file]

    def seen_from(self, file: Path) -> CopyOf:
        """Return the function that tells `migrate` which imports of `file` are copies."""

        def copy_of(module: str, level: int) -> str | None:
            if not module:
                return None
            place = Path(*module.split(".")).with_suffix(".py")
            found = (self.module_of(folder / place) for folder in self._folders(file, level))
            return next(filter(None, found), None)

        return copy_of

    def _folders(self, file: Path, level: int) -> list[Path]:
        """Return the folders that may contain a module that `file` imports."""
        if level:
            parents = file.absolute().parents
            return [parents[level - 1]] if level <= len(parents) else []
        # A script's own folder comes first; a module may be imported from any folder above it.
        above = [folder for folder in file.parents if folder.is_relative_to(self._root)]
        return above or [file.parent]


def _module_of(file: Path) -> str | None:
    """Return the bert4keras module that a file is a copy of, or `None`."""
    try:
        tree = parse(SourceFile.read(file).text, str(file))
    except InputError:
        return None
    names = {node.name for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    return next((module for module, marks in MARKS.items() if marks <= names), None)
