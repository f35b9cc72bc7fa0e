"""Every kind of weights file gives the same encoder, for every family; others are refused."""

import os

import numpy as np
import pytest
from tiny_families import FAMILIES, encoder_of, tensors_of, write_google_of, write_texts
from transformers_files import (
    write_bin,
    write_h5,
    write_old_bin,
    write_safetensors,
)

from gplinker_tf.encoders import EncoderFolder, load_checkpoint
from gplinker_tf.errors import InputError

FILES = {
    "model.safetensors": write_safetensors,
    "pytorch_model.bin": write_bin,
    "tf_model.h5": write_h5,
}


@pytest.fixture(scope="module")
def encoders():
    return {family: encoder_of(family) for family in FAMILIES}


def forget(encoder):
    """Set all weights to 0."""
    for weight in encoder.model.weights:
        weight.assign(np.zeros(weight.shape))


def expect_same(encoder, tensors):
    found = tensors_of(encoder)
    assert found.keys() == tensors.keys()
    for name, value in tensors.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_file_gives_the_same_weights(family, encoders, tmp_path):
    encoder = encoders[family]
    tensors = tensors_of(encoder)
    write_google_of(tmp_path, family, encoder)
    places = [tmp_path / "bert_model.ckpt"]
    for name, write in {**FILES, "old.bin": write_old_bin}.items():
        write(tmp_path / name, family, tensors)
        places.append(tmp_path / name)
    for place in places:
        forget(encoder)
        load_checkpoint(encoder, place)
        expect_same(encoder, tensors)


@pytest.mark.parametrize(
    ("written", "read", "message"),
    [
        ("bert", "nezha", r"Received: embeddings/position_embeddings as well\."),
        ("nezha", "bert", "Expected embeddings/position_embeddings of shape"),
        ("nezha", "roformer_v2", r"LayerNorm/beta and \d+ more as well\."),
        ("roformer_v2", "nezha", "no such tensor"),
        ("bert", "albert", r"Expected embeddings/word_embeddings of shape .*--encoder-family"),
        ("bert", "electra", "Expected embeddings/word_embeddings of shape"),
        ("gau_alpha", "roformer_v2", "no such tensor"),
    ],
)
def test_a_checkpoint_of_another_family(written, read, message, encoders, tmp_path):
    path = tmp_path / "model.safetensors"
    write_safetensors(path, written, tensors_of(encoders[written]))
    before = tensors_of(encoders[read])
    with pytest.raises(InputError, match=message):
        load_checkpoint(encoders[read], path)
    expect_same(encoders[read], before)


def test_a_tensor_too_few_or_too_many_or_of_another_shape(encoders, tmp_path):
    encoder, path = encoders["bert"], tmp_path / "model.safetensors"
    tensors = tensors_of(encoder)
    token_table = tensors["embeddings/word_embeddings"]
    for changes, message in (
        ({"encoder/layer_1/output/dense/bias": None}, "no such tensor"),
        ({"encoder/layer_1/output/gate/kernel": np.ones([2, 3], "float32")}, "gate/kernel as well"),
        ({"embeddings/word_embeddings": token_table[1:]}, r"\(50, 24\).*shape \(49, 24\)"),
    ):
        changed = {n: v for n, v in {**tensors, **changes}.items() if v is not None}
        write_safetensors(path, "bert", changed)
        with pytest.raises(InputError, match=message):
            load_checkpoint(encoder, path)
        expect_same(encoder, tensors)
    others = ("pooler/dense/bias", "encoder/layer_9/output/dense/bias", "embeddings/position_ids")
    more = dict.fromkeys(others, np.ones(3, "float32"))
    write_safetensors(path, "bert", {**tensors, **more})
    load_checkpoint(encoder, path)


def test_a_checkpoint_of_google_that_was_cut_off(encoders, tmp_path):
    write_google_of(tmp_path, "bert", encoders["bert"])
    data = tmp_path / "bert_model.ckpt.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:100])
    with pytest.raises(InputError, match=r"bert_model\.ckpt: .* cannot be read"):
        load_checkpoint(encoders["bert"], tmp_path / "bert_model.ckpt")


class Malicious:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_a_pickle_that_would_run_code(encoders, tmp_path):
    path, made = tmp_path / "pytorch_model.bin", tmp_path / "made"
    write_bin(path, "bert", tensors_of(encoders["bert"]), {"harm": Malicious(made)})
    before = tensors_of(encoders["bert"])
    with pytest.raises(InputError, match=r"posix\.mkdir, which could run code\. Nothing was exec"):
        load_checkpoint(encoders["bert"], path)
    assert not made.exists()
    expect_same(encoders["bert"], before)
    for content in (b"", b"not a pickle", b"PK\x03\x04"):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"pytorch_model\.bin: is not a readable PyTorch"):
            load_checkpoint(encoders["bert"], path)


@pytest.mark.parametrize(
    ("model_type", "asked_for", "family"),
    [
        (None, None, "bert"),
        (None, "nezha", "nezha"),
        ("roformer", None, "roformer"),
        ("roformer", "roformer_v2", "roformer_v2"),
        ("albert", "albert_unshared", "albert_unshared"),
        ("bert", "roberta", "roberta"),
        ("roberta", "roberta", "roberta"),
    ],
)
def test_how_the_family_is_told(model_type, asked_for, family, tmp_path):
    write_texts(tmp_path, "bert", "config.json", model_type=model_type)
    folder = EncoderFolder.open(tmp_path, weights_required=False, family=asked_for)
    assert folder.config()["family"] == family


@pytest.mark.parametrize(
    ("model_type", "asked_for", "message"),
    [
        ("roberta", None, "model_type='roberta'. .*--encoder-family roberta"),
        ("bert", "nezha", "family nezha. Received: model_type='bert'"),
        ("mamba", None, "model_type='mamba'. Register its family"),
        (None, "mamba", "Expected one of bert, .*Received: family='mamba'"),
    ],
)
def test_a_family_that_is_not_known_or_another(model_type, asked_for, message, tmp_path):
    write_texts(tmp_path, "bert", "config.json", model_type=model_type)
    folder = EncoderFolder.open(tmp_path, weights_required=False, family=asked_for)
    with pytest.raises(InputError, match=rf"config\.json: .*{message}"):
        folder.config()


def test_what_a_family_is_not_built_for(tmp_path):
    for family, changes in (
        ("albert", {"num_hidden_groups": 2}),
        ("nezha", {"max_relative_position": 32}),
        ("roformer", {"norm_type": "rms_norm"}),
        ("roformer_v2", {"use_bias": True}),
        ("gau_alpha", {"normalization": "squared_relu"}),
    ):
        write_texts(tmp_path, family, "config.json", model_type=family, **changes)
        ((name, value),) = changes.items()
        with pytest.raises(InputError, match=f"Received: {name}={value!r}"):
            EncoderFolder.open(tmp_path, weights_required=False).config()
