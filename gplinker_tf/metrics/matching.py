"""Keys that decide whether two triples are the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from gplinker_tf.structures import Triple

#: Maps a triple to what must be equal.
Key = Callable[[Triple], Hashable]
#: Tokens of the subject, the predicate, tokens of the object.
TokenizedTriple = tuple[tuple[str, ...], str, tuple[str, ...]]
Kind = TypeVar("Kind", bound=Hashable)


def exact_key(triple: Triple) -> tuple[str, str, str]:
    """Return subject, predicate and object as written."""
    return triple.words


def tokenized_key(
    tokenize: Callable[[str], Sequence[str]],
) -> Callable[[Triple], TokenizedTriple]:
    """Return a key function: predicate and tokens of subject and object, like the script's `SPO`.

    Args:
        tokenize: a function from a word to its tokens.

    Example:

    >>> key = tokenized_key(str.split)
    >>> from gplinker_tf.structures import Span
    >>> key(Triple(Span("New  York"), "in", Span("US"))) == key(
    ...     Triple(Span("New York "), "in", Span("US")))
    True
    """
    remembered: dict[str, tuple[str, ...]] = {}

    def tokens(word: str) -> tuple[str, ...]:
        if word not in remembered:
            remembered[word] = tuple(tokenize(word))
        return remembered[word]

    def key(triple: Triple) -> TokenizedTriple:
        subject, predicate, object_ = triple.words
        return tokens(subject), predicate, tokens(object_)

    return key


def distinct(triples: Iterable[Triple], key: Callable[[Triple], Kind]) -> dict[Kind, Triple]:
    """Return the first triple with each key, by key, in the given order."""
    kinds: dict[Kind, Triple] = {}
    for triple in triples:
        kinds.setdefault(key(triple), triple)
    return kinds
