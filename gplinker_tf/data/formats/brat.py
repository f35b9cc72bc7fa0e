"""brat's standoff annotation: a folder of texts, each next to its .ann file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gplinker_tf.data.formats.base import Format
from gplinker_tf.data.formats.encodings import encoding_of
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record
from gplinker_tf.data.formats.spans import Entities, span_at
from gplinker_tf.data.formats.text_lines import text_lines, whole_line
from gplinker_tf.structures import Triple

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput

SUFFIX = ".ann"

#: The lines of an entity (id, type, offsets and word) and of a relation (id, name and both ends).
ENTITY = re.compile(r"(T\S+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t(.*))?$")
RELATION = re.compile(r"(R\S+)\t(\S+) \S+?:(\S+) \S+?:(\S+)\s*$")


class Brat(Format):
    """Documents as one text each, with binary relations between contiguous entities.

    Events, attributes and notes are ignored. Source: https://brat.nlplab.org/standoff.html.
    """

    name = "brat"
    title = "brat's standoff annotation"
    looks_like = "T1<TAB>Person 0 3<TAB>Ada ... R1<TAB>wrote Arg1:T1 Arg2:T2"
    has_offsets = True
    has_types = True
    has_entities = True

    def recognizes_path(self, path: Path) -> bool:
        return path.suffix == SUFFIX or (path.is_dir() and bool(_documents(path)))

    def records(self, source: TextInput) -> Iterator[Record]:
        documents = enumerate(_documents(Path(source.path)), start=1)
        return source.read_each(documents, lambda numbered: _record(*numbered, source))

    def stands_on_lines(self, source: TextInput) -> bool:
        return False


def _documents(path: Path) -> list[Path]:
    return sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]


def _record(number: int, annotation: Path, source: TextInput) -> Record:
    path = annotation.with_suffix(".txt")
    if not path.is_file():
        raise Place(annotation, 1).error(
            f"expected the text next to the annotation. Received: no file {path.name}. Copy it "
            "there."
        )
    text = _content(path)
    lines = list(enumerate(_content(annotation).splitlines(), start=1))
    entities, broken = Entities(Place(annotation, 1)), set()
    for at, line in lines:
        if line.startswith("T"):
            _, name, type_, offsets, word = _matched(ENTITY, line, Place(annotation, at))
            if ";" in offsets:
                broken.add(name)
                continue
            start, end = map(int, offsets.split())
            # brat writes a line break within an entity as a space.
            shown = None if "\n" in text[start:end] else word
            entities.add(name, span_at(text, (start, end), type_, Place(annotation, at), shown))
    triples: list[Triple] = []
    for at, line in lines:
        if line.startswith("R"):
            place = Place(annotation, at)
            _, name, predicate, subject, object_ = _matched(RELATION, line, place)
            if split := broken & {subject, object_}:
                source.set_aside(
                    place.error(
                        f"expected entities that are contiguous. Received: {name} with "
                        f"{' and '.join(sorted(split))}, in several pieces. Annotate one piece, "
                        "or remove the relation."
                    )
                )
            else:
                triples.append(entities.triple(subject, predicate, object_, place))
    return Record(Place(source.path, number), number, text, tuple(triples), entities.spans)


def _content(path: Path) -> str:
    return "".join(map(whole_line, text_lines(path, encoding_of(path))))


def _matched(pattern: re.Pattern[str], line: str, place: Place) -> list[str]:
    found = pattern.match(line)
    if found is None:
        kind, example = (
            ("an entity", "T1<TAB>Person 0 3<TAB>Ada")
            if pattern is ENTITY
            else ("a relation", "R1<TAB>wrote Arg1:T1 Arg2:T2")
        )
        raise place.error(f"expected {kind}, {example}. Received: {line[:60]!r}.")
    return [found[0], *(group or "" for group in found.groups())]
