"""Texts with their mistakes, as HTML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape

from gplinker_tf.errors_by_cause import Disagreement, Mistake
from gplinker_tf.report._figures import confidence
from gplinker_tf.report._marking import pieces, shown_triples
from gplinker_tf.structures import Triple


def disagreement(text: Disagreement) -> str:
    """Format a text worth a look, with all its mistakes and their causes."""
    rows = (
        f'<p class="cause"><a href="#{mistake.cause.slug}">{mistake.cause.title}</a></p>'
        f"{_triples(mistake)}"
        for mistake in text.mistakes
    )
    reason = f'<p class="reason">{text.reason.title}</p>'
    return f"<article>{reason}{_marked_text(text.mistakes)}{''.join(rows)}</article>"


def example(mistake: Mistake) -> str:
    """Format one mistake, with the predicates that the page filters by."""
    names = json.dumps(predicates_of(mistake), ensure_ascii=False)
    return (
        f'<article data-predicates="{escape(names)}">'
        f"{_marked_text([mistake])}{_triples(mistake)}</article>"
    )


def predicates_of(mistake: Mistake) -> list[str]:
    """Return the predicates of the missed and the wrong triple."""
    triples = filter(None, (mistake.gold, mistake.found))
    return list(dict.fromkeys(triple.predicate for triple in triples))


def _marked_text(mistakes: Sequence[Mistake]) -> str:
    return (
        f'<p class="text" dir="auto"><span class="number">{mistakes[0].number}</span>'
        f"{''.join(_marked(mistakes))}</p>"
    )


def _marked(mistakes: Sequence[Mistake]) -> Iterator[str]:
    for text, covering in pieces(mistakes):
        if covering:
            sides = " ".join(dict.fromkeys(side for side, _ in covering))
            said = ", ".join(f"{side} {end}" for side, end in covering)
            yield f'<mark class="{sides}" title="{said}">{escape(text)}</mark>'
        else:
            yield escape(text)


def _triples(mistake: Mistake) -> str:
    return "".join(_triple(side, triple) for side, triple in shown_triples(mistake))


def _triple(side: str, triple: Triple) -> str:
    subject, predicate, object_ = map(escape, triple.words)
    known = confidence(triple)
    score = f' <span class="score">{known}</span>' if known else ""
    return (
        f'<p class="triple"><b class="side-{side}">{side}</b><span><bdi>{subject}</bdi> '
        f'<span class="predicate">{predicate}</span> <bdi>{object_}</bdi>{score}</span></p>'
    )
