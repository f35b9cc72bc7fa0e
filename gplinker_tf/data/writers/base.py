"""The base class of output formats, and their registry."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from gplinker_tf.data.writers.options import OutputOptions
from gplinker_tf.structures import Extraction


class OutputFormat(ABC):
    """Abstract: a format in which extractions are written, one text after the other.

    An object writes one output, and may remember what it has written.

    Args:
        options: settings that some formats need.

    Attributes:
        name: the name for `--format`.
        title: the name in a sentence.
        files: the names of its files in a folder; empty if it is one file.
        has_entities: whether it can represent entities that are in no triple.
        needs_offsets: whether all words must have offsets.
        written_whole: whether it is binary and written all at once at the end.
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
        """Return what each file begins with."""
        return ("",) * max(1, len(self.files))

    def beginnings(self) -> tuple[str, ...]:
        """Return the beginning by which each file, if not empty, is recognized as this format."""
        return self.head()

    def resume(self, files: Sequence[Path]) -> None:  # noqa: B027 - most remember nothing
        """Read what an earlier run wrote; called instead of `head`.

        Args:
            files: the files, which end with the last complete text.
        """

    @abstractmethod
    def parts(self, extraction: Extraction) -> tuple[str | bytes, ...]:
        """Return what to append to each file for one text.

        Args:
            extraction: the extraction from the text.
        """

    def tail(self) -> tuple[str | bytes, ...]:
        """Return what each file ends with."""
        return ("",) * max(1, len(self.files))


#: The output formats by name.
OUTPUT_FORMATS: dict[str, type[OutputFormat]] = {}

Registered = TypeVar("Registered", bound=type[OutputFormat])


def register_output_format(format: Registered) -> Registered:
    """Register an output format for `gplinker extract --format`; usable as a decorator.

    Args:
        format: the class of the format.

    Returns:
        The class.

    Raises:
        ValueError: another format already has its name.

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
