"""A text joined from tokens, and conversion of token spans to character spans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gplinker_tf.data.formats.json_values import expect_unicode
from gplinker_tf.data.formats.place import Place
from gplinker_tf.structures import Span

#: Characters written without spaces: from CJK radicals to Hangul, and full-width forms.
UNSPACED = (("\u2e80", "\uabff"), ("\uff00", "\uffef"))


class TokenText:
    """A text of tokens joined by spaces, but without a space between two Chinese characters.

    Args:
        tokens: the tokens.
        place: their location in the file.

    Raises:
        InputError: a token is not a string.

    Example:

    >>> TokenText(["Ada", "wrote", "Tin", "."], Place("a.json", 1)).span(2, 3, "Book")
    Span('Tin', 10, 13, type='Book')
    >>> TokenText(list("周星驰主演"), Place("a.json", 1)).text
    '周星驰主演'
    """

    def __init__(self, tokens: Sequence[Any], place: Place) -> None:
        self._place = place
        self._offsets: list[tuple[int, int]] = []
        pieces, length, before = [], 0, ""
        for token in tokens:
            if not isinstance(token, str):
                raise place.error(f"expected tokens as strings. Received: {token!r:.60}.")
            expect_unicode(token, "in a token", place)
            if before and token and not (_unspaced(before[-1]) and _unspaced(token[0])):
                pieces.append(" ")
                length += 1
            pieces.append(token)
            self._offsets.append((length, length + len(token)))
            length += len(token)
            before = token or before
        self.text = "".join(pieces)

    def span(self, first: int, behind: int, type_: str = "") -> Span:
        """Return the span from token `first` up to, but not including, token `behind`.

        Raises:
            InputError: the range is empty or not within the tokens of the text.
        """
        if not 0 <= first < behind <= len(self._offsets):
            raise self._place.error(
                f"expected tokens of a text of {len(self._offsets)} tokens, end exclusive. "
                f"Received: [{first}, {behind}]."
            )
        start, end = self._offsets[first][0], self._offsets[behind - 1][1]
        return Span(self.text[start:end], start, end, type_)

    def span_named(self, first: int, last: int, name: str, type_: str = "") -> Span:
        """Return the span that matches a name, ignoring case and spaces.

        Args:
            first: the first token.
            last: the token after the span, or its last token, whichever matches the name.
            name: the text of the span.
            type_: the type of the entity.

        Raises:
            InputError: neither span matches the name.

        Example:

        >>> text = TokenText(["Ada", "wrote", "Tin"], Place("a.json", 1))
        >>> text.span_named(2, 3, "tin"), text.span_named(2, 2, "tin")
        (Span('Tin', 10, 13), Span('Tin', 10, 13))
        """
        ends = [end for end in (last, last + 1) if 0 <= first < end <= len(self._offsets)]
        spans = [self.span(first, end, type_) for end in ends]
        for span in spans:
            if _letters(span.text) == _letters(name):
                return span
        raise self._place.error(
            f"expected tokens that read {name!r:.60}. Received: [{first}, {last}], which reads "
            f"{' or '.join(repr(span.text) for span in spans) or 'nothing':.120}. Count tokens "
            "from 0."
        )


def _letters(text: str) -> str:
    return "".join(text.split()).casefold()


def _unspaced(character: str) -> bool:
    return any(first <= character <= last for first, last in UNSPACED)
