"""The sample corpus: the files are those that its script writes, and have what is promised."""

import importlib.util
import json
import re
import sys
import zlib
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "gplinker_tf" / "data" / "sample"
MAKER = ROOT / "examples" / "make_sample_corpus.py"


def read_rows(name):
    return [json.loads(line) for line in (SAMPLE / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def train():
    return read_rows("train_data.json")


@pytest.fixture(scope="module")
def dev():
    return read_rows("dev_data.json")


@pytest.fixture(scope="module")
def schema():
    return read_rows("all_50_schemas")


@pytest.fixture(scope="module")
def new_sentences():
    return (SAMPLE / "new_sentences.txt").read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def tokens():
    return (SAMPLE / "vocab.txt").read_text("utf-8").split("\n")[:-1]


NEW_NAMES = (
    *("候鸟的月台", "韩帆言", "傅桐远", "蒋景言", "棠枫县", "棠枫县理想大学", "薛若晨"),
    *("沈雪航", "NOZEN科技", "鹤雁镇", "叶嘉宁", "渔火的海岸", "曾秋桐工作室", "曾秋桐"),
    *("岭霁城", "克莉·布伦", "麦田的邮差", "许清远"),
)


def words(triple):
    return triple["subject"], triple["predicate"], triple["object"]


def names_in(rows):
    return {
        triple[end] for row in rows for triple in row["spo_list"] for end in ("subject", "object")
    }


def share(rows, holds):
    return sum(map(holds, rows)) / len(rows)


def overlaps(row):
    """Return whether two entities of a line overlap in the text."""
    spans = {(row["text"].find(name), len(name)) for name in names_in([row])}
    return any(
        a < b + width_b and b < a + width_a
        for (a, width_a), (b, width_b) in combinations(sorted(spans), 2)
    )


def contains(row):
    """Return whether an entity of a line is part of another one."""
    return any(a in b or b in a for a, b in combinations(sorted(names_in([row])), 2))


def two_predicates(row):
    return max(Counter((s, o) for s, _, o in map(words, row["spo_list"])).values()) > 1


def shared_subject(row):
    return max(Counter(triple["subject"] for triple in row["spo_list"]).values()) > 1


def test_the_files_are_what_the_maker_writes(tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(MAKER.parent))
    monkeypatch.setattr(sys, "argv", [str(MAKER), "--output", str(tmp_path / "new" / "folder")])
    spec = importlib.util.spec_from_file_location("make_sample_corpus", MAKER)
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    maker.main()
    written = {path.name: path.read_bytes() for path in (tmp_path / "new" / "folder").iterdir()}
    shipped = {path.name: path.read_bytes() for path in SAMPLE.iterdir()}
    assert written == shipped
    # Compressed, as in clones and wheels.
    assert sum(len(zlib.compress(content)) for content in shipped.values()) < 250_000


def test_it_is_large_enough(train, dev, schema, new_sentences):
    assert len(train) >= 900 and len(dev) >= 150
    assert len({row["predicate"] for row in schema}) >= 8
    assert len(new_sentences) == 6


def test_lines_have_the_format_of_lic2019(train, dev, schema):
    rows = {(row["subject_type"], row["predicate"], row["object_type"]) for row in schema}
    used = set()
    for row in train + dev:
        assert list(row) == ["text", "spo_list"]
        assert 15 <= len(row["text"]) <= 90
        assert row["spo_list"]
        assert len({words(triple) for triple in row["spo_list"]}) == len(row["spo_list"])
        for triple in row["spo_list"]:
            assert triple["subject"] in row["text"] and triple["object"] in row["text"]
            used.add((triple["subject_type"], triple["predicate"], triple["object_type"]))
    assert used == rows


@pytest.mark.parametrize("half", ["train", "dev"])
def test_every_predicate_is_common(half, request, schema):
    rows = request.getfixturevalue(half)
    counts = Counter(triple["predicate"] for row in rows for triple in row["spo_list"])
    assert set(counts) == {row["predicate"] for row in schema}
    assert min(counts.values()) >= len(rows) / 20


def test_names_stand_where_their_first_occurrence_is(train, dev):
    """Titles are inside their marks, and no name is cut out of a longer one of its kind."""
    for row in train + dev:
        for triple in row["spo_list"]:
            if triple["subject_type"] in ("影视作品", "图书作品", "歌曲"):
                start = row["text"].find(triple["subject"])
                assert row["text"][start - 1] == "《"
                assert row["text"][start + len(triple["subject"])] == "》"
            if triple["object_type"] == "Date":
                start = row["text"].find(triple["object"])
                after = row["text"][start + len(triple["object"]) :]
                assert not re.match(r"\d", after)


@pytest.mark.parametrize("half", ["train", "dev"])
def test_it_has_the_hard_cases(half, request):
    rows = request.getfixturevalue(half)
    assert share(rows, shared_subject) > 0.2
    assert share(rows, two_predicates) > 0.02
    assert share(rows, contains) > 0.04
    assert share(rows, overlaps) > 0.02
    assert share(rows, lambda row: len(row["spo_list"]) > 1) > 0.4


def test_a_sentence_may_state_the_object_first(train):
    def reversed_order(row):
        return any(
            row["text"].find(triple["object"]) < row["text"].find(triple["subject"])
            for triple in row["spo_list"]
        )

    assert 0.2 < share(train, reversed_order) < 0.8


def test_the_three_parts_share_no_sentence(train, dev, new_sentences):
    texts = [row["text"].rstrip("。") for row in train + dev]
    texts += [text.rstrip("。") for text in new_sentences]
    assert len(set(texts)) == len(texts)


def test_most_held_back_names_are_unseen(train, dev):
    names = names_in(dev)
    unseen = names - names_in(train)
    assert 0.5 <= len(unseen) / len(names) < 1


def test_new_sentences_are_about_names_never_seen(train, dev, new_sentences):
    assert all(any(name in text for text in new_sentences) for name in NEW_NAMES)
    for name in NEW_NAMES:
        assert not any(name in row["text"] for row in train + dev), name


def test_training_shows_every_character_that_is_needed_later(train, dev, new_sentences):
    known = set("".join(row["text"] for row in train))
    assert set("".join(row["text"] for row in dev) + "".join(new_sentences)) <= known


def test_the_vocabulary_covers_the_corpus(train, dev, new_sentences, tokens):
    assert tokens[:5] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    assert len(set(tokens)) == len(tokens)
    known = set(tokens)
    for text in [row["text"] for row in train + dev] + new_sentences:
        for word in re.findall(r"[0-9A-Za-z]+", text) + re.findall(r"[0-9a-z]+", text.lower()):
            assert word[0] in known and all(f"##{character}" in known for character in word[1:])
        assert set(text) <= known


def test_the_encoder_fits_the_vocabulary(train, dev, tokens):
    config = json.loads((SAMPLE / "bert_config.json").read_text("utf-8"))
    assert config["vocab_size"] == len(tokens)
    assert config["hidden_size"] % config["num_attention_heads"] == 0
    longest = max(len(row["text"]) for row in train + dev)
    assert longest + 2 <= config["max_position_embeddings"]


def test_the_readme_counts_right(train, dev, schema, tokens, new_sentences):
    text = (SAMPLE / "README.md").read_text("utf-8")
    unseen = len(names_in(dev) - names_in(train))
    for count in (
        f"{len(train)} lines, {sum(len(row['spo_list']) for row in train)} triples",
        f"{len(dev)} dev lines, {sum(len(row['spo_list']) for row in dev)} triples",
        f"{len(schema)} rows, {len({row['predicate'] for row in schema})} predicates",
        f"{len(tokens)} tokens",
        f"{len(new_sentences)} more sentences",
        f"Of the {len(names_in(dev))} different",
        f"{unseen} never occur",
    ):
        assert count in text
