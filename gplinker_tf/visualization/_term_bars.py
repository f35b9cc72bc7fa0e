"""Bars for the terms of a triple's score, and a sentence on why the triple is found or not."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from gplinker_tf._counted import counted
from gplinker_tf.visualization import _colors as colors
from gplinker_tf.visualization._drawing import Drawing, fitted_text, text_at
from gplinker_tf.visualization._markup import element, number
from gplinker_tf.visualization._text_lines import lines_of
from gplinker_tf.visualization._text_scores import Term
from gplinker_tf.visualization._text_width import shortened_to

#: Pixels of a term's row, of its bar, of its names, of its value, and of the maximum total width.
ROW, BAR, NAMES, VALUE, WIDEST = 30.0, 14.0, 190.0, 60.0, 640.0

SIZE = 14.0


def verdict(terms: Sequence[Term], threshold: float, remark: str = "") -> str:
    """Say why a triple is found or not.

    >>> terms = [Term("S(s_h, s_t)", "喜 → 王", 4.0), Term("S(o_h, o_t)", "周 → 驰", -1.5)]
    >>> verdict(terms, 0.0)
    'Not found: S(o_h, o_t) = −1.50 does not exceed the threshold 0. The other term does.'
    >>> verdict([terms[0]] * 2, 0.0)
    'Found: all 2 terms exceed the threshold 0. The lowest is S(s_h, s_t) = 4.00; the score is
     their sum, 8.00.'
    """
    limit = f"the threshold {_said(threshold, '{:g}')}"
    low = [term for term in terms if not term.compared > threshold]
    if low:
        named = ", ".join(map(_named, sorted(low, key=lambda term: term.compared)))
        first = f"Not found: {named} {'does' if len(low) == 1 else 'do'} not exceed {limit}."
        others = f" {_others(len(terms) - len(low))}" if len(low) < len(terms) else ""
        return first + others + _needs(low)
    if remark:
        return f"Not found, though all {len(terms)} terms exceed {limit}: {remark}"
    least = min(terms, key=lambda term: term.compared)
    total = _said(sum(term.value for term in terms))
    return (
        f"Found: all {len(terms)} terms exceed {limit}. The lowest is {_named(least)}; the score "
        f"is their sum, {total}.{_needs([least])}"
    )


def _named(term: Term) -> str:
    return f"{term.formula} = {_said(term.value)}"


def _needs(named: Sequence[Term]) -> str:
    needed = max(term.needed for term in named)
    return f" A start needs {needed:.2f} more than the threshold." if needed else ""


def _others(count: int) -> str:
    return "The other term does." if count == 1 else f"The other {counted(count, 'term')} do."


def _said(value: float, form: str = "{:.2f}") -> str:
    """Format a number with a true minus sign."""
    return form.format(value).replace("-", "−").replace("inf", "∞")


def draw_terms(
    title: str, terms: Sequence[Term], threshold: float, sentence: str, width: float
) -> Drawing:
    """Draw a bar for each term, from the threshold to its value.

    Args:
        title: the triple.
        terms: its terms.
        threshold: what each must exceed.
        sentence: the verdict.
        width: the maximum width of the drawing, in pixels.
    """
    lines = lines_of(sentence, [], min(width, WIDEST), SIZE).lines
    width = max([min(width, WIDEST), *(line[-1].right for line in lines)])
    parts = [text_at(0, 14, shortened_to(title, width / 16), 15, font_weight="600")]
    for row, line in enumerate(lines):
        words, length = "".join(piece.unit.text for piece in line), line[-1].right
        parts.append(fitted_text(0, 38 + row * 20, words, SIZE, length))
    top = 54 + len(lines) * 20
    left, right = NAMES, width - VALUE
    values = [term.compared for term in terms]
    finite = filter(isfinite, values)  # a score that the model masks is minus infinity
    low, *_, high = sorted([threshold - 1, threshold + 1, *finite])

    def place(value: float) -> float:
        return left + (max(value, low) - low) / (high - low) * (right - left)

    for row, term in enumerate(terms):
        y = top + row * ROW
        parts += _bar(term, y, place(threshold), place(term.compared), term.compared > threshold)
        parts.append(text_at(width, y + 16, _said(term.value), SIZE, text_anchor="end"))
    bottom = top + len(terms) * ROW
    x = number(place(threshold))
    path = f"M{x} {number(top - 2)}V{number(bottom)}"
    parts.append(
        element("path", d=path, stroke=colors.INK, stroke_dasharray="3 3", stroke_opacity=0.7)
    )
    mark = f"threshold {_said(threshold, '{:g}')}"
    parts.append(text_at(place(threshold), top - 6, mark, 11, faint=True, text_anchor="middle"))
    total = f"S = {_said(sum(term.value for term in terms))}"
    parts.append(text_at(width, bottom + 16, total, SIZE, text_anchor="end", font_weight="600"))
    return Drawing(width, bottom + 24, "".join(parts), f"{title}. {sentence}")


def _bar(term: Term, y: float, zero: float, end: float, above: bool) -> list[str]:
    color = colors.CORRECT if above else colors.SPURIOUS
    bar = element(
        "rect",
        x=min(zero, end),
        y=y + 4,
        width=max(abs(end - zero), 1.5),
        height=BAR,
        rx=2,
        fill=color,
        fill_opacity=0.85,
    )
    sign = text_at(0, y + 16, "✓" if above else "✗", SIZE, fill=color)
    formula = text_at(20, y + 10, shortened_to(term.formula, 15), 12)
    place = text_at(20, y + 24, shortened_to(term.place, 14), 11, faint=True)
    return [bar, sign, formula, place]
