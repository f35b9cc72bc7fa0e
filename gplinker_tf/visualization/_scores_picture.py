"""The picture of scores: the terms of a chosen pair, and the heat maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from gplinker_tf._reprs import cut_short
from gplinker_tf.visualization._drawing import Drawing, above_each_other, side_by_side, text_at
from gplinker_tf.visualization._heat_map import FAR, draw_map, most_telling
from gplinker_tf.visualization._markup import element
from gplinker_tf.visualization._read_scores import Window
from gplinker_tf.visualization._term_bars import draw_terms, verdict
from gplinker_tf.visualization._text_scores import TextScores, Tokens
from gplinker_tf.visualization.picture import Picture, adapting

#: A window of a text, its scores, and a chosen pair in it.
Read = tuple[Window, TextScores, tuple[Tokens, Tokens] | None]


def picture_of(
    read: Read, predicate: str, label: int, threshold: float, max_tokens: int
) -> Picture:
    """Return the picture of scores that are already computed."""
    window, scores, pair = read
    if not scores.tokens:
        return _said("No tokens: the text is empty.")
    maps = scores.maps(label, predicate, pair)
    shown = most_telling(maps, len(scores.tokens), max_tokens)
    drawings = [draw_map(one, scores.tokens, shown, threshold) for one in maps]
    notes = list(_notes(window, scores, len(shown)))

    terms = _terms_drawing(read, predicate, label, threshold)

    def draw(width: float) -> Drawing:
        top = [terms(width)] if terms else []
        below = [_note(note) for note in notes]
        return above_each_other([*top, side_by_side(drawings, width), *below])

    row = "display:flex;flex-wrap:wrap;gap:24px;margin-top:16px"
    html = adapting(terms) if terms else ""
    html += element("div", *(drawing.inline() for drawing in drawings), style=row)
    html += "".join(element("div", _note(note).inline()) for note in notes)
    title = f"{predicate}: {cut_short(scores.text)}"
    return Picture(title, html, draw)


def _terms_drawing(
    read: Read, predicate: str, label: int, threshold: float
) -> Callable[[float], Drawing] | None:
    """Return a function that draws the terms of the chosen pair for a width."""
    _, scores, pair = read
    if pair is None:
        return None
    subject, object_ = pair
    title = " — ".join([_words(scores, subject), predicate, _words(scores, object_)])
    terms = scores.terms(label, predicate, subject, object_)
    sentence = verdict(terms, threshold, scores.remark(label, subject, object_, threshold))
    return partial(draw_terms, title, terms, threshold, sentence)


def _notes(window: Window, scores: TextScores, shown: int) -> Iterator[str]:
    yield f"Tooltips have the scores. A blank cell is {FAR:g} or more below the threshold."
    if shown < len(scores.tokens):
        yield (f"The {shown} of {len(scores.tokens)} tokens with the best scores: see max_tokens.")
    if window.of > 1:
        start, end = scores.offsets[0][0], scores.offsets[-1][1]
        yield (
            f"Window {window.number} of {window.of}: characters {start:,} to {end:,}. To see "
            "another, pass that part of the text."
        )


def _note(text: str) -> Drawing:
    return Drawing(440, 20, text_at(0, 14, text, 11, faint=True), text)


def _said(text: str) -> Picture:
    return Picture(text, _note(text).inline(), lambda width: _note(text))


def _words(scores: TextScores, span: Tokens) -> str:
    return scores.text[scores.offsets[span[0]][0] : scores.offsets[span[1]][1]]
