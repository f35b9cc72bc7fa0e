"""The items of Baidu's scorer: triples with all their slots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from gplinker_tf.metrics._items import Item
from gplinker_tf.structures import Triple

#: DuIE 2.0's slots besides the object itself; the readers turn them into `predicate_slot`.
SLOTS = ("inWork", "inArea", "onDate", "period")


def duie_items(triples: Sequence[Triple]) -> list[Item]:
    """Return one item per object: subject, object and all the slots of their predicate.

    Triples do not say which object a slot belongs to. Objects with the same subject and predicate
    therefore share all their slots; slots without an object form one item, which counts as wrong.

    Example:

    >>> from gplinker_tf.structures import Span
    >>> duie_items([
    ...     Triple(Span("王雪纯"), "配音", Span("晴雯")),
    ...     Triple(Span("王雪纯"), "配音_inWork", Span("《红楼梦》"))])
    [('配音', ('王雪纯', '晴雯', frozenset({('inWork', '红楼梦')})))]
    """
    objects: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    slots: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for triple in triples:
        predicate, slot = _parted(triple.predicate)
        group = predicate, _normalized(triple.subject.text)
        word = _normalized(triple.object.text)
        if slot:
            slots[group].add((slot, word))
        else:
            objects[group].add(word)
    return [
        (predicate, (subject, word, frozenset(slots[predicate, subject])))
        for predicate, subject in dict.fromkeys((*objects, *slots))
        for word in objects.get((predicate, subject), {None})
    ]


def _parted(predicate: str) -> tuple[str, str]:
    """Split a predicate into the one that a slot belongs to and the slot ("" for the object)."""
    stem, _, slot = predicate.rpartition("_")
    return (stem, slot) if stem and slot in SLOTS else (predicate, "")


def _normalized(word: str) -> str:
    word = word.lower()
    return word[1:-1] if word.startswith("《") and word.endswith("》") else word
