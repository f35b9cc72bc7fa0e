"""Encoders by their names on the Hugging Face Hub, from a cache in the Hub's layout."""

from unittest.mock import patch

import pytest
import yaml
from tiny_families import write_google_of, write_texts

from gplinker_tf import extras
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.errors import InputError
from gplinker_tf.runs import run_config

COMMIT, OTHER = "0123456789abcdef0123456789abcdef01234567", "f" * 40
NAME = "hfl/chinese-nezha"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache with two commits of a model, the first one being main; nothing is downloaded."""
    model = tmp_path / "models--hfl--chinese-nezha"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "main").write_text(COMMIT)
    write_google_of(model / "snapshots" / COMMIT, "nezha")
    (model / "snapshots" / OTHER).mkdir()
    write_texts(model / "snapshots" / OTHER, "bert", "config.json")
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return model / "snapshots"


@pytest.mark.parametrize("revision", ["", "@main", f"@{COMMIT}"])
def test_a_model_in_the_cache(cache, revision, sample):
    encoder = EncoderFolder.open(f"hf://{NAME}{revision}", family="nezha")
    assert encoder.config_path.parent == cache / COMMIT
    config = run_config(DataFolder.open(sample), encoder, {})
    assert config["encoder"] == f"hf://{NAME}@{COMMIT}"
    assert yaml.safe_load(yaml.safe_dump(config))["encoder_family"] == "nezha"
    again = EncoderFolder.open(config["encoder"], family=config["encoder_family"])
    assert again == encoder


def test_another_revision(cache):
    with pytest.raises(InputError, match=r"Expected a checkpoint, .*The folder has none"):
        EncoderFolder.open(f"hf://{NAME}@{OTHER}")
    folder = EncoderFolder.open(f"hf://{NAME}@{OTHER}", weights_required=False)
    assert folder.config()["family"] == "bert"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("hf://hfl/absent", r"^hf://hfl/absent: .*it is not in the cache, .*HF_HUB_OFFLINE"),
        (f"hf://{NAME}@v2", rf"^hf://{NAME}@v2: Expected a model in the cache"),
        ("hf://a/b/c", r"Expected hf://OWNER/NAME or .*Received: hf://a/b/c\."),
        ("hf://-x/y--z", "HFValidationError"),
    ],
)
def test_what_is_not_there(cache, address, message):
    with pytest.raises(InputError, match=message):
        EncoderFolder.open(address)


def test_without_huggingface_hub():
    missing = patch.object(extras, "is_there", lambda module: False)
    message = r"gplinker_tf\[hub\].*, or pass a folder"
    with missing, pytest.raises(InputError, match=message):
        EncoderFolder.open(f"hf://{NAME}")
