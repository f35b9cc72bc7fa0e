"""Match protocols: what published scores count as the same triple."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gplinker_tf.errors import InputError
from gplinker_tf.metrics._duie import duie_items
from gplinker_tf.metrics._items import (
    Items,
    apart,
    by_entity_words,
    by_key,
    by_offsets,
    by_words,
    entity_places,
    triple_places,
)
from gplinker_tf.metrics.matching import exact_key, tokenized_key

#: Maps a word to its tokens.
Tokenize = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Protocol:
    """A way to compare found triples with annotated ones.

    Args:
        name: the name on the command line.
        meaning: what counts as correct, in one line.
        source: who uses it.
        items: takes a tokenizer's `tokenize` and returns a function from the annotated and found
            triples of a text to the items of each: pairs of a predicate and what must be equal.
        duplicates: whether an item that is listed twice counts twice.
        of_entities: whether items are entities, so that those that are in no triple count too.

    Example:

    >>> PROTOCOLS["partial"].meaning
    'same predicate; subject and object have the same first word'
    """

    name: str
    meaning: str
    source: str
    items: Callable[[Tokenize], Items]
    duplicates: bool = False
    of_entities: bool = False

    def __repr__(self) -> str:
        return f"Protocol({self.name!r})"


def protocol_named(name: str) -> Protocol:
    """Return the protocol with this name.

    Args:
        name: one of `PROTOCOLS`.

    Raises:
        InputError: there is no such protocol.

    Example:

    >>> protocol_named("exact")
    Protocol('exact')
    """
    if name not in PROTOCOLS:
        raise InputError(f"Expected one of {', '.join(PROTOCOLS)}. Received: protocol={name!r}.")
    return PROTOCOLS[name]


#: The protocols by name.
PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        Protocol(
            "tokenized",
            "same predicate; subject and object have the same tokens",
            "Su Jianlin's scripts, bert4torch",
            lambda tokenize: by_key(tokenized_key(tokenize)),
        ),
        Protocol(
            "exact",
            "same predicate; subject and object are written the same",
            "CasRel's exact match; TPLinker's whole_text on NYT and WebNLG",
            lambda _: by_key(exact_key),
        ),
        Protocol(
            "exact-duplicates",
            "like exact, but a triple that is listed twice counts twice",
            "scripts that compare lists instead of sets",
            lambda _: by_key(exact_key),
            duplicates=True,
        ),
        Protocol(
            "duie",
            "like exact, ignoring case and 《》; an object is correct only with all its slots",
            "Baidu's scorer for LIC2019 and DuIE 2.0, CHIP 2020's for CMeIE; no alias dictionary",
            lambda _: apart(duie_items),
        ),
        Protocol(
            "partial",
            "same predicate; subject and object have the same first word",
            "CasRel's partial match; TPLinker's only_head_text on NYT* and WebNLG*",
            lambda _: by_words(lambda words: words[0]),
        ),
        Protocol(
            "last-word",
            "same predicate; subject and object have the same last word",
            "CopyRE's releases of NYT and WebNLG, which annotate only last words",
            lambda _: by_words(lambda words: words[-1]),
        ),
        Protocol(
            "spans",
            "like exact, and at the same offsets if both have them; each mention counts",
            "TPLinker's whole_span",
            lambda _: by_offsets(triple_places),
        ),
        Protocol(
            "entities",
            "distinct subjects and objects, written the same, regardless of predicate",
            "entity F1 of joint extraction, on words",
            lambda _: apart(by_entity_words),
            of_entities=True,
        ),
        Protocol(
            "entity-spans",
            "like entities, and at the same offsets if both have them; each mention counts",
            "entity F1 of joint extraction, on spans without types",
            lambda _: by_offsets(entity_places),
            of_entities=True,
        ),
    )
}
