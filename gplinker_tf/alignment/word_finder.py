"""Search for the words of a triple among the tokens of a text."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from functools import cache
from typing import Any

from gplinker_tf.alignment.aligned_text import AlignedText, Place
from gplinker_tf.alignment.token_strings import first_place, token_string

#: How words without offsets are searched for.
SEARCHES = ("characters", "tokens")


class WordFinder:
    """A finder of words among the tokens of a text.

    By `"characters"`, a word is found where it occurs in the text between token boundaries, and
    where its tokens occur and the text is equal to it after tokenization: in another case, or with
    other accents or spaces. Occurrences that are not part of a longer word come first, then those
    that are spelled exactly like the word, then those that are earlier in the text.

    By `"tokens"`, it is found wherever its tokens occur, whatever characters they cover. This is
    the rule of the blog's script, which treats all words outside its vocabulary as equal.

    Args:
        tokenizer: a `BertTokenizer`, or an object with its `encode_batch` and `tokenize`.
        search: one of `SEARCHES`.

    Raises:
        ValueError: `search` has another value.

    Example:

    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "art", "p", "##art", "##y", "of", "a"]
    >>> tokenizer = BertTokenizer(vocabulary)
    >>> source = "A ☃ party of Art"
    >>> text = AlignedText(source, tokenizer.encode(source))
    >>> finder = WordFinder(tokenizer)
    >>> finder.places("art", text), finder.place("☃", text), finder.place("☂", text)
    ([(7, 7), (4, 4)], (2, 2), None)
    >>> WordFinder(tokenizer, "tokens").place("☂", text)
    (2, 2)
    """

    def __init__(self, tokenizer: Any, search: str = "characters") -> None:
        if search not in SEARCHES:
            raise ValueError(f"Expected one of {', '.join(SEARCHES)}. Received: search={search!r}.")
        self.tokenizer = tokenizer
        self.search = search
        # Words recur: a subject in several triples, a date, a country.
        self._tokens_of: dict[str, str] = {}
        self.key = cache(self._key)
        self.rough_key = cache(_rough_key)

    def __repr__(self) -> str:
        return f"WordFinder({self.tokenizer}, search={self.search!r})"

    def prepare(self, words: Iterable[str]) -> None:
        """Tokenize words together, which is faster if most of their tokens will be needed."""
        new = [word for word in dict.fromkeys(words) if word not in self._tokens_of]
        for word, encoding in zip(new, self.tokenizer.encode_batch(new), strict=True):
            self._tokens_of[word] = token_string(encoding.token_ids[1:-1])

    def place(self, word: str, text: AlignedText) -> Place | None:
        """Return the first and last token of a word's best occurrence, or `None`."""
        if self.search == "tokens":
            return next(self._of_tokens(word, text), None)
        # The first occurrence is usually the best one.
        place = next(text.as_written(word), None)
        if place is not None and not text.inside_a_word(*text.characters(place)):
            return place
        return next(iter(self.places(word, text)), None)

    def places(self, word: str, text: AlignedText) -> list[Place]:
        """Return all occurrences of a word, the one that `place` returns first."""
        if self.search == "tokens":
            return list(self._of_tokens(word, text))
        as_written = dict.fromkeys(text.as_written(word), True)
        for place in self._of_tokens(word, text):
            if place in as_written or text.masked(place):
                continue
            if self.same(word, text.piece(place)):
                as_written[place] = False
        if len(as_written) < 2:
            return list(as_written)

        def rank(place: Place) -> tuple[bool, bool, Place]:
            return text.inside_a_word(*text.characters(place)), not as_written[place], place

        return sorted(as_written, key=rank)

    def same(self, word: str, other: str) -> bool:
        """Return whether two words are equal by tokenized match."""
        return word == other or self.key(word) == self.key(other)

    def _of_tokens(self, word: str, text: AlignedText) -> Iterator[Place]:
        if word not in self._tokens_of:
            self.prepare([word])
        tokens = self._tokens_of[word]
        place = first_place(tokens, text.token_string)
        while place is not None:
            yield place, place + len(tokens) - 1
            place = first_place(tokens, text.token_string, place + 1)

    def _key(self, word: str) -> Hashable:
        """Return a key that two words share only if they are equal by tokenized match."""
        return tuple(self.tokenizer.tokenize(word))


def _rough_key(word: str) -> str:
    """Return a key shared by all words that are equal by tokenized match, faster than `_key`."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFD", word.lower())))
