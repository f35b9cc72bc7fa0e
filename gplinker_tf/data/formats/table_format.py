"""The base class of tables with `text, subject, predicate, object` and one row per triple."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from gplinker_tf.data.formats.base import Format
from gplinker_tf.data.formats.place import Place, shown_name
from gplinker_tf.data.formats.record import Record, expect_words
from gplinker_tf.data.formats.spans import span_at
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Span, Triple

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput

#: The columns of an annotated table.
COLUMNS = ("text", "subject", "predicate", "object")

#: The names that other programs use for columns.
ALSO_CALLED = {
    "text": ("sentence", "content", "文本", "句子"),
    "subject": ("head", "subj", "主语", "主体", "头实体"),
    "predicate": ("relation", "rel", "谓语", "谓词", "关系"),
    "object": ("tail", "obj", "宾语", "客体", "尾实体"),
    "subject_start": ("head_offset",),
    "object_start": ("tail_offset",),
}

#: The optional columns for each end of a triple.
OF_ENDS = tuple(f"{end}_{what}" for end in COLUMNS[1::2] for what in ("type", "start", "end"))

#: The first line of a row, its last line, and its cells.
Row = tuple[Place, int, list[str]]


class TableFormat(Format):
    """Abstract: a table with a header and one row per triple.

    Columns may be in any order; those not in `COLUMNS` or `OF_ENDS` are ignored, and so are empty
    rows. A row with a text and three empty cells gives no triple. Rows with the same text form one
    example, at the place of the first of them. A subclass provides the rows.
    """

    looks_like = "text,subject,predicate,object"
    has_offsets = True
    has_types = True
    merges_texts = True

    @abstractmethod
    def rows(self, source: TextInput) -> Iterator[Row]:
        """Yield the rows of an input, its header first, and skip bad rows."""

    def records(self, source: TextInput) -> Iterator[Record]:
        return source.read_each(self._cells(source, COLUMNS), lambda row: _record(*row))

    def texts(self, source: TextInput) -> Iterator[str]:
        seen: set[str] = set()
        for _, _, cells in self._cells(source, COLUMNS[:1]):
            text = cells["text"]
            if text in seen and cells.keys() >= set(COLUMNS):
                continue
            seen.add(text)
            yield text

    def _cells(
        self, source: TextInput, wanted: Sequence[str]
    ) -> Iterator[tuple[Place, int, dict[str, str]]]:
        """Yield the place, the last line, and the cells by name of each row."""
        header: dict[str, int] | None = None
        width, expected = 0, self._expected(source, wanted)
        for place, last_line, row in self.rows(source):
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header, width = columns_of(row, source.columns), len(row)
                if not header.keys() >= set(wanted):
                    raise _wrong_header(row, expected, source.columns, place)
                continue
            if len(row) != width:
                source.set_aside(
                    place.error(
                        f"expected {width} cells, as in the header. Received: {len(row)}. Put a "
                        'cell that contains the separator or a line break in "quotation marks".'
                    )
                )
                continue
            yield place, last_line, {name: row[column] for name, column in header.items()}
        if header is None:
            raise InputError(f"{shown_name(source.path)}: expected {expected}. Received: no lines.")

    def _expected(self, source: TextInput, wanted: Sequence[str]) -> str:
        names = (source.columns.get(column, column) for column in wanted)
        return f"a table with the header {(self.delimiter(source) or ',').join(names)!r}"


def columns_of(row: Sequence[str], renamed: Mapping[str, str]) -> dict[str, int]:
    """Return the index of each column that occurs once in a header, by a known name.

    Args:
        row: the header.
        renamed: the names that the table uses for columns, if given.

    Example:

    >>> columns_of(["Sentence", "tail", "Head", "relation", "note"], {})
    {'text': 0, 'subject': 2, 'predicate': 3, 'object': 1}
    >>> columns_of(["q", "r"], {"text": "R"})
    {'text': 1}
    """
    names = [cell.strip().lower() for cell in row]
    found = {}
    for column in (*COLUMNS, *OF_ENDS):
        known = (column, *ALSO_CALLED.get(column, ()))
        calls = (renamed[column].strip().lower(),) if column in renamed else known
        called = next((name for name in calls if name in names), None)
        if called is not None and names.count(called) == 1:
            found[column] = names.index(called)
    return found


def _wrong_header(
    row: Sequence[str], expected: str, renamed: Mapping[str, str], place: Place
) -> InputError:
    shown = ",".join(row)
    advice = (
        "Name each of these columns as in the first line, where it must occur exactly once."
        if renamed
        else "Rename the columns in the first line, so that each of these occurs once; sentence, "
        "head, relation and tail are understood too. Or name them: gplinker import --columns "
        '"text=...,subject=...,predicate=...,object=...".'
    )
    return place.error(
        f"expected {expected}. "
        f"Received: {shown if len(shown) <= 60 else shown[:60] + '...'!r}. {advice}"
    )


def _record(place: Place, last_line: int, cells: dict[str, str]) -> Record:
    text = cells["text"]
    if not any(cells[role].strip() for role in COLUMNS[1:]):
        return Record(place, last_line, text, ())
    subject, object_ = (_span(cells, end, place) for end in COLUMNS[1::2])
    triple = expect_words(Triple(subject, cells["predicate"], object_), place)
    return Record(place, last_line, text, (triple,))


def _span(cells: dict[str, str], end: str, place: Place) -> Span:
    """Return a word as a span, with its type and offsets if their cells are filled.

    A start without an end is enough, as in DeepKE's files.
    """
    word, type_ = cells[end], cells.get(f"{end}_type", "")
    start, stop = (cells.get(f"{end}_{which}", "").strip() for which in ("start", "end"))
    if not (start or stop) or not word.strip():
        return Span(word, type=type_)
    if start.isdecimal() and not stop:
        stop = str(int(start) + len(word))
    if not (start.isdecimal() and stop.isdecimal()):
        raise place.error(
            f"expected whole numbers under '{end}_start' and '{end}_end'. Received: "
            f"{start!r} and {stop!r}."
        )
    return span_at(cells["text"], (int(start), int(stop)), type_, place, word)
