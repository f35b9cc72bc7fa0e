"""HTML snippets for notebooks; they inherit color and font, to suit light and dark themes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from gplinker_tf._reprs import cut_short

#: How many rows of a table, half from its start and half from its end, and how many characters of
#: a text a notebook shows.
MOST_ROWS, MOST_CHARACTERS = 20, 1000

#: Colors that mark subjects and objects, readable on white and on black.
COLORS = {"subject": "#3a86c8", "object": "#d98324"}

#: Characters that markup does not allow, even escaped.
NOT_MARKUP = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: Start and end offset of a span in a text, and its kind: a key of `COLORS`.
Mark = tuple[int, int, str]


def plain(text: str) -> str:
    """Return text as markup: special characters are escaped, forbidden ones replaced.

    Example:

    >>> plain("<b> & \\x00")
    '&lt;b&gt; &amp; �'
    """
    return escape(NOT_MARKUP.sub("\ufffd", text))


def html_block(*parts: str) -> str:
    """Join pieces of HTML into one block.

    Example:

    >>> html_block("<b>5</b>", "")
    '<div style="overflow-x:auto"><b>5</b></div>'
    """
    return f'<div style="overflow-x:auto">{"".join(parts)}</div>'


def html_line(text: str) -> str:
    """Return a line of plain text as HTML.

    Example:

    >>> html_line("a < b")
    '<div dir="auto">a &lt; b</div>'
    """
    return f'<div dir="auto">{plain(text)}</div>'


def html_table(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return an HTML table without its empty columns; of a long one, the first and last rows.

    Args:
        titles: the column titles.
        rows: plain values; floats get four decimals, integers thousands separators.

    Example:

    >>> print(html_table(("name", "f1", "empty"), [("<a>", 0.5, None)]).replace("<tr", "\\n<tr"))
    <table style="font-size:90%"><thead>
    <tr><th style="text-align:left">name</th><th>f1</th></tr></thead><tbody>
    <tr><td style="text-align:left"><bdi>&lt;a&gt;</bdi></td><td>0.5000</td></tr></tbody></table>
    """
    more = max(len(rows) - MOST_ROWS, 0)
    first = MOST_ROWS // 2 if more else len(rows)
    shown = [*rows[:first], *rows[first + more :]]
    columns = [
        (title, column)
        for title, column in zip(titles, zip(*shown, strict=True), strict=False)
        if any(value not in (None, "") for value in column)
    ]
    if not columns:
        return ""
    html = [_column(title, column) for title, column in columns]
    head, *body = (f"<tr>{''.join(cells)}</tr>" for cells in zip(*html, strict=True))
    if more:
        note = f"… {more:,} more; to_dataframe() has them all."
        body.insert(first, f'<tr><td colspan="{len(columns)}">{note}</td></tr>')
    return (
        f'<table style="font-size:90%"><thead>{head}</thead><tbody>{"".join(body)}</tbody></table>'
    )


def _column(title: str, values: Sequence[Any]) -> list[str]:
    """Return the cells of a column, the title first; text is left-aligned."""
    left = ' style="text-align:left"' if any(isinstance(value, str) for value in values) else ""
    cells = (f"<td{left}>{_cell(value)}</td>" for value in values)
    return [f"<th{left}>{plain(title)}</th>", *cells]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, int):
        return f"{value:,}"
    return f"<bdi>{plain(cut_short(str(value)))}</bdi>"


def html_text(text: str, marks: Iterable[Mark] = ()) -> str:
    """Return a text with subjects and objects underlined, in both colors where they overlap.

    Args:
        text: the text; a long one is truncated.
        marks: the spans to underline, which may overlap.

    Example:

    >>> html_text("Ada & Tin", [(0, 3, "subject")])
    '<div dir="auto"><span title="subject"
    style="box-shadow:0 2px #3a86c8">Ada</span> &amp; Tin</div>'
    """
    shown = cut_short(text, MOST_CHARACTERS)
    marks = [mark for mark in marks if 0 <= mark[0] < mark[1] <= len(shown)]
    cuts = sorted({0, len(shown), *(cut for mark in marks for cut in mark[:2])})
    pieces = []
    for start, end in pairwise(cuts):
        here = {kind for first, last, kind in marks if first <= start and end <= last}
        kinds = [kind for kind in COLORS if kind in here]
        pieces.append(_marked(plain(shown[start:end]), kinds))
    return f'<div dir="auto">{"".join(pieces)}</div>'


def _marked(piece: str, kinds: Sequence[str]) -> str:
    if not kinds:
        return piece
    lines = ", ".join(f"0 {2 * n}px {COLORS[kind]}" for n, kind in enumerate(kinds, start=1))
    return f'<span title="{", ".join(kinds)}" style="box-shadow:{lines}">{piece}</span>'
