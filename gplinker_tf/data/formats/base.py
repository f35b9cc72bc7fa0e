"""What every format of texts can do; a new one is a class and a line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gplinker_tf.data.formats.record import Record

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput


class Format(ABC):
    """Abstract: a form in which annotated texts are written.

    A subclass says how it is known and gives the records of an input; errors name their line with
    `Place.error`. `register_format` makes it known to all that reads texts.

    Attributes:
        name: as `--format` and messages call it.
        title: as a sentence calls it.
        looks_like: what it looks like, on a short line.
        suffixes: of files that are most likely of it, in lower case, with the dot.
        has_offsets: whether it can say where in the text a word is.
        has_types: whether it can say of which type an entity is.
        has_entities: whether it can have entities that are in no triple.
        merges_texts: whether records of the same text, wherever they stand, are one example.
    """

    name: str
    title: str
    looks_like: str = ""
    suffixes: tuple[str, ...] = ()
    has_offsets: bool = False
    has_types: bool = False
    has_entities: bool = False
    merges_texts: bool = False

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def recognizes(self, source: TextInput) -> bool:
        """Whether the first line of an input that no suffix names tells that it is of this format.

        Args:
            source: the input; its `first_line`, `second_line` and `first_object` are looked at, no
                more.
        """
        return False

    def recognizes_path(self, path: Path) -> bool:
        """Whether a path is of this format, which reads it itself: a folder, or no text at all.

        Args:
            path: an existing file or folder.
        """
        return False

    @abstractmethod
    def records(self, source: TextInput) -> Iterator[Record]:
        """What is annotated, in its order.

        Args:
            source: the input, whose `lines` are read once.

        Raises:
            InputError: a line is not what the format promises, and the input was opened without
                `set_aside`; or nothing can be read after it.
        """

    def texts(self, source: TextInput) -> Iterator[str]:
        """The texts alone, of an input that need not be annotated."""
        return (record.text for record in self.records(source))

    def delimiter(self, source: TextInput) -> str | None:
        """What separates the cells of a table; `None` where it is no table."""
        return None

    def stands_on_lines(self, source: TextInput) -> bool:
        """Whether each record has lines of the input to itself, from its first to its last."""
        return True


#: The formats by name. Of several that recognize an input the one registered last is taken.
FORMATS: dict[str, Format] = {}


def register_format(format: Format) -> None:
    """Makes a format known.

    Args:
        format: the format.

    Raises:
        ValueError: its name is another's.

    Example, a format of lines `text<TAB>subject|predicate|object`:

    >>> from gplinker_tf.data.formats.place import Place
    >>> from gplinker_tf.structures import Span, Triple
    >>> class Bars(Format):
    ...     name, title, suffixes = "bars", "triples behind bars", (".bars",)
    ...     def records(self, source):
    ...         for number, line in enumerate(source.lines(), start=1):
    ...             text, triple = line.rstrip("\\n").split("\\t")
    ...             subject, predicate, object_ = triple.split("|")
    ...             triples = (Triple(Span(subject), predicate, Span(object_)),)
    ...             yield Record(Place(source.path, number), number, text, triples)
    >>> register_format(Bars())
    >>> import tempfile, pathlib
    >>> from gplinker_tf.data import read_examples
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "train.bars"
    >>> _ = path.write_text("Ada wrote Tin\\tAda|wrote|Tin\\n")
    >>> read_examples(path)[0].triples[0].words
    ('Ada', 'wrote', 'Tin')
    >>> _ = FORMATS.pop("bars")
    """
    known = FORMATS.get(format.name)
    if known is not None and type(known) is not type(format):
        raise ValueError(
            f"Expected a new name. Received: {format.name!r}, which {known} already has."
        )
    FORMATS[format.name] = format
