"""When two triples are the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from gplinker_tf.structures import Triple

#: From a triple to what must be equal.
Key = Callable[[Triple], Hashable]


def exact_key(triple: Triple) -> Hashable:
    """Subject, predicate and object as they are written."""
    return triple.words


def tokenised_key(tokenize: Callable[[str], Sequence[str]]) -> Key:
    """The predicate, and the tokens of subject and object: the script's `SPO`.

    Args:
        tokenize: from a word to its tokens.

    Example:

    >>> key = tokenised_key(str.split)
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

    def key(triple: Triple) -> Hashable:
        subject, predicate, object_ = triple.words
        return tokens(subject), predicate, tokens(object_)

    return key


def distinct(triples: Iterable[Triple], key: Key) -> dict[Hashable, Triple]:
    """The first triple of each kind, by its key, in the order given."""
    kinds: dict[Hashable, Triple] = {}
    for triple in triples:
        kinds.setdefault(key(triple), triple)
    return kinds
