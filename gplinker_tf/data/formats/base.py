"""The base class of input formats, and their registry."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gplinker_tf.data.formats.record import Record

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput


class Format(ABC):
    """Abstract: a file format of annotated texts.

    A subclass recognizes its format and reads the records of an input; its errors name the line
    with `Place.error`. `register_format` makes it available to everything that reads texts.

    Attributes:
        name: the name for `--format` and messages.
        title: the name in a sentence.
        looks_like: a short sample on one line.
        suffixes: the usual suffixes of its files, in lower case, with the dot.
        has_offsets: whether it can give the offsets of a word.
        has_types: whether it can give the type of an entity.
        has_entities: whether it can contain entities that are in no triple.
        merges_texts: whether records with the same text, wherever they are, form one example.
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
        """Return whether an input has this format, by its beginning, if its suffix can't tell.

        Args:
            source: the input; use only its `first_line`, `second_line` and `first_object`, which do
                not read further.
        """
        return False

    def recognizes_path(self, path: Path) -> bool:
        """Return whether a path is a folder or binary file that this format reads itself.

        Args:
            path: an existing file or folder.
        """
        return False

    @abstractmethod
    def records(self, source: TextInput) -> Iterator[Record]:
        """Return the annotated records of an input, in their order.

        Args:
            source: the input, whose `lines` can be read only once.

        Raises:
            InputError: a line violates the format, and the input was opened without `set_aside`
                or nothing can be read after that line.
        """

    def texts(self, source: TextInput) -> Iterator[str]:
        """Return only the texts of an input, which need not be annotated."""
        return (record.text for record in self.records(source))

    def delimiter(self, source: TextInput) -> str | None:
        """Return the delimiter of a table; `None` if it is not a text table."""
        return None

    def stands_on_lines(self, source: TextInput) -> bool:
        """Return whether each record is one or more whole lines of the input."""
        return True


#: The formats by name. If several recognize an input, the one registered last is used.
FORMATS: dict[str, Format] = {}


def register_format(format: Format) -> None:
    """Register an input format.

    Args:
        format: the format.

    Raises:
        ValueError: another format already has its name.

    Example, a format with lines of the form `text<TAB>subject|predicate|object`:

    >>> from gplinker_tf.data.formats.place import Place
    >>> from gplinker_tf.structures import Span, Triple
    >>> class Bars(Format):
    ...     name, title, suffixes = "bars", "triples separated by bars", (".bars",)
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
