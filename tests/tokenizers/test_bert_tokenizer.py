"""BertTokenizer: bert4keras's ids and tokens for any text, and offsets of each token."""

import json
import pickle
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import load_bert4keras, requires_legacy
from tokenizer_cases import CASES, VOCABULARY, lic2019_digest

from gplinker_tf import InputError
from gplinker_tf.tokenizers import BertTokenizer

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "tokenizer.json").read_text("utf-8"))
OURS = {lowercase: BertTokenizer(VOCABULARY, lowercase) for lowercase in (True, False)}

#: Any text, in which difficult characters are much more frequent than by chance.
TEXTS = st.text(
    st.one_of(
        st.sampled_from("".join(CASES) + "Σσςİ\u0301\u0323\u1d165[MASK]"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=30,
)


@pytest.mark.parametrize("lowercase", [True, False])
@pytest.mark.parametrize("number", range(len(CASES)))
def test_matches_bert4keras_golden(number, lowercase):
    golden = GOLDEN[f"lowercase={lowercase}"]
    tokenizer = OURS[lowercase]
    encoding = tokenizer.encode(CASES[number], 64)
    assert encoding.token_ids.tolist() == golden["ids"][number]
    assert tokenizer.tokenize(CASES[number], 64) == golden["tokens"][number]


@pytest.mark.slow
def test_ids_of_all_lic2019_texts_and_words_are_bert4keras_s(lic2019, zh_encoder):
    tokenizer = BertTokenizer.from_vocab_file(zh_encoder / "vocab.txt")
    digest = lic2019_digest(lambda text: tokenizer.encode(text).token_ids, lic2019)
    assert digest == GOLDEN["lic2019"]


@pytest.fixture(scope="module")
def theirs():
    make = load_bert4keras().tokenizers.Tokenizer
    ids = {token: number for number, token in enumerate(VOCABULARY)}
    return {lowercase: make(dict(ids), do_lower_case=lowercase) for lowercase in (True, False)}


@requires_legacy
@settings(max_examples=1500, deadline=None, derandomize=True)
@given(text=TEXTS)
def test_matches_bert4keras_on_fuzzed_unicode(theirs, text):
    for lowercase, tokenizer in theirs.items():
        assert OURS[lowercase].encode(text).token_ids.tolist() == tokenizer.encode(text)[0]
        assert OURS[lowercase].tokenize(text) == tokenizer.tokenize(text)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(text=TEXTS)
def test_offsets_name_the_text_of_each_token(text):
    tokenizer = OURS[True]
    encoding = tokenizer.encode(text)
    tokens = tokenizer.tokenize(text)
    assert encoding.offsets[[0, -1]].tolist() == [[0, 0], [0, 0]]
    for token, (start, end) in zip(tokens[1:-1], encoding.offsets[1:-1].tolist(), strict=True):
        assert 0 <= start < end <= len(text)
        piece = token[2:] if token.startswith("##") else token
        source = unicodedata.normalize("NFD", text[start:end].lower()).replace("ς", "σ")
        assert set(piece.replace("ς", "σ")) <= set(source)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("İs", ["İ", "s"]),
        ("Cafe\u0301s", ["C", "a", "f", "e\u0301", "s"]),
        ("中🎉国", ["中", "🎉", "国"]),
        ("a\u200bb", ["a", "b"]),
        ("北　京", ["北", "京"]),
        ("한", ["한", "한", "한"]),
        ("鱻龘 zz", ["鱻", "龘", "z", "z"]),
    ],
)
def test_spans_of_troublesome_texts(text, spans):
    offsets = OURS[True].encode(text).offsets[1:-1].tolist()
    assert [text[start:end] for start, end in offsets] == spans


def test_offsets_rise_where_nothing_changes_places():
    for text in CASES:
        starts = OURS[True].encode(text).offsets[1:-1, 0]
        if "\U0001d165" not in text:
            assert (np.diff(starts) >= 0).all()


@pytest.mark.parametrize("max_length", [3, 5, 8])
def test_truncation_keeps_the_borders_and_says_so(max_length):
    tokenizer, text = OURS[True], "《电影》由周"
    whole, cut = tokenizer.encode(text), tokenizer.encode(text, max_length)
    assert cut.token_ids.tolist() == [
        *whole.token_ids[: max_length - 1].tolist(),
        whole.token_ids[-1],
    ]
    assert cut.truncated == (max_length < 8) and not whole.truncated
    assert cut.offsets[-1].tolist() == [0, 0]


def test_a_batch_is_its_texts_one_by_one():
    tokenizer = OURS[True]
    for text, encoding in zip(CASES, tokenizer.encode_batch(CASES, 20), strict=True):
        alone = tokenizer.encode(text, 20)
        for one, other in zip(encoding, alone, strict=True):
            np.testing.assert_array_equal(one, other)


def test_texts_of_no_and_of_very_many_characters():
    tokenizer = OURS[True]
    assert tokenizer.encode("").token_ids.tolist() == [2, 3]
    encoding = tokenizer.encode("北京" * 50_000, 128)
    assert len(encoding.token_ids) == 128 and encoding.truncated
    assert encoding.offsets[126].tolist() == [125, 126]


def test_half_a_surrogate_pair_is_unknown():
    encoding = OURS[True].encode("北\ud800京")
    assert encoding.token_ids[2] == VOCABULARY.index("[UNK]")
    assert encoding.offsets.tolist()[1:4] == [[0, 1], [1, 2], [2, 3]]


def test_ids_become_tokens_again():
    tokenizer = OURS[True]
    for text in ("《喜剧之王》 kings", "", "\U0001f600"):
        ids = tokenizer.encode(text).token_ids
        tokens = [
            token if token in tokenizer.vocabulary else "[UNK]"
            for token in tokenizer.tokenize(text)
        ]
        assert tokenizer.ids_to_tokens(ids) == tokenizer.ids_to_tokens(ids.tolist()) == tokens
    assert tokenizer.ids_to_tokens([]) == []
    for strange in (-1, tokenizer.vocab_size):
        with pytest.raises(ValueError, match=f"Received: {strange} at index 1"):
            tokenizer.ids_to_tokens([0, strange])
    for strange in ([[0, 1]], [0.5], 3):
        with pytest.raises(ValueError, match=r"integers \[L\]"):
            tokenizer.ids_to_tokens(strange)


def test_vocabulary_round_trip(tmp_path):
    tokenizer = BertTokenizer([*VOCABULARY, ""])
    tokenizer.save_vocab(tmp_path / "vocab.txt")
    loaded = BertTokenizer.from_vocab_file(tmp_path / "vocab.txt")
    assert loaded.vocabulary == tokenizer.vocabulary
    assert loaded.vocab_size == len(VOCABULARY) + 1


def test_it_can_be_sent_to_another_process():
    twin = pickle.loads(pickle.dumps(OURS[True]))
    assert twin.tokenize(CASES[2]) == OURS[True].tokenize(CASES[2])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty file"),
        ("[PAD]\n[UNK]\n[CLS]\n", r"without \[SEP\]"),
        ("a\n[PAD]\n[UNK]\n[CLS]\n[SEP]\n", r"vocab\.txt:2: .*id 0 is padding"),
        ("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\na\n", r"vocab\.txt:7: .*line 5"),
    ],
)
def test_what_is_no_vocabulary(tmp_path, content, message):
    path = tmp_path / "vocab.txt"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=message):
        BertTokenizer.from_vocab_file(path)


def test_a_vocabulary_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        BertTokenizer.from_vocab_file(tmp_path / "vocab.txt")
    (tmp_path / "latin.txt").write_bytes(b"[PAD]\n\xff\xfe\n")
    with pytest.raises(InputError, match="UTF-8"):
        BertTokenizer.from_vocab_file(tmp_path / "latin.txt")
