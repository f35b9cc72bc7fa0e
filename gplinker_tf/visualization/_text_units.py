"""A text split into pieces that stay whole: words, single Chinese characters, emoji."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple
from unicodedata import bidirectional

from gplinker_tf.visualization._text_width import clusters, ems, is_wide

#: A word that is longer than this, in ems, may be split.
LONGEST_WORD = 16.0

#: Characters that do not begin a line.
CLOSING = frozenset("，。、；：！？）》〉」』】”’…,.;:!?)]}%")

RIGHT_TO_LEFT = ("R", "AL")


class Unit(NamedTuple):
    """A piece of a text.

    Args:
        text: its characters; whitespace becomes one space.
        start: where it begins in the text.
        end: where it ends, half-open.
        ems: its width in units of the font size.
        right_to_left: whether it is read from right to left; `None` if its direction is neutral.
        breaks: whether a line ends after it.
    """

    text: str
    start: int
    end: int
    ems: float
    right_to_left: bool | None
    breaks: bool = False

    @property
    def is_space(self) -> bool:
        return self.text == " "


def units_of(text: str, cuts: Collection[int]) -> list[Unit]:
    """Split a text into pieces, also at `cuts`, where spans begin and end.

    >>> [unit.text for unit in units_of("Ada Lovelace，英国", cuts=[2])]
    ['Ad', 'a', ' ', 'Lovelace', '，', '英', '国']
    """
    units: list[Unit] = []
    for cluster, start in _placed(text):
        end = start + len(cluster)
        last = units[-1] if units else None
        joined = last.text + cluster if last else ""
        if (
            last
            and start not in cuts
            and _of_word(cluster)
            and _of_word(last.text[-1])
            and ems(joined) <= LONGEST_WORD
        ):
            units[-1] = _unit(joined, last.start, end)
        else:
            units.append(_unit(cluster, start, end))
    return units


def _placed(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for cluster in clusters(text):
        yield cluster, start
        start += len(cluster)


def _of_word(cluster: str) -> bool:
    return not is_wide(cluster) and not cluster.isspace() and cluster not in CLOSING


def _unit(text: str, start: int, end: int) -> Unit:
    directions = {bidirectional(character) for character in text}
    if directions & {*RIGHT_TO_LEFT}:
        right_to_left: bool | None = True
    else:
        right_to_left = False if "L" in directions else None
    if text.isspace():
        return Unit(" ", start, end, 0.33, None, breaks=text == "\n")
    return Unit(text, start, end, ems(text), right_to_left)
