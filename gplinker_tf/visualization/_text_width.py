"""Estimates of the width of text, so that pictures can be laid out without a browser.

Drawn text is fitted to these widths (`textLength`), whatever the font.
"""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import bidirectional, category, east_asian_width

NARROW, WIDE = frozenset("iljtfrI.,:;'|!()[]-·"), frozenset("mwMW@%—")

ZERO_WIDTH_JOINER = "\u200d"

#: Emoji that modify the one before them.
SKIN_TONES = range(0x1F3FB, 0x1F400)

FLAGS = range(0x1F1E6, 0x1F200)


def clusters(text: str) -> Iterator[str]:
    """Yield characters as a reader counts them: accented letters and joined emoji count as one.

    >>> list(clusters("é👩🏽‍🚀🇨🇳王"))
    ['é', '👩🏽‍🚀', '🇨🇳', '王']
    """
    cluster = ""
    for character in text:
        if cluster and not _continues(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _continues(cluster: str, character: str) -> bool:
    code = ord(character)
    return (
        character == ZERO_WIDTH_JOINER
        or cluster[-1] == ZERO_WIDTH_JOINER
        or category(character) in ("Mn", "Me")
        or code in SKIN_TONES
        or (code in FLAGS and len(cluster) == 1 and ord(cluster) in FLAGS)
    )


def ems(text: str) -> float:
    """Return the width of a text in units of its font size.

    >>> ems("王"), ems("il"), round(ems("ab"), 2)
    (1.0, 0.66, 1.14)
    """
    return sum(map(_ems_of_cluster, clusters(text)))


def is_wide(cluster: str) -> bool:
    """Return whether it takes a full square, as Chinese characters and emoji do.

    >>> is_wide("王"), is_wide("a")
    (True, False)
    """
    return east_asian_width(cluster[0]) in "WF" or ord(cluster[0]) in FLAGS


def _ems_of_cluster(cluster: str) -> float:
    first = cluster[0]
    if is_wide(cluster) or (east_asian_width(first) == "A" and not first.isalnum()):
        return 1.0 if ord(first) < 0x1F000 else 1.3
    if first in NARROW or first.isspace():
        return 0.33
    if first in WIDE:
        return 0.9
    if bidirectional(first) == "AL":
        return 0.45
    return 0.7 if first.isupper() else 0.57


def shortened_to(text: str, limit: float) -> str:
    """Shorten a text to at most `limit` ems, with an ellipsis if it was cut.

    >>> shortened_to("喜剧之王", 4), shortened_to("喜剧之王", 3)
    ('喜剧之王', '喜剧…')
    """
    if ems(text) <= limit:
        return text
    kept, width = "", 1.0
    for cluster in clusters(text):
        width += ems(cluster)
        if width > limit:
            break
        kept += cluster
    return kept + "…"
