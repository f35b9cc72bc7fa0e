"""Run folders with tiny untrained models, and a service that serves them."""

import json

import pytest
from service.served import serving_process

from gplinker_tf import RelationExtractor, Schema
from gplinker_tf.encoders import bert_from_config
from gplinker_tf.models import GPLinker
from gplinker_tf.tokenizers import BertTokenizer

SIZES = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2}


@pytest.fixture(scope="session")
def tiny_runs(sample, tmp_path_factory):
    """Two run folders, whose models have different random weights."""
    tokenizer = BertTokenizer.from_vocab_file(sample / "vocab.txt", True)
    schema = Schema((("影视作品", "主演", "人物"), ("影视作品", "导演", "人物")))
    config = {**SIZES, "intermediate_size": 16, "vocab_size": tokenizer.vocab_size}
    folders = []
    for name in ("first", "second"):
        folders.append(tmp_path_factory.mktemp("runs") / name)
        model = GPLinker(bert_from_config(config), len(schema.predicates))
        RelationExtractor(model, tokenizer, schema, 64).save(folders[-1])
    return folders


@pytest.fixture(scope="session")
def service(tiny_runs):
    """A service of both runs in a second process."""
    first, second = tiny_runs
    with serving_process(first, f"other={second}", "--lowest-threshold", "-50") as service:
        yield service


@pytest.fixture(scope="session")
def texts(sample):
    lines = (sample / "dev_data.json").read_text("utf-8").splitlines()[:40]
    return [json.loads(line)["text"] for line in lines]
