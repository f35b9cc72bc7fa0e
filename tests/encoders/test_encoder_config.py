"""Configuration files with both sets of names, and broken ones."""

import json

import pytest
from tiny_bert import SIZES

from gplinker_tf.encoders import BertConfig
from gplinker_tf.errors import InputError


def write(tmp_path, **changes):
    path = tmp_path / "config.json"
    values = {**SIZES, **changes}
    path.write_text(json.dumps({name: v for name, v in values.items() if v != "absent"}))
    return path


def test_reads_the_common_names(tmp_path):
    config = BertConfig.from_json(write(tmp_path, layer_norm_eps=1e-5, hidden_dropout_prob=0.2))
    assert config.max_position == 16
    assert config.segment_vocab_size == 2
    assert (config.dropout_rate, config.attention_dropout_rate) == (0.2, 0.1)
    assert config.epsilon == 1e-5


def test_keywords_beat_the_file(tmp_path):
    config = BertConfig.from_json(write(tmp_path), dropout_rate=0.0, num_hidden_layers=1)
    assert (config.dropout_rate, config.num_hidden_layers) == (0.0, 1)


def test_round_trip():
    config = BertConfig.from_dict(SIZES)
    assert BertConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"vocab_size": "absent"}, "Missing: vocab_size"),
        ({"hidden_size": -1}, "hidden_size=-1"),
        ({"hidden_size": "24"}, "hidden_size='24'"),
        ({"hidden_dropout_prob": 1.0}, "dropout_rate=1.0"),
        ({"num_attention_heads": 7}, "num_attention_heads=7, hidden_size=24"),
        ({"hidden_act": "swish"}, "hidden_act='swish'"),
        ({"model_type": "roberta"}, "model_type='roberta'"),
        ({"position_embedding_type": "relative_key"}, "position_embedding_type='relative_key'"),
    ],
)
def test_refuses_what_makes_no_bert(tmp_path, changes, message):
    path = write(tmp_path, **changes)
    with pytest.raises(InputError, match=f"^{path}: .*{message}"):
        BertConfig.from_json(path)


@pytest.mark.parametrize(
    "content, message",
    [
        (b'{"vocab_size": 1,\n oops}', ":2: is not JSON"),
        (b"[]", ":1: Expected a JSON object. Received: list"),
        (b"\xff\xfe", ": is not UTF-8 text"),
        (None, ": cannot be read"),
    ],
)
def test_broken_files(tmp_path, content, message):
    path = tmp_path / "config.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=f"^{path}{message}"):
        BertConfig.from_json(path)
