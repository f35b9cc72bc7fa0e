"""Missing or broken files of a run folder are reported when it is loaded or first used."""

import json
import shutil

import numpy as np
import pytest

from gplinker_tf import InputError, RelationExtractor
from gplinker_tf.data import read_schema

pytestmark = pytest.mark.slow


def broken(run_folder, tmp_path, name, change):
    folder = tmp_path / "broken"
    shutil.copytree(run_folder, folder)
    change(folder / name)
    return folder


def add_lines(path, count):
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"more{number}\n" for number in range(count))


def rewrite_config(**changes):
    def change(path):
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")

    return change


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("config.json", lambda path: path.unlink(), "contains no config.json"),
        ("config.json", lambda path: path.write_text("{"), "expected JSON"),
        ("config.json", lambda path: path.write_text("[]"), "expected a JSON object"),
        ("config.json", lambda path: path.write_text("{}"), "KeyError: 'schema'"),
        ("config.json", rewrite_config(pointer="standard"), "entity/0 of shape"),
        ("config.json", rewrite_config(schema=[["", "x", ""]]), "head/2 of shape"),
        ("config.json", rewrite_config(encoder={"vocab_size": 9}), "Missing: hidden_size"),
        ("vocab.txt", lambda path: path.unlink(), r"vocab\.txt"),
        ("vocab.txt", lambda path: add_lines(path, 50), "belongs to another"),
        ("model.safetensors", lambda path: path.unlink(), "No such file"),
        ("model.safetensors", lambda path: path.write_bytes(path.read_bytes()[:999]), "broken"),
    ],
)
def test_a_broken_run_folder(run_folder, tmp_path, name, change, message):
    with pytest.raises(InputError, match=message):
        RelationExtractor.load(broken(run_folder, tmp_path, name, change))


def test_no_run_folder(tmp_path):
    with pytest.raises(InputError, match="is not a folder"):
        RelationExtractor.load(tmp_path / "nothing")


def test_an_unknown_precision(run_folder):
    with pytest.raises(ValueError, match="precision='float8'"):
        RelationExtractor.load(run_folder, "float8")


def test_scores_that_are_no_numbers_are_an_error(run_folder, texts):
    extractor = RelationExtractor.load(run_folder)
    norm = extractor.model.encoder.get_layer("Embedding-Norm")
    norm.set_weights([np.full_like(weight, np.inf) for weight in norm.get_weights()])
    with pytest.raises(InputError, match=r"Expected finite scores.*mixed_bfloat16"):
        extractor(texts)


def test_the_saved_schema_keeps_the_order_of_labels(extractor, sample):
    assert extractor.schema == read_schema(sample / "all_50_schemas")
    assert np.isfinite(extractor.model.get_weights()[0]).all()
