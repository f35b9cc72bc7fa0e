"""Explanation of a span whose offsets do not match its word."""

from __future__ import annotations

from collections.abc import Iterator

from gplinker_tf.structures import Span, offsets_of


def span_fault(text: str, span: Span) -> str:
    """Return an error message if a span's offsets do not match its word, else "".

    Args:
        text: the text that the offsets refer to.
        span: a word with offsets.

    Raises:
        ValueError: the span has no offsets.

    Example:

    >>> span_fault("江宁大学", Span("江宁", 0, 2))
    ''
    >>> print(span_fault("江宁大学", Span("江宁", 0, 1)))
    expected offsets of '江宁' in characters, end exclusive. Received: [0, 1], which reads '江'.
    The end is too small by one: write [0, 2].
    """
    word, (start, end) = span.text, offsets_of(span)
    if end - start == len(word) > 0 and start >= 0 and text.startswith(word, start):
        return ""
    if 0 <= start < end <= len(text):
        reads = f"which reads {_short(text[start:end])!r}"
    else:
        reads = f"which is not a span of a text of {len(text)} characters"
    advice = next(_explanations(text, word, start, end), None)
    if advice is None:
        place = text.find(word)
        advice = (
            f"The word is at [{place}, {place + len(word)}]."
            if place >= 0
            else "The word does not occur in the text: correct it, or leave out the span."
        )
    return (
        f"expected offsets of {_short(word)!r} in characters, end exclusive. Received: "
        f"[{start}, {end}], {reads}. {advice}"
    )


def _explanations(text: str, word: str, start: int, end: int) -> Iterator[str]:
    if not word or start < 0 or end < start:
        return
    if text[start : end + 1] == word:
        yield f"The end is too small by one: write [{start}, {end + 1}]."
    if start > 0 and text[start - 1 : end] == word:
        yield f"They count from 1: write [{start - 1}, {end}]."
    for name, encoding, size in (("UTF-8 bytes", "utf-8", 1), ("UTF-16 units", "utf-16-le", 2)):
        units = text.encode(encoding, "surrogatepass")
        if units[size * start : size * end] == word.encode(encoding, "surrogatepass"):
            before = len(units[: size * start].decode(encoding, "surrogatepass"))
            yield f"They count {name}: write [{before}, {before + len(word)}]."


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "..."
