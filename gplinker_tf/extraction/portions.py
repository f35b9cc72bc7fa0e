"""Splitting of a stream of texts into portions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

#: The number of texts, and about how many characters, that are tokenized and sorted by length
#: together: many batches, little memory.
TEXTS_TOGETHER, CHARACTERS_TOGETHER = 1024, 1 << 20


def portions(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield lists of texts; if the iterable raises an error, first those read before it."""
    texts, failure = iter(texts), None
    while failure is None:
        some: list[str] = []
        characters = 0
        try:
            for text in islice(texts, TEXTS_TOGETHER):
                some.append(text)
                characters += len(text)
                if characters >= CHARACTERS_TOGETHER:
                    break
        except Exception as error:
            failure = error
        if not some:
            break
        yield some
    if failure is not None:
        raise failure
