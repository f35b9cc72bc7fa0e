"""Extractions as spaCy's DocBin: documents with entities and relations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gplinker_tf.data.formats.docbin import OWN, REL, UNLINKED, UNTYPED
from gplinker_tf.data.writers.base import OutputFormat
from gplinker_tf.data.writers.mentions import mentions_of
from gplinker_tf.data.writers.options import OutputOptions
from gplinker_tf.errors import InputError
from gplinker_tf.extras import is_there, way_to
from gplinker_tf.structures import Extraction, offsets_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

#: A run of letters and digits written with spaces, or any other character.
TOKEN = re.compile(r"[^\W\u2e80-\uabff\uff00-\uffef]+|\s+|.", re.DOTALL)


class DocBinOutput(OutputFormat):
    """Documents as a spaCy pipeline with the component `gplinker` leaves them, and `doc._.rel`.

    Tokens are words, single Chinese characters and punctuation marks, and end where an entity
    does. All documents are kept in memory and written at the end.
    Source: https://github.com/explosion/projects/tree/v3/tutorials/rel_component.
    """

    name = "spacy"
    title = "spaCy's DocBin with relations"
    has_entities = True
    needs_offsets = True
    written_whole = True

    def __init__(self, options: OutputOptions | None = None) -> None:
        super().__init__(options)
        if not is_there("spacy"):
            raise InputError(
                "Expected spaCy, which writes DocBin. Received: it is not installed. "
                f"{way_to('spacy')}."
            )
        from spacy.tokens import DocBin
        from spacy.vocab import Vocab

        self._documents = DocBin(store_user_data=True)
        self._vocab = Vocab()

    def parts(self, extraction: Extraction) -> tuple[bytes, ...]:
        from spacy.tokens import Doc

        words = list(_words(extraction))
        # Spaces are tokens of their own, so that a text is kept character by character.
        document = Doc(self._vocab, words, spaces=[False] * len(words))
        add_extraction(document, extraction)
        self._documents.add(document)
        return (b"",)

    def tail(self) -> tuple[bytes, ...]:
        return (self._documents.to_bytes(),)


def add_extraction(document: Doc, extraction: Extraction, set_ents: bool = True) -> None:
    """Adds to a document what was found in its text.

    `doc._.rel` gets the probability of each relation, or 1 where there is none.

    Args:
        document: the document, which is changed.
        extraction: its text and what was found in it.
        set_ents: whether entities also join `doc.ents`, in which no two overlap.
    """
    from spacy.util import filter_spans

    data: dict[Any, Any] = document.user_data
    data[OWN] = [
        [
            *(*offsets_of(triple.subject), triple.subject.type, triple.predicate),
            *(*offsets_of(triple.object), triple.object.type),
            *(triple.score, triple.probability),
        ]
        for triple in extraction.triples
    ]
    groups = {OWN: extraction.entities, UNLINKED: extraction.unlinked}
    for name, entities in groups.items():
        document.spans[name] = [
            span_of(document, *offsets_of(entity), entity.type or UNTYPED) for entity in entities
        ]
    if set_ents:
        document.ents = filter_spans([*document.ents, *document.spans[OWN]])
    _add_relations(document, extraction, data.setdefault(REL, {}))


def span_of(document: Doc, start: int, end: int, label: str = "") -> Span:
    """The tokens of a document that have these characters of its text.

    Args:
        document: the document.
        start: offset of the first character.
        end: offset after the last.
        label: the type.
    """
    span = document.char_span(start, end, label=label, alignment_mode="expand")
    assert span is not None, "the place is within the text"
    return span


def _add_relations(
    document: Doc, extraction: Extraction, relations: dict[tuple[int, int], dict[str, float]]
) -> None:
    """Adds to the value of `doc._.rel` the relations between entities of `doc.ents`."""
    entities = {(entity.start, entity.end) for entity in document.ents}
    for triple in extraction.triples:
        for mention in mentions_of(triple):
            places = offsets_of(mention.subject), offsets_of(mention.object)
            ends = [span_of(document, *place) for place in places]
            if all((end.start, end.end) in entities for end in ends):
                labels = relations.setdefault((ends[0].start, ends[1].start), {})
                known = triple.probability
                labels[triple.predicate] = 1.0 if known is None else known


def _words(extraction: Extraction) -> Iterator[str]:
    """The tokens of a text, cut where an entity starts or ends."""
    text = extraction.text
    ends = {match.end() for match in TOKEN.finditer(text)}
    ends.update(end for span in extraction.entities for end in offsets_of(span) if end)
    start = 0
    for end in sorted(ends):
        yield text[start:end]
        start = end
