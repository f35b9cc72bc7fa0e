"""What is odd about annotated texts, in sentences, before a model is trained on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gplinker_tf.data.readers import read_numbered_examples
from gplinker_tf.data.splitting import text_key
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Example, Schema

#: Places that a sentence names.
SHOWN = 3

Numbered = tuple[int, Example]


@dataclass(frozen=True)
class Texts:
    """A file's texts, each with the number of its line."""

    path: Path
    numbered: Sequence[Numbered]

    @cached_property
    def by_key(self) -> dict[str, list[Numbered]]:
        """The texts that are equal for a split."""
        groups: dict[str, list[Numbered]] = {}
        for number, example in self.numbered:
            groups.setdefault(text_key(example.text), []).append((number, example))
        return groups

    @cached_property
    def lines_of(self) -> dict[str, list[int]]:
        """The lines on which each predicate stands."""
        lines: dict[str, list[int]] = {}
        for number, example in self.numbered:
            for predicate in {triple.predicate for triple in example.triples}:
                lines.setdefault(predicate, []).append(number)
        return lines


def warnings_about(
    train: str | Path,
    dev: str | Path,
    schema: Schema | None = None,
    limit: int | None = None,
    dev_limit: int | None = None,
) -> list[str]:
    """Sentences about what will hurt a model or its figures, each with its count and first places.

    Texts that dev shares with train, texts that stand twice with different triples, predicates
    with one text to learn from or with none, empty texts, words with white space around them.

    Args:
        train: the file to train on.
        dev: the file to evaluate on.
        schema: the predicates that are allowed, or `None` for any.
        limit: the first so many texts of train only.
        dev_limit: the first so many texts of dev only.

    Raises:
        InputError: a file can't be read, or has not one triple.
    """
    learnt = Texts(Path(train), read_numbered_examples(train, schema, limit))
    held_back = Texts(Path(dev), read_numbered_examples(dev, schema, dev_limit))
    _expect_triples(learnt, "There is nothing to learn.")
    _expect_triples(held_back, "F1 would be 0 whatever the model finds.")
    found = [_shared(learnt, held_back), _unlearnable(learnt, held_back), _rare(learnt)]
    for texts in (learnt, held_back):
        found += [_contradictions(texts), _empty(texts), _spaces(texts)]
    return [sentence for sentence in found if sentence]


def _expect_triples(texts: Texts, consequence: str) -> None:
    if not texts.lines_of:
        raise InputError(
            f"{texts.path}: expected triples. Received: none in {len(texts.numbered):,} texts. "
            f"{consequence} Annotate some of them."
        )


def _shared(learnt: Texts, held_back: Texts) -> str:
    places = [
        f"{held_back.path}:{number} is {learnt.path}:{learnt.by_key[key][0][0]}"
        for key, group in held_back.by_key.items()
        if key in learnt.by_key
        for number, _ in group
    ]
    of_all = f" of {len(held_back.numbered):,}"
    mend = "F1 will flatter. gplinker split makes files that share none."
    return _sentence("Texts of dev that are in train too", places, mend, of_all)


def _unlearnable(learnt: Texts, held_back: Texts) -> str:
    places = [
        f"{predicate} at {held_back.path}:{lines[0]}"
        for predicate, lines in held_back.lines_of.items()
        if predicate not in learnt.lines_of
    ]
    mend = "No model can find them. Add texts with them to train."
    return _sentence("Predicates that dev has and train has not", places, mend)


def _rare(learnt: Texts) -> str:
    places = [
        f"{predicate} at {learnt.path}:{lines[0]}"
        for predicate, lines in learnt.lines_of.items()
        if len(lines) == 1
    ]
    return _sentence("Predicates with one text to learn from", places, "Add more.")


def _contradictions(texts: Texts) -> str:
    places = [
        f"{texts.path}:{group[0][0]} and {texts.path}:{other}"
        for group in texts.by_key.values()
        if len(group) > 1
        for other in _different(group)[:1]
    ]
    mend = "Give each text all its triples, once."
    return _sentence("Texts that stand again with different triples", places, mend)


def _different(group: Sequence[Numbered]) -> list[int]:
    """The lines whose triples are not those of the first."""
    (_, first), *rest = group
    wanted = _triples(first)
    return [number for number, example in rest if _triples(example) != wanted]


def _triples(example: Example) -> set[tuple[str, ...]]:
    return {tuple(map(text_key, triple.words)) for triple in example.triples}


def _empty(texts: Texts) -> str:
    places = [f"{texts.path}:{n}" for n, example in texts.numbered if not example.text.strip()]
    return _sentence("Empty texts", places, "Remove them.")


def _spaces(texts: Texts) -> str:
    found = dict.fromkeys(_words(texts.numbered))
    places = [f"{word!r} at {texts.path}:{number}" for number, word in found]
    mend = "They count as other words in exact match, as other predicates always. Remove the space."
    return _sentence("Words with white space around them", places, mend)


def _words(numbered: Iterable[Numbered]) -> Iterator[tuple[int, str]]:
    for number, example in numbered:
        for triple in example.triples:
            for word in triple.words:
                if word != word.strip():
                    yield number, word


def _sentence(what: str, places: Sequence[str], mend: str, of_all: str = "") -> str:
    """What it is, how often, where first, and what to do; nothing where it is nowhere."""
    if not places:
        return ""
    more = ", ..." if len(places) > SHOWN else ""
    shown = ", ".join(places[:SHOWN]) + more
    return f"{what}: {len(places):,}{of_all} ({shown}). {mend}"
