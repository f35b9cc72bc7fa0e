"""Offsets, compared with reading the text character by character; limits and misuse."""

import itertools
import pickle
import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizer_cases import CASES, VOCABULARY

from gplinker_tf.tokenizers import BertTokenizer
from gplinker_tf.tokenizers import bert as bert_module

#: Marks of several classes that stay in the text (Mc), and some that are stripped (Mn).
KEPT_MARKS = "\u302e\u302f\U0001d165\U0001d16d"
MARKS = KEPT_MARKS + "\u0301\u0323\u0345\u0f71"
OURS = {
    lowercase: BertTokenizer([*VOCABULARY, *KEPT_MARKS, *("##" + c for c in KEPT_MARKS)], lowercase)
    for lowercase in (True, False)
}
TEXTS = st.text(
    st.one_of(
        st.sampled_from("".join(CASES) + MARKS + "Σσς"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=30,
)
PLACED_TEXTS = TEXTS.filter(lambda text: not set(text) & set(MARKS))


def read(text, lowercase):
    """Return a piece of text as BERT reads it, with its words joined."""
    if lowercase:
        text = unicodedata.normalize("NFD", text.lower())
        text = "".join(part for part in text if unicodedata.category(part) != "Mn")
    kept = (part for part in text if unicodedata.category(part) not in ("Cc", "Cf", "Zs"))
    return "".join(kept).replace("\ufffd", "").replace("ς", "σ")


def words_and_spans(tokenizer, text):
    tokens = tokenizer.tokenize(text)[1:-1]
    encoding = tokenizer.encode(text)
    unknown = (encoding.token_ids[1:-1] == VOCABULARY.index("[UNK]")).tolist()
    return list(zip(tokens, unknown, encoding.offsets[1:-1].tolist(), strict=True))


@pytest.mark.parametrize("lowercase", [True, False])
@settings(max_examples=400, deadline=None, derandomize=True)
@given(text=PLACED_TEXTS)
@example(text="ΟΔΟΣ, ΟΣ")
@example(text="İİs ßﬁ")
@example(text="e\u200b\u0301x")
def test_a_token_s_piece_of_text_reads_as_the_token(lowercase, text):
    for token, unknown, (start, end) in words_and_spans(OURS[lowercase], text):
        piece = token[2:] if token.startswith("##") and not unknown else token
        source, expected = read(text[start:end], lowercase), piece.replace("ς", "σ")
        # For a character of several parts ('한', 'İ'), each part's token has the whole character.
        parts = max(len(read(text[edge], lowercase)) for edge in (start, end - 1))
        assert source == expected or (parts > 1 and expected in source)


@pytest.mark.parametrize("lowercase", [True, False])
@settings(max_examples=400, deadline=None, derandomize=True)
@given(text=TEXTS)
@example(text="\u302e\U0001d165")
@example(text="a\U0001d16d\u302e\u0301\U0001d165b")
def test_offsets_never_fall_and_never_are_empty(lowercase, text):
    spans = [span for _, _, span in words_and_spans(OURS[lowercase], text)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    for (start, end), (next_start, next_end) in pairwise(spans):
        assert start <= next_start and end <= next_end


@settings(max_examples=200, deadline=None, derandomize=True)
@given(text=TEXTS)
def test_no_character_that_bert_reads_is_outside_all_tokens(text):
    covered = np.zeros(len(text), bool)
    for _, _, (start, end) in words_and_spans(OURS[True], text):
        covered[start:end] = True
    for character, inside in zip(text, covered, strict=True):
        assert inside or not read(character, True).strip()


def test_marks_that_change_places_keep_offsets_in_the_order_of_the_text():
    # Unicode orders U+1D165 (class 216) before U+302E (class 224).
    encoding = OURS[True].encode("a\u302e\U0001d165")
    assert OURS[True].tokenize("a\u302e\U0001d165")[1:-1] == ["a", "##\U0001d165", "##\u302e"]
    assert encoding.offsets[1:-1].tolist() == [[0, 1], [1, 2], [2, 3]]


def test_marks_that_stay_do_not_take_the_place_of_accents():
    # An accent belongs to the character before it, whichever marks Unicode orders before it.
    stays, accents = "\u302e\u1734\U0001d165\U0001d15e", "\u0301\u0323\u3099"
    for marks in itertools.product(stays + accents, repeat=3):
        spans = OURS[True].encode(f"a{''.join(marks)}b").offsets[1:-1].tolist()
        for (start, end), (next_start, next_end) in itertools.pairwise(spans):
            assert next_start >= end or (start, end) == (next_start, next_end), marks


def test_an_unknown_word_covers_all_its_characters():
    word = "Ωx\u0301yz"
    [[_, unknown, span]] = words_and_spans(OURS[True], word)
    assert unknown and span == [0, len(word)]


def test_limits_that_leave_no_room():
    assert OURS[True].encode("北京", 2).token_ids.tolist() == [2, 3]
    assert OURS[True].encode("北京", 2).truncated and not OURS[True].encode("", 2).truncated
    for call in (OURS[True].encode, OURS[True].tokenize):
        with pytest.raises(ValueError, match="Received: max_length=1"):
            call("北京", 1)


def test_large_batches_are_their_parts(monkeypatch):
    monkeypatch.setattr(bert_module, "BATCH", 5)
    encodings = OURS[True].encode_batch(CASES, 16)
    assert len(encodings) == len(CASES)
    for text, encoding in zip(CASES, encodings, strict=True):
        np.testing.assert_array_equal(encoding.token_ids, OURS[True].encode(text, 16).token_ids)
    assert OURS[True].encode_batch([]) == []


def test_a_pickle_holds_the_vocabulary_alone():
    OURS[False].encode("".join(CASES))
    pickled = pickle.dumps(OURS[False])
    assert len(pickled) < 10_000
    twin = pickle.loads(pickled)
    assert twin.vocabulary == OURS[False].vocabulary and not twin.lowercase
    assert twin.tokenize("NOVA é") == OURS[False].tokenize("NOVA é")


def test_a_token_that_stands_twice():
    with pytest.raises(ValueError, match=r"each token once\. Received: 'a' more than once"):
        BertTokenizer([*VOCABULARY, "a"])
