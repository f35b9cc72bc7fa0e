"""Scores by one match protocol."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gplinker_tf._tabular import Table, Tabular
from gplinker_tf.metrics.protocols import Protocol, Tokenize
from gplinker_tf.metrics.score_counts import ScoreCounts
from gplinker_tf.structures import Example, Extraction, Triple

COLUMNS = ("precision", "recall", "f1")


@dataclass(frozen=True)
class ProtocolScores(Tabular):
    """Precision, recall and F1 by one protocol.

    Args:
        protocol: how triples are compared.
        total: the scores of all items, including the triples that the extractor left out.
        by_predicate: the scores of each predicate; if entities are compared, the only key is "".

    Example:

    >>> from gplinker_tf.metrics import PROTOCOLS
    >>> ProtocolScores(PROTOCOLS["exact"], ScoreCounts(1, 2, 2), {})
    ProtocolScores(exact, F1 0.5000, 2 found, 2 annotated)
    """

    protocol: Protocol
    total: ScoreCounts
    by_predicate: dict[str, ScoreCounts]

    def __repr__(self) -> str:
        return (
            f"ProtocolScores({self.protocol.name}, F1 {self.total.f1:.4f}, "
            f"{self.total.found:,} found, {self.total.annotated:,} annotated)"
        )

    def _table(self) -> Table:
        counts = {"all": self.total, **self.by_predicate}
        return Table(
            ("predicate", *COLUMNS, "found", "annotated"),
            [
                (name, *(getattr(each, column) for column in COLUMNS), each.found, each.annotated)
                for name, each in counts.items()
            ],
        )


def protocol_scores(
    protocol: Protocol,
    examples: Sequence[Example],
    extractions: Sequence[Extraction],
    tokenize: Tokenize,
) -> ProtocolScores:
    """Compare found triples with annotated ones by a protocol, text by text.

    Args:
        protocol: how triples are compared.
        examples: the annotated texts.
        extractions: what was found in them, in the same order.
        tokenize: a function from a word to its tokens.

    Returns:
        The scores, overall and per predicate.

    Example:

    >>> from gplinker_tf.metrics import PROTOCOLS
    >>> from gplinker_tf.structures import Span, Triple
    >>> annotated = Example("…", (Triple(Span("New York"), "in", Span("US")),))
    >>> found = Extraction("…", (Triple(Span("New York City"), "in", Span("US")),))
    >>> protocol_scores(PROTOCOLS["partial"], [annotated], [found], str.split).total.f1
    1.0
    """
    items = protocol.items(tokenize)
    correct: Counter[str] = Counter()
    found: Counter[str] = Counter()
    annotated: Counter[str] = Counter()
    for example, extraction in zip(examples, extractions, strict=True):
        compared = (_compared(each, protocol.of_entities) for each in (example, extraction))
        sides = map(Counter, items(*compared))
        in_gold, in_found = (side if protocol.duplicates else Counter(set(side)) for side in sides)
        for counts, side in (
            (annotated, in_gold),
            (found, in_found),
            (correct, in_gold & in_found),
        ):
            for (predicate, _), times in side.items():
                counts[predicate] += times
    by_predicate = {
        name: ScoreCounts(correct[name], found[name], annotated[name])
        for name in annotated.keys() | found.keys()
    }
    left_out = ScoreCounts(found=sum(extraction.left_out for extraction in extractions))
    return ProtocolScores(protocol, sum(by_predicate.values(), left_out), by_predicate)


def _compared(text: Example | Extraction, of_entities: bool) -> list[Triple]:
    """Return the triples; for entities, also a triple of each unlinked entity with itself."""
    alone = text.unlinked if of_entities else ()
    return [*text.triples, *(Triple(span, "", span) for span in alone)]


def protocol_table(scores: Iterable[ProtocolScores]) -> str:
    """Return a table with one row per protocol, then what each counts as correct and who uses it.

    Args:
        scores: the scores by each protocol.

    Returns:
        The table, with columns aligned for a terminal.

    Example:

    >>> from gplinker_tf.metrics import PROTOCOLS
    >>> print(protocol_table([ProtocolScores(PROTOCOLS["exact"], ScoreCounts(1, 2, 2), {})]))
             precision     recall         f1   found  annotated
    exact       0.5000     0.5000     0.5000       2          2
    <BLANKLINE>
    exact: same predicate; subject and object are written the same
        (CasRel's exact match; TPLinker's whole_text on NYT and WebNLG)
    """
    scores = list(scores)
    width = max(len(each.protocol.name) for each in scores)
    titles = "".join(f"{title:>11}" for title in COLUMNS)
    lines = [f"{'':{width}}{titles}{'found':>8}{'annotated':>11}"]
    for each in scores:
        cells = "".join(f"{getattr(each.total, column):>11.4f}" for column in COLUMNS)
        counts = f"{each.total.found:>8}{each.total.annotated:>11}"
        lines.append(f"{each.protocol.name:{width}}{cells}{counts}")
    lines.append("")
    for protocol in (each.protocol for each in scores):
        lines += [f"{protocol.name}: {protocol.meaning}", f"    ({protocol.source})"]
    return "\n".join(lines)
