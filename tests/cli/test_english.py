"""English texts from one CSV file to triples with offsets, using only the command line."""

import json
import re
from pathlib import Path

import pytest
from encoders.tiny_bert import write_for_vocabulary
from test_extract_command import gplinker

from gplinker_tf.data import read_examples
from gplinker_tf.tokenizers import BertTokenizer

pytestmark = pytest.mark.slow

ENGLISH = Path(__file__).parents[1] / "english"


@pytest.fixture
def encoder(tmp_path):
    """A BERT with random weights and the English vocabulary."""
    return write_for_vocabulary(tmp_path / "encoder", ENGLISH / "vocab.txt", positions=48)


def test_from_one_table_to_triples(encoder, tmp_path):
    data, run = tmp_path / "data", tmp_path / "run"
    result = gplinker("split", ENGLISH / "texts.csv", "--output", data, "--dev-share", "0.25")
    assert result.exit_code == 0, result.stderr
    assert "train.csv: 21 texts, " in result.stdout and "dev.csv: 7 texts, " in result.stdout

    sizes = ["--epochs", 2, "--batch-size", 32, "--max-length", 48, "--encoder-layers", 1]
    result = gplinker(
        *("train", "--data", data, "--schema-from-data", "--encoder", encoder, "--output", run),
        *(*sizes, "--learning-rate", "0.01", "--averaging", "none"),
    )
    assert result.exit_code == 0, result.stderr
    assert re.search(
        r"^Predicates in the data \(5\): .*born in \(\d\)", result.stdout, re.MULTILINE
    )
    assert "21 texts to train on, 7 to evaluate on, 5 predicates" in result.stdout

    texts = [example.text for example in read_examples(ENGLISH / "texts.csv")]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    result = gplinker("extract", run, "--threshold", "-1000", "--max-pairs", "3", text=lines)
    assert result.exit_code == 0, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["text"] for row in rows] == texts
    spans = [
        (row["text"], spo[role], *spo[f"{role}_span"])
        for row in rows
        for spo in row["spo_list"]
        for role in ("subject", "object")
    ]
    assert len(spans) > len(texts)
    for text, word, start, end in spans:
        assert text[start:end] == word and word == word.strip() != ""


def test_the_vocabulary_knows_each_word_and_gives_it_back():
    tokenizer = BertTokenizer.from_vocab_file(ENGLISH / "vocab.txt")
    pieces = 0
    for example in read_examples(ENGLISH / "texts.csv"):
        tokens = tokenizer.tokenize(example.text)
        assert "[UNK]" not in tokens
        pieces += sum(token.startswith("##") for token in tokens)
        for triple in example.triples:
            assert triple.subject.text in example.text and triple.object.text in example.text
    assert pieces > 20
