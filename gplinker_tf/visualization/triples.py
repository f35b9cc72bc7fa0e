"""A text with the triples that were found in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gplinker_tf._counted import counted
from gplinker_tf._reprs import cut_short, shortened
from gplinker_tf.structures import Example, Extraction, Triple
from gplinker_tf.visualization._drawing import Drawing, text_at
from gplinker_tf.visualization._located import judged, located
from gplinker_tf.visualization._text_width import shortened_to
from gplinker_tf.visualization._triple_drawing import draw_triples
from gplinker_tf.visualization.picture import Picture, adapting

#: How many triples that do not occur in the text are listed below it.
NAMED = 5


def show_triples(
    extraction: Extraction | Example,
    gold: Iterable[Triple] | Example | None = None,
    max_triples: int = 60,
) -> Picture:
    """Draw a text with its subjects and objects marked, and arcs from subjects to their objects.

    Triples with the same subject and predicate share an arc. If subject and object are on different
    lines, the arc of the object names its subject. Tooltips have the scores.

    Args:
        extraction: a text with its found triples; an `Example` shows the annotated ones.
        gold: the annotated triples, which show whether each triple is correct, missed or spurious;
            triples are the same if their three words are. By default, this is not shown.
        max_triples: draw only the first ones; the picture says how many are left out.

    Returns:
        The picture.

    Raises:
        TypeError: `extraction` is not a single extraction, but for example a list; or gold
            contains something other than triples.
        ValueError: gold is of a different text.

    Example:

    >>> from gplinker_tf import Span
    >>> triple = Triple(Span("喜剧之王", 1, 5), "主演", Span("周星驰", 7, 10))
    >>> show_triples(Extraction("《喜剧之王》由周星驰主演", (triple,)))
    Picture('1 triple: 《喜剧之王》由周星驰主演')
    """
    if not isinstance(extraction, Extraction | Example):
        raise TypeError(
            "Expected one extraction. Received: "
            f"{type(extraction).__name__}. Show them one by one, or all with show_graph."
        )
    text = extraction.text
    triples = judged(extraction.triples, None if gold is None else _annotated(text, gold))
    placed, lost = located(text, triples[:max_triples])
    notes = [*_notes(extraction, len(triples), len(placed) + len(lost), lost)]
    title = f"{counted(len(triples), 'triple')}: {cut_short(text)}"
    told = "; ".join(" — ".join(one.triple.words) for one in placed)

    def draw(width: float) -> Drawing:
        lines = [text_at(0, 0, shortened_to(note, width / 12), 12, faint=True) for note in notes]
        return draw_triples(text, placed, lines, width, f"{title}. {told}")

    return Picture(title, adapting(draw), draw)


def _annotated(text: str, gold: Iterable[Triple] | Example) -> tuple[Triple, ...]:
    if isinstance(gold, Example):
        if gold.text != text:
            raise ValueError(
                f"Expected gold of the same text. Received: {shortened(gold.text)}, for "
                f"{shortened(text)}. To use it anyway, pass only its triples."
            )
        return gold.triples
    triples = tuple(gold)
    for triple in triples:
        if not isinstance(triple, Triple):
            raise TypeError(
                f"Expected gold triples. Received: {triple!r}. Make it one: Triple(Span(subject), "
                "predicate, Span(object))."
            )
    return triples


def _notes(
    extraction: Extraction | Example, triples: int, taken: int, lost: Sequence[Triple]
) -> Iterator[str]:
    """Yield notes on what the drawing does not show."""
    left_out = triples - taken
    if not extraction.text.strip():
        yield "The text is empty."
    if not triples:
        yield "No triples."
    if isinstance(extraction, Extraction):
        left_out += extraction.left_out
        if extraction.removed:
            removed = counted(len(extraction.removed), "triple")
            yield f"Removed because entity types contradict each other: {removed}."
        if extraction.truncated:
            yield "The text is longer than the model reads: its end was not searched."
        if extraction.capped:
            yield "More pairs passed the threshold than were scored: see max_pairs."
    if left_out:
        yield f"{counted(left_out, 'more triple')} not drawn."
    yield from (f"Not in the text: {' — '.join(triple.words)}" for triple in lost[:NAMED])
    if len(lost) > NAMED:
        yield f"Not in the text: {len(lost) - NAMED:,} more."
