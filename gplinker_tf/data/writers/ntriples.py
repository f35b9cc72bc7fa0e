"""Extractions as a graph of entities in RDF N-Triples."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from gplinker_tf.data.writers.base import OutputFormat
from gplinker_tf.structures import Extraction

RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
RDFS_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"

#: The characters that must be escaped in a literal.
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


class NTriplesOutput(OutputFormat):
    """One statement per triple, and statements for the types and labels of its parts.

    IRIs are BASE/entity/NAME, BASE/relation/NAME and BASE/type/NAME, percent-encoded; entities
    with the same name are one entity. A statement from several texts is repeated, which makes no
    difference in a graph. Source: https://www.w3.org/TR/n-triples.
    """

    name = "ntriples"
    title = "RDF N-Triples"

    def beginnings(self) -> tuple[str, ...]:
        return (f"<{self.options.base_iri}entity/",)

    def parts(self, extraction: Extraction) -> tuple[str, ...]:
        statements = dict.fromkeys(self._statements(extraction))
        return ("".join(f"{statement} .\n" for statement in statements),)

    def _statements(self, extraction: Extraction) -> Iterator[str]:
        for triple in extraction.triples:
            subject, object_ = (self._iri("entity", word) for word in triple.words[::2])
            relation = self._iri("relation", triple.predicate)
            yield f"{subject} {relation} {object_}"
            for iri, word in zip((subject, relation, object_), triple.words, strict=True):
                yield f"{iri} {RDFS_LABEL} {_literal(word)}"
            for iri, span in ((subject, triple.subject), (object_, triple.object)):
                if span.type:
                    type_ = self._iri("type", span.type)
                    yield f"{iri} {RDF_TYPE} {type_}"
                    yield f"{type_} {RDFS_LABEL} {_literal(span.type)}"

    def _iri(self, kind: str, name: str) -> str:
        return f"<{self.options.base_iri}{kind}/{quote(name, safe='')}>"


def _literal(word: str) -> str:
    return f'"{word.translate(ESCAPES)}"'
