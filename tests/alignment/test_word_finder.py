"""Search for words and spans among tokens: by characters, by tokens, at given offsets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizer_cases import CASES, VOCABULARY

from gplinker_tf.alignment import AlignedText, WordFinder
from gplinker_tf.tokenizers import BertTokenizer

TOKENIZER = BertTokenizer(VOCABULARY)
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "art", "p", "##art", "##y", "of", "cafe", "is", "##s"]


def found(source, word, tokenizer=None, search="characters"):
    """Return the text at each occurrence of a word, the labeled one first."""
    tokenizer = tokenizer or BertTokenizer(WORDS)
    text = AlignedText(source, tokenizer.encode(source))
    finder = WordFinder(tokenizer, search)
    places = finder.places(word, text)
    assert finder.place(word, text) == (places[0] if places else None)
    return [text.piece(place) for place in places]


@pytest.mark.parametrize(
    ("source", "word", "expected"),
    [
        # Whole words come before parts of longer words, then exact spellings before others.
        ("party of art", "art", ["art", "art"]),
        ("party of Art", "art", ["Art", "art"]),
        ("Art of art", "art", ["art", "Art"]),
        ("arts of party", "art", ["art", "art"]),
        # No token ends in it.
        ("cafe", "af", []),
        ("cafe", "cafe of", []),
        # Different unknown characters do not match.
        ("😀 is 🚀", "🚀", ["🚀"]),
        ("😀 is", "🚀", []),
        # Accents and whitespace, in the text or in the word.
        ("Café is", "cafe", ["Café"]),
        ("cafe\u0301 is", "cafe", ["cafe\u0301"]),
        ("cafe is", "Café", ["cafe"]),
        ("is  art", "is art", ["is  art"]),
        ("art is", " art ", ["art"]),
        ("cafe", "", []),
        ("cafe is", " ", []),
    ],
)
def test_a_word_is_where_it_reads_the_same(source, word, expected):
    assert found(source, word) == expected


def test_the_first_of_equal_places_comes_first():
    text = AlignedText("art, art", BertTokenizer(WORDS).encode("art, art"))
    assert WordFinder(BertTokenizer(WORDS)).places("art", text) == [(1, 1), (3, 3)]


def test_by_tokens_the_first_place_counts_whatever_it_reads():
    assert found("😀 is 🚀", "🚀", search="tokens") == ["😀", "🚀"]
    assert found("arts of art", "art", search="tokens") == ["art", "art"]
    assert found("party", "art", search="tokens") == []


def test_no_other_search():
    with pytest.raises(ValueError, match=r"characters, tokens\. Received: search='words'"):
        WordFinder(TOKENIZER, "words")


def test_characters_and_tokens_of_hard_texts_lead_to_one_another():
    checked = 0
    for source in CASES:
        encoding = TOKENIZER.encode(source)
        text, offsets = AlignedText(source, encoding), encoding.offsets[1:-1].tolist()
        for first in range(len(offsets)):
            for last in range(first, min(first + 4, len(offsets))):
                # Tokens of the same character share its offsets.
                if [first, last] == [
                    next(i for i, o in enumerate(offsets) if o[0] == offsets[first][0]),
                    max(i for i, o in enumerate(offsets) if o[1] == offsets[last][1]),
                ]:
                    place = first + 1, last + 1
                    assert text.tokens(*text.characters(place)) == place, source
                    checked += 1
    assert checked > 1000


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text("a京中 é\u0301b🚀, ", max_size=12), st.data())
def test_no_token_is_cut_and_none_left_out(source, data):
    encoding = TOKENIZER.encode(source)
    text, offsets = AlignedText(source, encoding), encoding.offsets[1:-1]
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    starts, ends = offsets.T
    inside = np.flatnonzero((starts >= start) & (ends <= end))
    cut = ((starts < start) & (ends > start)) | ((starts < end) & (ends > end))
    whole = len(inside) > 0 and not cut.any()
    assert text.tokens(start, end) == ((inside[0] + 1, inside[-1] + 1) if whole else None)


def test_words_of_one_rough_key_hold_all_that_are_the_same():
    finder = WordFinder(TOKENIZER)
    words = [piece for case in CASES for piece in (case, case.upper(), *case.split(), case[:2])]
    for one in words:
        for other in words:
            if finder.same(one, other):
                assert finder.rough_key(one) == finder.rough_key(other)
