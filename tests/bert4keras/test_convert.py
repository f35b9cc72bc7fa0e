"""Models saved by bert4keras's script, converted to run folders that find the same triples."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from face_cases import sentences, speaking_weights
from reference import load_bert4keras, requires_legacy
from saved_belongings import FILES, SIZES, write_belongings
from typer.testing import CliRunner

from gplinker_tf import RelationExtractor
from gplinker_tf.bert4keras.convert import extractor_from_bert4keras
from gplinker_tf.bert4keras.saved_weights import read_saved_weights
from gplinker_tf.cli.app import app
from gplinker_tf.decoding import decode_triples
from gplinker_tf.errors import InputError

pytestmark = pytest.mark.slow

SAVED = Path(__file__).parents[1] / "golden" / "saved"
LOGITS = np.load(SAVED / "logits.npz")
POINTERS = {"EfficientGlobalPointer": "efficient", "GlobalPointer": "standard"}
INPUTS = [np.array([[2, 5, 9, 7, 3], [2, 8, 3, 0, 0]]), np.zeros([2, 5], int)]


@pytest.fixture
def belongings(tmp_path):
    """The configuration, schema and vocabulary of the saved models."""
    write_belongings(tmp_path)
    return FILES


def assert_same_logits(extractor, logits, inputs=INPUTS):
    for name, expected in logits.items():
        got = extractor.model(inputs)[name].numpy()
        np.testing.assert_allclose(got, expected, atol=1e-3)


def of_golden(kind):
    return {name: LOGITS[f"{kind}/{name}"] for name in ("entity", "head", "tail")}


@pytest.mark.parametrize("form", [".weights", "_checkpoint"])
@pytest.mark.parametrize("kind", POINTERS)
def test_a_saved_model_becomes_a_run_folder(kind, form, belongings, tmp_path, monkeypatch):
    options = [part for name, file in belongings.items() for part in (f"--{name}", file)]
    saved = ["--bert4keras", str(SAVED / f"{kind}{form}"), "--output", "run"]
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(app, ["convert", *saved, *options])
    assert ran.exit_code == 0, ran.stderr
    assert f"{POINTERS[kind]}, 3 predicates" in ran.stderr
    extractor = RelationExtractor.load(tmp_path / "run")
    assert_same_logits(extractor, of_golden(kind))
    assert extractor.model.pointer == POINTERS[kind] and extractor.model.head_size == 4
    assert extractor(["a b c"])[0].text == "a b c"


@pytest.mark.parametrize("kind", POINTERS)
def test_the_scripts_triples(kind, belongings, tmp_path, monkeypatch):
    """The expected triples are those of the script's loops on the real library's logits."""
    monkeypatch.chdir(tmp_path)
    model = extractor_from_bert4keras(SAVED / f"{kind}.weights", **belongings).model
    counts = []
    for number, ids in enumerate(sentences()):
        found = decode_triples(*model.factors([np.array([ids]), np.zeros([1, len(ids)], int)]))
        parts = [found.subject, found.predicate[:, None], found.object]
        rows = sorted(map(tuple, np.concatenate(parts, axis=1).tolist()))
        assert rows == list(map(tuple, LOGITS[f"{kind}/triples/{number}"].tolist()))
        counts.append(len(rows))
    assert sum(counts) > 5


@requires_legacy
@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("kind", POINTERS)
def test_the_same_triples_live(kind, use_bias, belongings, tmp_path, monkeypatch):
    """The expected scores and triples are the real library's, for each format that it writes."""
    import tensorflow as tf

    monkeypatch.chdir(tmp_path)
    bert4keras = load_bert4keras()
    tf.keras.utils.set_random_seed(3)
    bert = bert4keras.models.build_transformer_model(belongings["config"])
    pointer = getattr(bert4keras.layers, kind)
    relation = dict(heads=3, head_size=4, RoPE=False, tril_mask=False, use_bias=use_bias)
    layers = [pointer(2, 4, use_bias=use_bias), pointer(**relation), pointer(**relation)]
    model = tf.keras.Model(bert.inputs, [layer(bert.output) for layer in layers])
    model.set_weights(list(map(speaking_weights(seed=6), model.get_weights())))
    names = ("best_model.h5", "best_model.weights", "best_model.whole")
    model.save_weights(names[0])
    Path(names[0]).rename("best_model")
    model.save_weights(names[1])  # a TensorFlow checkpoint, in legacy Keras
    model.save(names[2] + ".h5")
    token_ids = np.array([ids + [0] * (14 - len(ids)) for ids in sentences()])
    inputs = [token_ids, np.zeros_like(token_ids)]
    outputs = dict(zip(("entity", "head", "tail"), model.predict(inputs, verbose=0), strict=True))
    mask = tf.constant(token_ids != 0)
    expected = decode_triples(*(tf.constant(outputs[name]) for name in outputs), mask)
    assert len(expected.score) > 3
    for path in ("best_model", names[1], names[2] + ".h5"):
        extractor = extractor_from_bert4keras(path, **belongings)
        assert_same_logits(extractor, outputs, inputs)
        found = decode_triples(*extractor.model.factors(inputs))
        for got, want in zip(found, expected, strict=True):
            if got.dtype.is_floating:
                np.testing.assert_allclose(got, want, atol=4e-3)
            else:
                np.testing.assert_array_equal(got, want)


def test_fewer_layers_than_the_configuration_says(belongings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(SIZES | {"num_hidden_layers": 4}))
    path = SAVED / "GlobalPointer.weights"
    with pytest.raises(InputError, match=r"'Transformer-2-MultiHeadSelfAttention'.*\(8, 8\)"):
        extractor_from_bert4keras(path, **belongings)
    extractor = extractor_from_bert4keras(path, **belongings, encoder_layers=2)
    assert_same_logits(extractor, of_golden("GlobalPointer"))


def test_weights_that_do_not_fit_name_the_layer(belongings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = SAVED / "EfficientGlobalPointer.weights"
    (tmp_path / "config.json").write_text(json.dumps(SIZES | {"hidden_size": 12}))
    with pytest.raises(
        InputError, match=r"'Embedding-Token'. Expected weights of \(30, 12\). Received: \(30, 8\)"
    ):
        extractor_from_bert4keras(path, **belongings)
    (tmp_path / "config.json").write_text(json.dumps(SIZES))
    rows = (tmp_path / "schema").read_text().splitlines()
    (tmp_path / "schema").write_text("\n".join(rows[:2]))
    with pytest.raises(InputError, match=r"'head'. Expected weights of .*\(8, 4\).*\(8, 6\)"):
        extractor_from_bert4keras(path, **belongings)
    (tmp_path / "schema").write_text("\n".join(rows))
    (tmp_path / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\na")
    with pytest.raises(InputError, match="expected 30 tokens"):
        extractor_from_bert4keras(path, **belongings)


def test_a_model_of_something_else(belongings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with h5py.File("other.weights", "w") as file:
        file.attrs["layer_names"] = [b"dense"]
        group = file.create_group("dense")
        group.attrs["weight_names"] = [b"kernel"]
        group["kernel"] = np.zeros([8, 3])
    with pytest.raises(InputError, match="Is it a model of the GPLinker script"):
        extractor_from_bert4keras("other.weights", **belongings)
    with h5py.File("new.weights.h5", "w") as file:
        file.create_group("layers")
    with pytest.raises(InputError, match="HDF5 layout of Keras 2"):
        read_saved_weights("new.weights.h5")
    for suffix in ("index", "data-00000-of-00001"):
        (tmp_path / f"broken.{suffix}").write_bytes(b"no checkpoint at all, but long enough" * 9)
    with pytest.raises(InputError, match="broken"):
        read_saved_weights("broken")
