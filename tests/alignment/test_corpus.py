"""The cache of tokenized texts: it is used by the next run, but never when anything has changed."""

import hashlib
import json

import numpy as np
import pytest

from gplinker_tf.alignment import (
    OCCURRENCES,
    TripleAligner,
    corpus,
    default_cache_folder,
    read_labeled_texts,
)
from gplinker_tf.data import read_schema
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Schema
from gplinker_tf.tokenizers import BertTokenizer


@pytest.fixture
def lines(sample, tmp_path):
    path = tmp_path / "train_data.json"
    rows = (sample / "train_data.json").read_text("utf-8").splitlines()[:30]
    path.write_text("\n".join([rows[0], "", *rows[1:]]) + "\n", "utf-8")
    return path


@pytest.fixture
def aligner(sample):
    tokenizer = BertTokenizer.from_vocab_file(sample / "vocab.txt")
    return TripleAligner(tokenizer, read_schema(sample / "all_50_schemas"))


@pytest.fixture
def computed(monkeypatch):
    """A list with one item for each time that texts were labeled."""
    calls = []
    label = corpus.label_texts
    monkeypatch.setattr(corpus, "label_texts", lambda *rest: calls.append(rest) or label(*rest))
    return calls


def equal(one, other):
    assert len(one) == len(other)
    assert list(one.line_numbers) == list(other.line_numbers)
    assert list(one.first_windows) == list(other.first_windows)
    np.testing.assert_array_equal(one.statuses.table, other.statuses.table)
    for encoding, encoding_too in zip(one.encodings, other.encodings, strict=True):
        for part, part_too in zip(encoding[:3], encoding_too[:3], strict=True):
            np.testing.assert_array_equal(part, part_too)
            assert part.dtype == part_too.dtype
    for found, found_too in zip(one.quintuples, other.quintuples, strict=True):
        np.testing.assert_array_equal(found, found_too)
        assert found.dtype == found_too.dtype == np.int32


def test_the_second_time_it_is_only_loaded(lines, aligner, tmp_path, computed):
    plain = read_labeled_texts(lines, aligner)
    first = read_labeled_texts(lines, aligner, cache=tmp_path / "cache")
    again = read_labeled_texts(lines, aligner, cache=tmp_path / "cache")
    equal(first, plain)
    equal(again, plain)
    assert len(computed) == 2 and len(plain) == 30
    assert plain.line_numbers[:3] == [1, 3, 4], "line 2 is empty"
    assert sum(map(len, plain.quintuples)) > 20
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".npz"]


def test_any_change_is_noticed(lines, aligner, tmp_path, computed):
    tokenizer, schema, cache = aligner.tokenizer, aligner.schema, tmp_path / "cache"
    read_labeled_texts(lines, aligner, cache=cache)
    reordered = Schema(schema.rows[::-1])
    longer = BertTokenizer([*tokenizer.vocabulary, "more"])
    changes = [
        (TripleAligner(tokenizer, schema, 32), None),
        (TripleAligner(tokenizer, schema, search="tokens"), None),
        (TripleAligner(tokenizer, reordered), None),
        (TripleAligner(longer, schema), None),
        (TripleAligner(BertTokenizer(tokenizer.vocabulary, lowercase=False), schema), None),
        (aligner, 7),
    ]
    for number, (changed, limit) in enumerate(changes, start=2):
        equal(
            read_labeled_texts(lines, changed, limit, cache=cache),
            read_labeled_texts(lines, changed, limit),
        )
        assert len(computed) == 2 * number - 1
    before = len(computed)
    row = json.loads(lines.read_text("utf-8").splitlines()[0])
    with lines.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    assert len(read_labeled_texts(lines, aligner, cache=cache)) == 31
    assert len(computed) == before + 1


#: The hash of the labels of the sample's dev texts, by version of the labels.
HASHES = {2: "7f3fd0f55c4c8f47"}


def test_other_labels_have_another_version(sample, aligner):
    """Increase `LABELS_VERSION` if this fails; otherwise caches return outdated labels."""
    digest = hashlib.sha256()
    for occurrences in OCCURRENCES:
        aligner = TripleAligner(aligner.tokenizer, aligner.schema, 24, occurrences=occurrences)
        texts = read_labeled_texts(sample / "dev_data.json", aligner)
        for encoding, quintuples in zip(texts.encodings, texts.quintuples, strict=True):
            for array in (*encoding[:3], quintuples):
                digest.update(array.astype("<i4").tobytes())
    assert digest.hexdigest()[:16] == HASHES[corpus.LABELS_VERSION]


@pytest.mark.parametrize(
    "damage", [lambda b: b[:200], lambda b: b"", lambda b: b.replace(b"\1", b"\2")]
)
def test_a_damaged_file_is_made_anew(lines, aligner, tmp_path, computed, damage):
    expected = read_labeled_texts(lines, aligner, cache=tmp_path)
    [kept] = tmp_path.glob("*.npz")
    kept.write_bytes(damage(kept.read_bytes()))
    equal(read_labeled_texts(lines, aligner, cache=tmp_path), expected)
    equal(read_labeled_texts(lines, aligner, cache=tmp_path), expected)
    assert len(computed) == 2


def test_a_folder_that_cannot_be_written_costs_a_warning(lines, aligner, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.warns(UserWarning, match="GPLINKER_CACHE"):
        texts = read_labeled_texts(lines, aligner, cache=tmp_path / "file" / "cache")
    assert len(texts) == 30


def test_errors_are_the_readers(aligner, lines, tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read_labeled_texts(tmp_path / "no.json", aligner, cache=tmp_path / "cache")
    lines.write_text('{"text": 1}', "utf-8")
    with pytest.raises(InputError, match=r"train_data\.json:1"):
        read_labeled_texts(lines, aligner, cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists(), "what is wrong is not kept"


def test_where_the_cache_lies(monkeypatch, tmp_path):
    monkeypatch.setenv("GPLINKER_CACHE", str(tmp_path / "named"))
    assert default_cache_folder() == tmp_path / "named"
    monkeypatch.delenv("GPLINKER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache_folder() == tmp_path / "gplinker_tf"
