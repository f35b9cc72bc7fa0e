"""Entity types as a constraint: an entity can't have two incompatible types."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from gplinker_tf._counted import counted
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Example, Extraction, Schema, Triple

#: The words of an entity, and its type.
Typed = tuple[str, str]


@dataclass(frozen=True)
class CompatibleTypes:
    """The types that one entity may have at once, such as a book that is also a web novel.

    A schema names the types of a predicate's subject and object, but not which types exclude each
    other. Annotated texts show this: types of the same words in one text are compatible.

    Args:
        pairs: the pairs of compatible types; each pair is sorted.

    Example:

    >>> from gplinker_tf.structures import Span
    >>> schema = Schema((("歌曲", "歌手", "人物"), ("人物", "国籍", "国家")))
    >>> singer = Triple(Span("歌"), "歌手", Span("许美静"))
    >>> citizen = Triple(Span("许美静"), "国籍", Span("新加坡"))
    >>> types = CompatibleTypes.learn([Example("…", (singer, citizen))], schema)
    >>> types.go_together("人物", "人物"), types.go_together("人物", "国家")
    (True, False)
    """

    pairs: frozenset[tuple[str, str]] = frozenset()

    def __repr__(self) -> str:
        return f"CompatibleTypes({counted(len(self.pairs), 'pair')})"

    @classmethod
    def learn(cls, examples: Iterable[Example], schema: Schema) -> CompatibleTypes:
        """Learn the compatible types: those that the same words have in one of the texts.

        Args:
            examples: annotated texts, preferably all training texts.
            schema: the types of each predicate.
        """
        pairs: set[tuple[str, str]] = set()
        for example in examples:
            types: defaultdict[str, set[str]] = defaultdict(set)
            for triple in example.triples:
                subject, object_ = schema.types[triple.predicate]
                types[triple.subject.text].add(subject)
                types[triple.object.text].add(object_)
            for known in types.values():
                pairs.update(combinations(sorted(known - {""}), 2))
        return cls(frozenset(pairs))

    def go_together(self, first: str, second: str) -> bool:
        """Return whether an entity may have both types; an unknown type, "", excludes none.

        Args:
            first: a type.
            second: another, or the same.
        """
        same = first == second or not first or not second
        return same or (min(first, second), max(first, second)) in self.pairs

    def constrain(self, extraction: Extraction) -> Extraction:
        """Remove the triples that contradict a more certain one.

        The triples are processed by their lowest score, best first. A triple is removed if it gives
        words a type that is incompatible with the types they already have.

        Args:
            extraction: a text and what was found in it, with types.

        Returns:
            The extraction without these triples; `removed` lists them.

        Example:

        >>> from gplinker_tf.structures import Span
        >>> person, country = Span("新加坡", type="人物"), Span("新加坡", type="国家")
        >>> singer = Triple(Span("歌", type="歌曲"), "歌手", person, 9.0, lowest_score=0.2)
        >>> citizen = Triple(Span("许美静", type="人物"), "国籍", country, 8.0, lowest_score=3.5)
        >>> extraction = CompatibleTypes().constrain(Extraction("…", (singer, citizen)))
        >>> [triple.predicate for triple in extraction.triples]
        ['国籍']
        >>> [triple.predicate for triple in extraction.removed]
        ['歌手']
        """
        types: defaultdict[str, set[str]] = defaultdict(set)
        removed: set[Triple] = set()
        for triple in sorted(extraction.triples, key=_uncertainty):
            ends = list(_typed_ends(triple))
            if self._contradict(ends, types):
                removed.add(triple)
                continue
            for words, type_ in ends:
                types[words].add(type_)
        if not removed:
            return extraction
        kept = tuple(triple for triple in extraction.triples if triple not in removed)
        gone = tuple(triple for triple in extraction.triples if triple in removed)
        return replace(extraction, triples=kept, removed=gone)

    def _contradict(self, ends: list[Typed], types: dict[str, set[str]]) -> bool:
        """Return whether the ends of a triple contradict the known types, or each other."""
        (subject, subject_type), (object_, object_type) = ends
        if subject == object_ and not self.go_together(subject_type, object_type):
            return True
        return any(
            not self.go_together(type_, known)
            for words, type_ in ends
            for known in types.get(words, ())
        )


def expect_types(types: CompatibleTypes | None, schema: Schema) -> CompatibleTypes:
    """Return the compatible types of a run, or raise if it has none.

    Args:
        types: the compatible types that the run learned, or `None`.
        schema: the schema of the run.

    Raises:
        InputError: the run has not learned them, or its schema has no types.
    """
    if not any(map(any, schema.types.values())):
        raise InputError(
            "Expected a schema with entity types. Received: "
            f"{counted(len(schema.predicates), 'predicate')} without any. Train with a "
            "schema that has subject_type and object_type, or without consistent_types."
        )
    if types is None:
        raise InputError(
            "Expected a run that knows which entity types go together. Received: one that was "
            "converted, or trained by an older version. Train again, or set "
            "extractor.compatible_types to CompatibleTypes.learn(training_examples, schema)."
        )
    return types


def _typed_ends(triple: Triple) -> Iterator[Typed]:
    for span in (triple.subject, triple.object):
        yield span.text, span.type


def _uncertainty(triple: Triple) -> float:
    return -(triple.lowest_score or 0.0)
