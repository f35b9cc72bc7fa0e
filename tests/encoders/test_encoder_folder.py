"""What an encoder folder may contain, and the errors for folders that can't be used."""

import dataclasses
import json

import numpy as np
import pytest
from tiny_bert import batch, write_google, write_huggingface

from gplinker_tf.encoders import EncoderFolder, bert_from_config
from gplinker_tf.errors import InputError


@pytest.mark.parametrize("write", [write_google, write_huggingface])
def test_layouts_are_told_apart(tmp_path, write):
    folder = EncoderFolder.open(write(tmp_path))
    assert folder.vocab_path == tmp_path / "vocab.txt"
    assert folder.lowercase
    assert folder.build()(batch()).shape == (4, 9, 24)
    with pytest.raises(dataclasses.FrozenInstanceError):
        folder.lowercase = False


def test_layouts_give_the_same_encoder(tmp_path):
    for name in ("google", "huggingface"):
        (tmp_path / name).mkdir()
    google = EncoderFolder.open(write_google(tmp_path / "google")).build(num_layers=2)
    other = EncoderFolder.open(write_huggingface(tmp_path / "huggingface")).build(num_layers=2)
    np.testing.assert_array_equal(google(batch()), other(batch()))


def test_rebuilt_without_the_folder(tmp_path):
    folder = EncoderFolder.open(write_google(tmp_path))
    config = json.loads(json.dumps(folder.config(num_layers=1)))
    assert config["num_hidden_layers"] == 1
    original, again = folder.build(num_layers=1), bert_from_config(config)
    again.set_weights(original.get_weights())
    np.testing.assert_array_equal(again(batch()), original(batch()))


def test_case_of_the_vocabulary(tmp_path):
    write_google(tmp_path)
    path = tmp_path / "tokenizer_config.json"
    path.write_text('{"do_lower_case": false}')
    assert not EncoderFolder.open(tmp_path).lowercase
    path.write_text("[]")
    with pytest.raises(InputError, match=r"tokenizer_config.json:1: Expected a JSON object"):
        EncoderFolder.open(tmp_path)


def test_without_weights(tmp_path):
    write_google(tmp_path)
    for path in tmp_path.glob("bert_model*"):
        path.unlink()
    with pytest.raises(InputError, match=r"bert_model.ckpt.index .*model.safetensors.*tf_model"):
        EncoderFolder.open(tmp_path)
    folder = EncoderFolder.open(tmp_path, weights_required=False)
    assert folder.checkpoint_path is None
    assert folder.build(num_layers=1)(batch()).shape == (4, 9, 24)


def test_several_google_checkpoints(tmp_path):
    write_google(tmp_path)
    for path in tmp_path.glob("bert_model.ckpt*"):
        path.rename(path.with_name(path.name.replace("bert_model.ckpt", "model.ckpt-900000")))
    assert EncoderFolder.open(tmp_path).build()(batch()).shape == (4, 9, 24)
    (tmp_path / "model.ckpt-1.index").write_bytes(b"")
    with pytest.raises(InputError, match=r"one TensorFlow checkpoint.*model.ckpt-1.index, "):
        EncoderFolder.open(tmp_path)


def test_missing_parts(tmp_path):
    with pytest.raises(InputError, match=r"no such folder.*hf://OWNER/NAME"):
        EncoderFolder.open(tmp_path / "absent")
    write_google(tmp_path)
    (tmp_path / "vocab.txt").unlink()
    with pytest.raises(InputError, match=r"Expected vocab\.txt"):
        EncoderFolder.open(tmp_path)
    (tmp_path / "bert_config.json").unlink()
    with pytest.raises(InputError, match=r"Expected bert_config.json or config.json"):
        EncoderFolder.open(tmp_path)


def test_vocabulary_of_another_size(tmp_path):
    folder = EncoderFolder.open(write_google(tmp_path))
    with folder.vocab_path.open("a", encoding="utf-8") as file:
        file.write("多")
    message = r"vocab.txt: Expected 50 lines, .*bert_config.json. Received: 51 lines"
    with pytest.raises(InputError, match=message):
        folder.build()


@pytest.mark.parametrize("number", [0, 4])
def test_more_layers_than_there_are(tmp_path, number):
    folder = EncoderFolder.open(write_google(tmp_path))
    with pytest.raises(InputError, match=f"1 to 3 encoder layers. Received: num_layers={number}"):
        folder.build(num_layers=number)
