"""What is worth knowing of a label beside whether it can be learned."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from gplinker_tf.data.fates import Fate, FateFinder, TripleFate
from gplinker_tf.data.token_strings import first_place, token_string
from gplinker_tf.structures import Encoding, Example, Triple
from gplinker_tf.tokenizers import is_cjk


class Remark(Enum):
    """A triple may earn several: the last where it can't be learned, the others where it can."""

    INSIDE = "matched inside a longer word"
    REPEATED = "an entity occurs several times"
    RESPELT = "written differently in the text"
    ELSEWHERE = "labelled on other characters"


class Mention(NamedTuple):
    """The word of a triple that a remark is about.

    Args:
        word: the subject or the object.
        start: offset of the first character that it is labelled on.
        detail: the longer word; how many times; how it is written in the text; the characters that
            are labelled in its place.
    """

    word: str
    start: int
    detail: str


class Remarks:
    """The remarks on the triples of one text.

    Args:
        example: the text and its triples.
        encoding: its tokens, as they are labelled.
        finder: found its fates.

    Example:

    >>> from gplinker_tf.data import PairLabelBuilder
    >>> from gplinker_tf.structures import Schema, Span
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "cat", "##s", "dog"])
    >>> finder = FateFinder(PairLabelBuilder(tokenizer, Schema((("", "like", ""),))))
    >>> example = Example("Cats, dog and dog", (Triple(Span("cat"), "like", Span("dog")),))
    >>> [(encoding, [fate])] = finder([example])
    >>> remarks = Remarks(example, encoding, finder)
    >>> for remark, mention in remarks(example.triples[0], fate).items():
    ...     print(remark.value, "-", mention.word, mention.start, mention.detail)
    matched inside a longer word - cat 0 Cats
    written differently in the text - cat 0 Cat
    an entity occurs several times - dog 6 2 times
    """

    def __init__(self, example: Example, encoding: Encoding, finder: FateFinder) -> None:
        self._text = example.text
        self._offsets = encoding.offsets
        self._tokens = token_string(encoding.token_ids)
        self._tokens_of = finder.builder.tokens_of
        self._same = finder.same
        triples = example.triples
        self._words = {word for t in triples for word in (t.subject.text, t.object.text)}
        self._known: dict[str, dict[Remark, Mention]] = {}

    def __call__(self, triple: Triple, fate: TripleFate) -> dict[Remark, Mention]:
        """The remarks on one triple, each with the end that it is about, the subject first."""
        if fate.fate is Fate.LEARNABLE:
            subject, object_ = self._on(triple.subject.text), self._on(triple.object.text)
            return {**subject, **object_, **subject}
        if fate.fate in (Fate.MISSING, Fate.CHANGED) and fate.quintuple is not None:
            start, end = self._characters(fate.word, self._places(fate.word)[0])
            return {Remark.ELSEWHERE: Mention(fate.word, start, self._text[start:end])}
        return {}

    def _on(self, word: str) -> dict[Remark, Mention]:
        """The remarks on a word that is labelled, remembered: it may end several triples."""
        if word not in self._known:
            places = self._places_that_read_as(word)
            start, end = self._characters(word, places[0])
            longer = self._run_around(start, end) or self._longer_annotated(word, places)
            self._known[word] = {}
            if longer:
                self._known[word][Remark.INSIDE] = Mention(word, start, longer)
            if len(places) > 1:
                self._known[word][Remark.REPEATED] = Mention(word, start, f"{len(places)} times")
            if self._text[start:end] != word:
                self._known[word][Remark.RESPELT] = Mention(word, start, self._text[start:end])
        return self._known[word]

    def _places(self, word: str) -> list[int]:
        """All places in the text where the tokens of a word begin."""
        return list(_all_places(self._tokens_of(word), self._tokens))

    def _places_that_read_as(self, word: str) -> list[int]:
        """The same, without those where [UNK] stands for other characters."""
        pieces = {place: slice(*self._characters(word, place)) for place in self._places(word)}
        return [place for place, piece in pieces.items() if self._same(word, self._text[piece])]

    def _characters(self, word: str, place: int) -> tuple[int, int]:
        last = place + len(self._tokens_of(word)) - 1
        return int(self._offsets[place, 0]), int(self._offsets[last, 1])

    def _run_around(self, start: int, end: int) -> str:
        """The run of letters and digits that goes on beyond a piece of text, or nothing."""
        first, behind = start, end
        while first > 0 and _in_run(self._text[first - 1 : first + 1]):
            first -= 1
        while behind < len(self._text) and _in_run(self._text[behind - 1 : behind + 1]):
            behind += 1
        return self._text[first:behind] if (first, behind) != (start, end) else ""

    def _longer_annotated(self, word: str, places: list[int]) -> str:
        """The annotated word that holds the first place of a word but not all, or nothing."""
        if len(places) == 1:
            return ""
        tokens = self._tokens_of(word)
        around: dict[int, str] = {}
        for longer in sorted(self._words):
            more = len(self._tokens_of(longer)) - len(tokens)
            if more > 0 and tokens in self._tokens_of(longer):
                for place in self._places(longer):
                    around |= {at: longer for at in places if place <= at <= place + more}
        return around.get(places[0], "") if len(around) < len(places) else ""


def _all_places(word: str, text: str) -> Iterator[int]:
    place = first_place(word, text)
    while place is not None:
        yield place
        place = first_place(word, text, place + 1)


def _in_run(characters: str) -> bool:
    """Whether all are letters or digits that make words together."""
    return characters.isalnum() and not any(map(is_cjk, characters))
