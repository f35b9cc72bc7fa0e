"""Annotated texts of a file, read once and shared by everything that needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gplinker_tf._counted import counted
from gplinker_tf._reprs import shortened_path
from gplinker_tf.data.collector import collector_at_rest
from gplinker_tf.data.formats.readers import read_numbered_examples
from gplinker_tf.structures import Example, Schema


@dataclass(frozen=True)
class AnnotatedTexts:
    """The texts of a file with their triples and line numbers.

    Args:
        path: the file.
        line_numbers: the number of the first line of each text, from 1.
        examples: the texts with their triples.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "train.csv"
    >>> _ = path.write_text("text,subject,predicate,object\\nAda wrote Tin,Ada,wrote,Tin\\n")
    >>> texts = AnnotatedTexts.read(path)
    >>> len(texts), texts.line_numbers
    (1, [2])
    """

    path: Path
    line_numbers: Sequence[int]
    examples: Sequence[Example]

    def __len__(self) -> int:
        return len(self.examples)

    def __repr__(self) -> str:
        return f"AnnotatedTexts({shortened_path(self.path)}, {counted(len(self), 'text')})"

    @classmethod
    def read(
        cls, path: str | Path, schema: Schema | None = None, limit: int | None = None
    ) -> AnnotatedTexts:
        """Read a file, as `read_examples` does.

        Args:
            path: the file, plain or gzipped.
            schema: the allowed predicates, or `None` for any.
            limit: the maximum number of texts to read.

        Raises:
            InputError: as `read_examples`.
        """
        with collector_at_rest():
            numbered = read_numbered_examples(path, schema, limit)
        line_numbers, examples = map(list, zip(*numbered, strict=True))
        return cls(Path(path), line_numbers, examples)
