"""Extractions in spaCy's DocBin format: documents with entities and relations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gplinker_tf.data.formats.docbin import OWN, REL, UNLINKED, UNTYPED
from gplinker_tf.data.writers.base import OutputFormat
from gplinker_tf.data.writers.mentions import mentions_of
from gplinker_tf.data.writers.options import OutputOptions
from gplinker_tf.extras import require
from gplinker_tf.structures import Extraction, offsets_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

#: A run of letters and digits written with spaces, or any other character.
TOKEN = re.compile(r"[^\W\u2e80-\uabff\uff00-\uffef]+|\s+|.", re.DOTALL)


class DocBinOutput(OutputFormat):
    """Documents with `doc._.rel`, as from a spaCy pipeline with the component `gplinker`.

    Tokens are words, single Chinese characters and punctuation marks, and are split where an
    entity starts or ends. All documents are kept in memory and written at the end.
    Source: https://github.com/explosion/projects/tree/v3/tutorials/rel_component.
    """

    name = "spacy"
    title = "spaCy's DocBin with relations"
    has_entities = True
    needs_offsets = True
    written_whole = True

    def __init__(self, options: OutputOptions | None = None) -> None:
        super().__init__(options)
        require("spacy", "Writing DocBin")
        from spacy.tokens import DocBin
        from spacy.vocab import Vocab

        self._documents = DocBin(store_user_data=True)
        self._vocab = Vocab()

    def parts(self, extraction: Extraction) -> tuple[bytes, ...]:
        from spacy.tokens import Doc

        words = list(_words(extraction))
        # Whitespace becomes separate tokens, so that each text is kept exactly.
        document = Doc(self._vocab, words, spaces=[False] * len(words))
        add_extraction(document, extraction)
        self._documents.add(document)
        return (b"",)

    def tail(self) -> tuple[bytes, ...]:
        return (self._documents.to_bytes(),)


def add_extraction(document: Doc, extraction: Extraction, set_ents: bool = True) -> None:
    """Add an extraction to a document.

    `doc._.rel` gets the probability of each relation, or 1 if it has no probability.

    Args:
        document: the document, which is changed in place.
        extraction: the extraction from its text.
        set_ents: whether to add the entities to `doc.ents` too, where entities can't overlap.
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
    """Return the tokens of a document that cover a range of characters.

    Args:
        document: the document.
        start: the offset of the first character.
        end: the offset after the last character.
        label: the entity type.
    """
    span = document.char_span(start, end, label=label, alignment_mode="expand")
    assert span is not None, "the offsets are within the text"
    return span


def _add_relations(
    document: Doc, extraction: Extraction, relations: dict[tuple[int, int], dict[str, float]]
) -> None:
    """Add the relations between entities of `doc.ents` to the value of `doc._.rel`."""
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
    """Yield the tokens of a text, split where an entity starts or ends."""
    text = extraction.text
    ends = {match.end() for match in TOKEN.finditer(text)}
    ends.update(end for span in extraction.entities for end in offsets_of(span) if end)
    start = 0
    for end in sorted(ends):
        yield text[start:end]
        start = end
