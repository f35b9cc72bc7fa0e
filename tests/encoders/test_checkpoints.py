"""Both checkpoint layouts give the same encoder; checkpoints that do not fit are errors."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file
from tiny_bert import batch, google_tensors, huggingface_tensors, write_google, write_huggingface

from gplinker_tf.encoders import build_transformer_model, load_checkpoint
from gplinker_tf.errors import InputError

QUERY = "encoder/layer_1/attention/self/query/kernel"


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = write_google(tmp_path_factory.mktemp("google"))
    return outputs(folder / "bert_config.json", folder / "bert_model.ckpt")


def outputs(config_path, checkpoint_path, **kwargs):
    return build_transformer_model(config_path, checkpoint_path, **kwargs)(batch()).numpy()


@pytest.mark.parametrize("ending", ["", ".index", ".data-00000-of-00001"])
def test_google_by_any_of_its_files(tmp_path, expected, ending):
    folder = write_google(tmp_path)
    found = outputs(folder / "bert_config.json", folder / f"bert_model.ckpt{ending}")
    np.testing.assert_array_equal(found, expected)


def test_google_without_scope(tmp_path, expected):
    tensors = {name.removeprefix("bert/"): value for name, value in google_tensors().items()}
    folder = write_google(tmp_path, tensors)
    found = outputs(folder / "bert_config.json", folder / "bert_model.ckpt")
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("file", ["", "model.safetensors"])
@pytest.mark.parametrize("prefix", ["", "bert."])
@pytest.mark.parametrize("old_names", [False, True])
def test_huggingface(tmp_path, expected, file, prefix, old_names):
    folder = write_huggingface(tmp_path, prefix=prefix, old_names=old_names)
    np.testing.assert_array_equal(outputs(folder / "config.json", folder / file), expected)


def test_huggingface_in_half_precision(tmp_path, expected):
    folder = write_huggingface(tmp_path, dtype="float16")
    found = outputs(folder / "config.json", folder)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=0.02)


def test_huggingface_in_several_files(tmp_path, expected):
    folder = write_huggingface(tmp_path)
    (folder / "model.safetensors").unlink()
    tensors = huggingface_tensors()
    files = {name: f"part{i % 2}.safetensors" for i, name in enumerate(tensors)}
    for file in set(files.values()):
        save_file({name: tensors[name] for name in tensors if files[name] == file}, folder / file)
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": files}))
    np.testing.assert_array_equal(outputs(folder / "config.json", folder), expected)
    index.write_text("[]")
    with pytest.raises(InputError, match=r"index.json:1: .*weight_map"):
        outputs(folder / "config.json", folder)


def test_without_a_checkpoint_the_weights_are_random(tmp_path, expected):
    folder = write_google(tmp_path)
    assert np.abs(outputs(folder / "bert_config.json", None) - expected).max() > 0.1


@pytest.mark.parametrize(
    "sizes, tensor, wanted, received",
    [
        ({"vocab_size": 60}, "embeddings/word_embeddings", "(60, 24)", "shape (50, 24)"),
        ({"hidden_size": 32}, "embeddings/word_embeddings", "(50, 32)", "shape (50, 24)"),
        ({"num_hidden_layers": 4}, "encoder/layer_3/attention", "(24, 24)", "no such tensor"),
        ({"intermediate_size": 44}, "encoder/layer_0/intermediate", "(24, 44)", "shape (24, 40)"),
        ({"max_position_embeddings": 8}, "position_embeddings", "(8, 24)", "shape (16, 24)"),
    ],
)
@pytest.mark.parametrize("write", [write_google, write_huggingface])
def test_another_size(tmp_path, write, sizes, tensor, wanted, received):
    folder = write(tmp_path, **sizes)
    if write is write_google:
        config, checkpoint = folder / "bert_config.json", folder / "bert_model.ckpt"
    else:
        config, checkpoint = folder / "config.json", folder / "model.safetensors"
    with pytest.raises(InputError) as error:
        build_transformer_model(config, checkpoint)
    message = str(error.value)
    assert message.startswith(f"{checkpoint}: Expected ")
    assert tensor in message and wanted in message and received in message


def test_nothing_is_loaded_from_a_checkpoint_that_lacks_a_tensor(tmp_path):
    tensors = google_tensors()
    del tensors[f"bert/{QUERY}"]
    folder = write_google(tmp_path, tensors)
    bert = build_transformer_model(folder / "bert_config.json", return_keras_model=False)
    before = bert.model.get_weights()
    with pytest.raises(InputError, match=QUERY):
        load_checkpoint(bert, folder / "bert_model.ckpt")
    for old, new in zip(before, bert.model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_broken_files(tmp_path):
    folder = write_google(tmp_path)
    config = folder / "bert_config.json"
    with pytest.raises(InputError, match=r"other.ckpt: .*no such index file"):
        outputs(config, folder / "other.ckpt")
    (folder / "bert_model.ckpt.index").write_bytes(b"not a table")
    with pytest.raises(
        InputError, match=r"bert_model.ckpt: is not a readable TensorFlow checkpoint"
    ):
        outputs(config, folder / "bert_model.ckpt")
    (folder / "model.safetensors").write_bytes(b"not tensors")
    with pytest.raises(InputError, match="is not a readable safetensors file"):
        outputs(config, folder / "model.safetensors")
    with pytest.raises(InputError, match=r"absent.safetensors: .*no such file"):
        outputs(config, folder / "absent.safetensors")
    with pytest.raises(InputError, match=r"pytorch_model.bin: .*no such file"):
        outputs(config, folder / "pytorch_model.bin")


def test_data_file_missing(tmp_path):
    folder = write_google(tmp_path)
    (folder / "bert_model.ckpt.data-00000-of-00001").unlink()
    with pytest.raises(InputError, match=r"bert_model.ckpt: "):
        outputs(folder / "bert_config.json", folder / "bert_model.ckpt")


def test_another_number_type(tmp_path):
    folder = write_huggingface(tmp_path)
    save_file(huggingface_tensors("float64"), folder / "model.safetensors")
    with pytest.raises(InputError, match=r"Expected float32 or float16\. .* of type F64"):
        outputs(folder / "config.json", folder)
