"""Windows of long texts: nothing is left out, sentences are not split, labels match the text."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gplinker_tf import Example, Schema, Span, Triple
from gplinker_tf.alignment import LONG_TEXTS, TextWindows, TripleAligner, window_encoding
from gplinker_tf.tokenizers import BertTokenizer

TOKENIZER = BertTokenizer(
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"甲乙丙丁，。！”.", "abc", "##d", "ᄀ", "##ᅡ", "##ᆨ"]
)
# One character may be several tokens, and several characters one token.
TEXTS = st.text("甲乙丙，。！”. \nabcd각e\u0301…", max_size=60)
LENGTHS = st.integers(3, 20)


READ_ALL = st.sampled_from(["sentences", "windows"])


def pieces(text, max_length, long="windows"):
    encoding = TOKENIZER.encode(text)
    windows = TextWindows(max_length, long).cut(text, encoding)
    return [text[encoding.offsets[a, 0] : encoding.offsets[b, 1]] for a, b in windows]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TEXTS, LENGTHS, READ_ALL)
def test_every_token_is_in_a_window_and_none_is_too_long(text, max_length, long):
    encoding = TOKENIZER.encode(text)
    last = len(encoding.token_ids) - 2
    windows = TextWindows(max_length, long).cut(text, encoding)
    assert windows[0][0] == 1 and windows[-1][1] == last
    for (start, end), (next_start, next_end) in pairwise(windows):
        assert start < next_start <= end + 1 and end < next_end
    for window in windows:
        own = window_encoding(encoding, window)
        assert len(own.token_ids) == window[1] - window[0] + 3 <= max(max_length, 2)
        assert own.token_ids[[0, -1]].tolist() == [2, 3]
        assert (
            own.token_ids[1:-1].tolist()
            == encoding.token_ids[slice(window[0], window[1] + 1)].tolist()
        )
        assert (
            own.offsets[1:-1].tolist() == encoding.offsets[slice(window[0], window[1] + 1)].tolist()
        )
    assert (len(windows) == 1) == (last <= max_length - 2)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.text("甲乙丙丁", min_size=1, max_size=50), min_size=3, max_size=9), READ_ALL)
def test_a_model_of_short_texts_reads_sentences(sentences, long):
    found = pieces("。".join([*sentences, ""]), 64, long)
    for piece in found:
        assert len(piece) <= (62 if long == "windows" or piece.count("。") == 1 else 32) or (
            len(found) == 1
        )


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.text("甲乙丙丁", max_size=30), max_size=12), st.integers(8, 20), READ_ALL)
def test_a_sentence_that_fits_is_whole_in_a_window(sentences, max_length, long):
    sentences = [f"{sentence}。" for sentence in sentences if sentence]
    found = pieces("".join(sentences), max_length, long)
    short = [sentence for sentence in sentences if len(sentence) <= max_length - 2]
    assert all(any(sentence in piece for piece in found) for sentence in short)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲乙丙丁。甲乙丙丁。甲乙丙丁。", ["甲乙丙丁。甲乙丙丁。", "甲乙丙丁。"]),
        ("甲乙丙丁！”甲乙丙丁！”甲乙", ["甲乙丙丁！”", "甲乙丙丁！”甲乙"]),
        ("abc abc abc abc. abc. " + "abc " * 5, ["abc abc abc abc. abc.", "abc." + " abc" * 5]),
        (
            'abc abc abc abc." "abc abc." abc abc abc',
            ['abc abc abc abc."', '"abc abc." abc abc abc'],
        ),
        ("甲乙丙丁\n甲乙丙丁\n甲乙丙丁\n", ["甲乙丙丁\n甲乙丙丁", "甲乙丙丁"]),
        ("甲" * 13, ["甲" * 10, "甲" * 5]),
        ("甲" * 10, ["甲" * 10]),
        ("", [""]),
    ],
)
def test_where_a_text_is_cut(text, expected):
    assert [piece.strip() for piece in pieces(text, 12)] == [piece.strip() for piece in expected]


def test_short_sentences_are_read_together():
    text = ("甲" * 9 + "。") * 4 + "乙" * 33 + "。" + "丙" * 31 + "。"
    assert [len(piece) for piece in pieces(text, 64, "sentences")] == [30, 10, 34, 32]


def test_no_window_is_a_part_of_the_one_before():
    text = "甲" * 23 + "。" + "乙" * 3 + "。" + "丙" * 100
    assert [len(piece) for piece in pieces(text, 128, "sentences")] == [28, 100]
    assert [len(piece) for piece in pieces(text, 118, "windows")] == [28, 104]


def test_the_original_script_reads_the_beginning_only():
    assert pieces("甲" * 13, 12, "truncate") == ["甲" * 10]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text("甲乙丙，。 \nabc", max_size=60), LENGTHS, st.sampled_from(LONG_TEXTS), st.data())
def test_labels_read_as_their_words_in_every_window(text, max_length, long, data):
    words = st.sampled_from(["甲", "乙", "甲乙", "abc", "丙"])
    drawn = data.draw(st.lists(st.tuples(words, words), max_size=3))
    triples = tuple(Triple(Span(s), "x", Span(o)) for s, o in drawn)
    aligner = TripleAligner(
        TOKENIZER, Schema((("", "x", ""),)), max_length, occurrences="all", long=long
    )
    for encoding, quintuples in aligner.label([Example(text, triples)]):
        assert len(encoding.token_ids) <= max_length
        for subject_start, subject_end, _, object_start, object_end in quintuples.tolist():
            starts, ends = encoding.offsets.T.tolist()
            labeled = (
                text[starts[subject_start] : ends[subject_end]],
                text[starts[object_start] : ends[object_end]],
            )
            assert tuple(word.lower() for word in labeled) in drawn


def test_the_first_places_are_those_that_are_read_at_once():
    schema = Schema((("", "x", ""),))
    example = Example("甲" + "丙" * 12 + "甲乙", (Triple(Span("甲"), "x", Span("乙")),))
    aligner = TripleAligner(TOKENIZER, schema, max_length=10, long="windows")
    labels = [quintuples.tolist() for _, quintuples in aligner.label([example])]
    assert labels == [[], [[6, 6, 0, 7, 7]]] or labels[-1], labels
    offsets_given = Triple(Span("甲", 0, 1), "x", Span("乙"))
    assert not any(
        len(quintuples)
        for _, quintuples in aligner.label([Example(example.text, (offsets_given,))])
    )


@settings(max_examples=100, deadline=None, derandomize=True)
@given(TEXTS.filter(lambda text: len(TOKENIZER.encode(text).token_ids) > 8), LENGTHS, st.data())
def test_windows_that_reach_do(text, max_length, data):
    encoding = TOKENIZER.encode(text)
    tokens = st.integers(1, len(encoding.token_ids) - 2)
    first, last = sorted(data.draw(st.tuples(tokens, tokens)))
    for long in LONG_TEXTS:
        own = TextWindows(max_length, long)
        reaching = own.reaching(text, encoding, [(first, first), (last, last)])
        windows = reaching.cut(text, encoding)
        assert any(start <= first and last <= end for start, end in windows)
        assert reaching.max_length <= max(len(encoding.token_ids), max_length)


def test_what_it_refuses():
    with pytest.raises(ValueError, match="Received: long='cut'"):
        TextWindows(128, "cut")
    with pytest.raises(ValueError, match="Received: max_length=2"):
        TextWindows(2)
