"""What every format of extractions can do; a new one is a class and a line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from gplinker_tf.data.writers.options import OutputOptions
from gplinker_tf.structures import Extraction


class OutputFormat(ABC):
    """Abstract: a form in which extractions are written, one text after the other.

    An object of it writes one output: it may remember what it has written.

    Args:
        options: what some formats need to know.

    Attributes:
        name: as `--format` calls it.
        title: as a sentence calls it.
        files: the files that it consists of, in a folder; empty where it is one file.
        has_entities: whether it has entities that are in no triple.
        needs_offsets: whether it can't have words without offsets.
        written_whole: whether it is bytes that are written at the end, all at once.
    """

    name: str
    title: str
    files: tuple[str, ...] = ()
    has_entities: bool = False
    needs_offsets: bool = False
    written_whole: bool = False

    def __init__(self, options: OutputOptions | None = None) -> None:
        self.options = options or OutputOptions()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def head(self) -> tuple[str, ...]:
        """What each file begins with."""
        return ("",) * max(1, len(self.files))

    def beginnings(self) -> tuple[str, ...]:
        """What tells that this format wrote each file, as far as it is not empty."""
        return self.head()

    def resume(self, files: Sequence[Path]) -> None:  # noqa: B027 - most remember nothing
        """Takes note of what an earlier run wrote, in place of `head`.

        Args:
            files: the files, which end with the last text that is there as a whole.
        """

    @abstractmethod
    def parts(self, extraction: Extraction) -> tuple[str | bytes, ...]:
        """What a text adds to each file.

        Args:
            extraction: a text and what was found in it.
        """

    def tail(self) -> tuple[str | bytes, ...]:
        """What each file ends with."""
        return ("",) * max(1, len(self.files))


#: The formats by name.
OUTPUT_FORMATS: dict[str, type[OutputFormat]] = {}

Registered = TypeVar("Registered", bound=type[OutputFormat])


def register_output_format(format: Registered) -> Registered:
    """Makes a format of extractions known to `gplinker extract --format`.

    Args:
        format: the class, which this may decorate.

    Returns:
        The class.

    Raises:
        ValueError: its name is another's.

    Example:

    >>> @register_output_format
    ... class Predicates(OutputFormat):
    ...     name, title = "predicates", "the predicates of each text"
    ...     def parts(self, extraction):
    ...         return (" ".join(triple.predicate for triple in extraction.triples) + "\\n",)
    >>> "predicates" in OUTPUT_FORMATS
    True
    >>> _ = OUTPUT_FORMATS.pop("predicates")
    """
    known = OUTPUT_FORMATS.get(format.name)
    if known is not None and known.__qualname__ != format.__qualname__:
        raise ValueError(
            f"Expected a new name. Received: {format.name!r}, which {known.__name__} already has."
        )
    OUTPUT_FORMATS[format.name] = format
    return format
