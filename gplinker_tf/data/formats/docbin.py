"""spaCy's DocBin format: documents with entities, and with relations in `doc._.rel`."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gplinker_tf.data.formats.base import Format
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.record import Record, expect_words
from gplinker_tf.data.formats.spans import span_at
from gplinker_tf.errors import InputError
from gplinker_tf.extras import require
from gplinker_tf.structures import Span, Triple

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.tokens import Span as Entity

    from gplinker_tf.data.formats.text_input import TextInput

#: The name of the first field, which follows the number of fields in the decompressed bytes.
FIRST_FIELDS = (b"\xa7version", b"\xa5attrs")

#: The key of `doc._.rel` in `doc.user_data`. It maps the first tokens of two entities to labels
#: with their probabilities.
REL = ("._.", "rel", None, None)

#: The key under which the component `gplinker` keeps its relations, by characters, and entities.
OWN = "gplinker"

#: The key of its entities that are in no relation.
UNLINKED = f"{OWN}_unlinked"

#: The fields of each of its relations.
ROW = (
    *("subject start", "subject end", "subject type", "predicate"),
    *("object start", "object end", "object type", "score", "probability"),
)

#: The label of an entity without a type, since spaCy requires a label.
UNTYPED = "ENTITY"

#: The lowest probability of a relation that counts as annotated, as in spaCy's own evaluation.
ANNOTATED = 0.5


class DocBinFormat(Format):
    """Documents with `doc.ents` and `doc._.rel`, or from a pipeline with the component `gplinker`.

    Source: https://github.com/explosion/projects/tree/v3/tutorials/rel_component.
    """

    name = "spacy"
    title = "spaCy's DocBin with relations"
    suffixes = (".spacy",)
    looks_like = 'doc._.rel = {(0, 2): {"wrote": 1.0}}'
    has_offsets = True
    has_types = True
    has_entities = True

    def recognizes_path(self, path: Path) -> bool:
        if path.suffix.lower() in self.suffixes:
            return True
        if not path.is_file():
            return False
        try:
            with path.open("rb") as file:
                beginning = zlib.decompressobj().decompress(file.read(1024), 64)
        except (OSError, zlib.error):
            return False
        return beginning[1:].startswith(FIRST_FIELDS)

    def records(self, source: TextInput) -> Iterator[Record]:
        documents = enumerate(_documents(source.path), start=1)
        return source.read_each(documents, lambda numbered: _record(*numbered, source))

    def texts(self, source: TextInput) -> Iterator[str]:
        return (document.text for document in _documents(source.path))

    def stands_on_lines(self, source: TextInput) -> bool:
        return False


def _documents(path: str | Path) -> Iterator[Doc]:
    require("spacy", f"Reading {path}")
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    try:
        yield from DocBin().from_disk(path).get_docs(Vocab())
    except Exception as error:  # damage surfaces in zlib, msgpack or NumPy
        raise InputError(
            f"{path}: expected a DocBin of spaCy. Received: {type(error).__name__}: "
            f"{str(error).rstrip('.')}. "
            "Write it again with DocBin.to_disk."
        ) from error


def _record(number: int, document: Doc, source: TextInput) -> Record:
    place = Place(source.path, number)
    if OWN in document.user_data:
        entities = _spans(document.spans.get(UNLINKED, ()))
        triples = _own_triples(document, place)
    else:
        entities = _spans(document.ents)
        triples = _triples(document, place, source)
    return Record(place, number, document.text, tuple(triples), entities)


def _spans(entities: Iterable[Entity]) -> list[Span]:
    return list(map(_span, entities))


def _span(entity: Entity) -> Span:
    type_ = "" if entity.label_ == UNTYPED else entity.label_
    return Span(entity.text, entity.start_char, entity.end_char, type_)


def _triples(document: Doc, place: Place, source: TextInput) -> Iterator[Triple]:
    """Yield the triples of `doc._.rel`, and skip single relations whose entities are missing."""
    data: dict[Any, Any] = document.user_data
    relations = _mapping(data.get(REL, {}), place, pairs=True)
    tokens = {entity.start: _span(entity) for entity in document.ents}
    characters = {entity.start_char: _span(entity) for entity in document.ents}
    keys = {key for pair in relations for key in pair}
    # Some projects use character offsets as keys, while spaCy's own uses token indices.
    entities = characters if not keys <= tokens.keys() and keys <= characters.keys() else tokens
    for pair, labels in relations.items():
        for label, probability in _mapping(labels, place).items():
            if not (isinstance(label, str) and isinstance(probability, int | float)):
                raise place.error(
                    "expected labels and their probabilities in doc._.rel. Received: "
                    f"{label!r:.60}: {probability!r:.60}."
                )
            if probability < ANNOTATED:
                continue
            ends = [entities[key] for key in pair if key in entities]
            if len(ends) == 2:
                yield expect_words(Triple(ends[0], label, ends[1]), place)
            else:
                source.set_aside(
                    place.error(
                        "expected entities that start at the tokens of doc._.rel. Received: "
                        f"{pair!r:.60} for {label!r:.60}. Add the entities to doc.ents, or remove "
                        "the relation."
                    )
                )


def _mapping(value: Any, place: Place, pairs: bool = False) -> dict[Any, Any]:
    """Return a value that must be a dictionary, with pairs of tokens as keys if `pairs`."""
    whole = isinstance(value, dict)
    whole = whole and not (pairs and any(_is_no_pair(key) for key in value))
    if not whole:
        raise place.error(
            "expected doc._.rel as {(0, 2): {'wrote': 1.0}}: the first tokens of two entities, "
            f"with labels and their probabilities. Received: {value!r:.60}."
        )
    return value


def _is_no_pair(key: Any) -> bool:
    return not (isinstance(key, tuple) and len(key) == 2)


def _is_row(row: Any) -> bool:
    if not (isinstance(row, list | tuple) and len(row) == len(ROW)):
        return False
    start, end, type_, predicate, object_start, object_end, object_type, score, _ = row
    numbers = (start, end, object_start, object_end)
    return (
        all(isinstance(value, int) for value in numbers)
        and all(isinstance(value, str) for value in (type_, predicate, object_type))
        and isinstance(score, int | float | None)
    )


def _own_triples(document: Doc, place: Place) -> Iterator[Triple]:
    """Yield the triples that the component `gplinker` or `gplinker extract` wrote."""
    for row in document.user_data[OWN]:
        if not _is_row(row):
            raise place.error(
                f"expected relations of the component {OWN!r}: {', '.join(ROW)}. Received: "
                f"{row!r:.60}."
            )
        start, end, type_, predicate, object_start, object_end, object_type, score, _ = row
        subject = span_at(document.text, (start, end), type_, place)
        object_ = span_at(document.text, (object_start, object_end), object_type, place)
        yield Triple(subject, predicate, object_, score)
