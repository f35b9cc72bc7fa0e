"""Annotated texts that were read once, for all who ask about them."""

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
    """The texts of a file with their triples, and where they stand.

    Args:
        path: the file.
        line_numbers: the first line of each text, from 1.
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
        """Reads a file, as `read_examples` does.

        Args:
            path: the file, plain or gzipped.
            schema: the predicates that are allowed, or `None` for any.
            limit: read the first so many texts only.

        Raises:
            InputError: as `read_examples`.
        """
        with collector_at_rest():
            numbered = read_numbered_examples(path, schema, limit)
        line_numbers, examples = map(list, zip(*numbered, strict=True))
        return cls(Path(path), line_numbers, examples)
