"""The data classes of the package, which are immutable and do not need TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf._html import html_block, html_line, html_table, html_text
from gplinker_tf._reprs import shortened
from gplinker_tf._tabular import Table, Tabular


@dataclass(frozen=True)
class Span:
    """A piece of a text.

    Character offsets are half-open, `source[start:end] == text`; they are `None` if only the words
    are known, as in LIC2019's annotation. (Token spans, everywhere in this package, are inclusive
    at both ends.)

    Args:
        text: the characters of the span.
        start: offset of its first character in the source text, or `None`.
        end: offset after its last character, or `None`.
        type: its entity type, "" if unknown.

    Example:

    >>> source = "《喜剧之王》由周星驰主演"
    >>> span = Span("喜剧之王", 1, 5)
    >>> source[span.start:span.end]
    '喜剧之王'
    """

    text: str
    start: int | None = None
    end: int | None = None
    type: str = ""

    def __repr__(self) -> str:
        offsets = "" if self.start is None else f", {self.start}, {self.end}"
        type_ = f", type={shortened(self.type)}" if self.type else ""
        return f"Span({shortened(self.text)}{offsets}{type_})"


def offsets_of(span: Span) -> tuple[int, int]:
    """Return the start and end of a span.

    Raises:
        ValueError: the span has no offsets.
    """
    if span.start is None or span.end is None:
        raise ValueError(f"Expected a span with offsets. Received: {span!r}, end={span.end}.")
    return span.start, span.end


def in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the distinct spans in text order; those without offsets come first.

    Example:

    >>> in_order([Span("Tin", 10, 13), Span("Ada", 0, 3), Span("Tin", 10, 13)])
    (Span('Ada', 0, 3), Span('Tin', 10, 13))
    """
    return tuple(sorted(set(spans), key=lambda s: (s.start or 0, s.end or 0, s.text, s.type)))


@dataclass(frozen=True)
class Mention:
    """An occurrence of a triple in a text.

    Args:
        subject: the span of the subject.
        object: the span of the object.
        score: the score of this occurrence.

    Example:

    >>> Mention(Span("喜剧之王", 1, 5), Span("周星驰", 7, 10), 21.5)
    Mention(Span('喜剧之王', 1, 5), Span('周星驰', 7, 10), 21.5000)
    """

    subject: Span
    object: Span
    score: float | None = None

    def __repr__(self) -> str:
        score = "" if self.score is None else f", {self.score:.4f}"
        return f"Mention({self.subject}, {self.object}{score})"


@dataclass(frozen=True)
class Triple:
    """A relation between two spans of one text.

    Args:
        subject: the span that the relation starts from.
        predicate: the name of the relation, one of the schema's.
        object: the span that the relation points to.
        score: for an extracted triple, the blog's
            S = S(s_h, s_t) + S(o_h, o_t) + S(s_h, o_h | p) + S(s_t, o_t | p); `None` for gold.
        mentions: the mentions of an extracted triple, best score first; subject, object and score
            are those of the first. Empty for gold.
        lowest_score: for an extracted triple, the lowest term of S, which is compared with the
            threshold; the best of all places where the triple was found.
        probability: for an extracted triple of a tuned model, the probability that it is right.

    Example:

    >>> triple = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    >>> triple.words
    ('喜剧之王', '主演', '周星驰')
    """

    subject: Span
    predicate: str
    object: Span
    score: float | None = None
    mentions: tuple[Mention, ...] = ()
    lowest_score: float | None = None
    probability: float | None = None

    @property
    def words(self) -> tuple[str, str, str]:
        """Subject, predicate and object as plain strings."""
        return self.subject.text, self.predicate, self.object.text

    def __repr__(self) -> str:
        score = "" if self.score is None else f", {self.score:.4f}"
        return f"Triple({self.subject}, {shortened(self.predicate)}, {self.object}{score})"

    def _repr_html_(self) -> str:
        return html_block(html_table(SHOWN_COLUMNS, [_shown_row(self)]))


ENDS = ("subject", "object")

#: Columns of a triple in `to_dataframe`, after the text, and in a notebook.
COLUMNS = (
    *("subject", "subject_type", "subject_start", "subject_end", "predicate"),
    *("object", "object_type", "object_start", "object_end"),
    *("score", "lowest_score", "probability"),
)
SHOWN_COLUMNS = ("subject", "type", "predicate", "object", "type", "score", "probability")


def _row(triple: Triple) -> tuple[str | int | float | None, ...]:
    subject, object_ = (
        (span.text, span.type, span.start, span.end) for span in (triple.subject, triple.object)
    )
    scores = triple.score, triple.lowest_score, triple.probability
    return *subject, triple.predicate, *object_, *scores


def _shown_row(triple: Triple) -> tuple[str | float | None, ...]:
    subject, object_ = ((span.text, span.type) for span in (triple.subject, triple.object))
    return *subject, triple.predicate, *object_, triple.score, triple.probability


class _TextWithTriples(Tabular):
    """Abstract: has `text`, `triples` and `unlinked`; notebooks underline subjects and objects."""

    text: str
    triples: tuple[Triple, ...]
    unlinked: tuple[Span, ...]

    @property
    def entities(self) -> tuple[Span, ...]:
        """The distinct spans in triples, mentions and unlinked entities, in text order.

        Example:

        >>> mention = Mention(Span("喜剧之王", 1, 5), Span("周星驰", 7, 10), 21.5)
        >>> triple = Triple(mention.subject, "主演", mention.object, 21.5, (mention,))
        >>> Extraction("《喜剧之王》由周星驰主演", (triple,)).entities
        (Span('喜剧之王', 1, 5), Span('周星驰', 7, 10))
        """
        spans = {span for one in self._found() for span in (one.subject, one.object)}
        return in_order(spans.union(self.unlinked))

    def _table(self) -> Table:
        rows = [(self.text, *_row(triple)) for triple in self.triples]
        return Table(("text", *COLUMNS), rows)

    def _shown_table(self) -> Table:
        return Table(SHOWN_COLUMNS, list(map(_shown_row, self.triples)))

    def _found(self) -> list[Triple | Mention]:
        """Return the triples and all their mentions."""
        return [*self.triples, *(m for triple in self.triples for m in triple.mentions)]

    def _heading(self) -> str:
        ends = [(end, getattr(one, end)) for one in self._found() for end in ENDS]
        marks = {(span.start, span.end, end) for end, span in ends if span.start is not None}
        return html_text(self.text, marks) + html_line(", ".join(self._counts()))

    def _counts(self) -> list[str]:
        unlinked = [f"{len(self.unlinked):,} unlinked"] if self.unlinked else []
        return [counted(len(self.triples), "triple"), *unlinked]

    def __repr__(self) -> str:
        counts = ", ".join(self._counts())
        return f"{type(self).__name__}({shortened(self.text)}, {counts})"


@dataclass(frozen=True, repr=False)
class Example(_TextWithTriples):
    """A text with its annotated triples and entities.

    Args:
        text: the text.
        triples: the annotated triples, which a model learns.
        unlinked: annotated entities that are in no triple; entity scores count them, but no model
            learns them.
    """

    text: str
    triples: tuple[Triple, ...] = ()
    unlinked: tuple[Span, ...] = ()

    def as_extraction(self) -> Extraction:
        """Return the annotation as an `Extraction`, which `ExtractionOutput` can write.

        Example:

        >>> Example("Ada slept", unlinked=(Span("Ada", 0, 3),)).as_extraction()
        Extraction('Ada slept', 0 triples, 1 unlinked)
        """
        return Extraction(self.text, self.triples, unlinked=self.unlinked)


@dataclass(frozen=True, repr=False)
class Extraction(_TextWithTriples):
    """A text and the triples that a model found in it, best score first.

    A notebook shows the text with subjects and objects underlined, and a table of the triples.

    Args:
        text: the original text.
        triples: the triples.
        truncated: whether the text has more tokens than the model reads, so its end was not read.
        capped: whether there were more candidate pairs than the decoder scores; the pairs with the
            lowest entity scores were left out.
        left_out: the number of triples found but not listed; within a window, the lowest-scoring.
        removed: triples that were found but contradict the entity types of more certain ones.
        unlinked: entities that are in no triple, if they were requested.
    """

    text: str
    triples: tuple[Triple, ...] = ()
    truncated: bool = False
    capped: bool = False
    left_out: int = 0
    removed: tuple[Triple, ...] = ()
    unlinked: tuple[Span, ...] = ()

    def _counts(self) -> list[str]:
        left_out = [f"{self.left_out:,} left out"] if self.left_out else []
        removed = [f"{len(self.removed):,} removed"] if self.removed else []
        flags = [flag for flag in ("truncated", "capped") if getattr(self, flag)]
        return [*super()._counts(), *left_out, *removed, *flags]


@dataclass(frozen=True)
class Schema(Tabular):
    """The predicates a model knows, in the order of its labels.

    Args:
        rows: `(subject_type, predicate, object_type)`, one per line of the schema file. A predicate
            may have several rows (LIC2019: 50 rows, 49 predicates); labels follow the order of the
            first rows.

    Example:

    >>> schema = Schema((("影视作品", "主演", "人物"), ("图书作品", "作者", "人物")))
    >>> schema.predicates, schema.index["作者"]
    (('主演', '作者'), 1)
    """

    rows: tuple[tuple[str, str, str], ...]

    @cached_property
    def predicates(self) -> tuple[str, ...]:
        """The distinct predicates, in label order."""
        return tuple(dict.fromkeys(predicate for _, predicate, _ in self.rows))

    @cached_property
    def index(self) -> dict[str, int]:
        """The label of each predicate."""
        return {predicate: label for label, predicate in enumerate(self.predicates)}

    @cached_property
    def types(self) -> dict[str, tuple[str, str]]:
        """The subject and object type of each predicate; "" if its rows disagree.

        Example:

        >>> Schema((("企业", "成立日期", "Date"), ("机构", "成立日期", "Date"))).types
        {'成立日期': ('', 'Date')}
        """
        types: dict[str, tuple[str, str]] = {}
        for subject, predicate, object_ in self.rows:
            known = types.setdefault(predicate, (subject, object_))
            agreed = (a if a == b else "" for a, b in zip(known, (subject, object_), strict=True))
            types[predicate] = (next(agreed), next(agreed))
        return types

    def _table(self) -> Table:
        return Table(("subject_type", "predicate", "object_type"), self.rows)

    def __repr__(self) -> str:
        rows = counted(len(self.rows), "row")
        return f"Schema({rows}, {counted(len(self.predicates), 'predicate')})"


class Encoding(NamedTuple):
    """A text as the encoder reads it: [CLS], the tokens, [SEP].

    Args:
        token_ids: int32 `[L]`.
        segment_ids: int32 `[L]`, zeros for a single text.
        offsets: int32 `[L, 2]`, the character offsets of each token, half-open; `(0, 0)` for
            [CLS] and [SEP].
        truncated: whether tokens were left out because of the length limit.
    """

    token_ids: np.ndarray
    segment_ids: np.ndarray
    offsets: np.ndarray
    truncated: bool = False

    def __repr__(self) -> str:
        truncated = ", truncated" if self.truncated else ""
        return f"Encoding({counted(len(self.token_ids), 'token')}{truncated})"
