"""Every use of a run under legacy Keras, where most other tests do not run."""

import json
import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from reference import LEGACY
from typer.testing import CliRunner

from gplinker_tf import RelationExtractor
from gplinker_tf.backend import tf
from gplinker_tf.calibration import THRESHOLDS, Calibration, write_calibration
from gplinker_tf.cli.app import app
from gplinker_tf.visualization import explore, show_scores, show_triples

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LEGACY, reason="under Keras 3 each package has its own tests"),
    pytest.mark.filterwarnings("ignore:The model finds"),
]

#: A threshold at which each pair of tokens is a triple, up to the limits.
LOW = -1000.0


def gplinker(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def run(run_folder, sample, tmp_path_factory):
    """A run, files of held-out texts, and a few texts."""
    folder = tmp_path_factory.mktemp("run")
    lines = (sample / "train_data.json").read_text("utf-8").splitlines(keepends=True)[200:260]
    (folder / "annotated.json").write_text("".join(lines), "utf-8")
    texts = [json.loads(line)["text"] for line in lines]
    (folder / "texts.txt").write_text("\n".join(texts), "utf-8")
    (folder / "few.txt").write_text("\n".join(texts[:4]), "utf-8")
    shutil.copytree(run_folder, folder / "run")
    return SimpleNamespace(folder=folder / "run", beside=folder, texts=texts[:4])


@pytest.fixture(scope="module")
def extractor(run):
    return RelationExtractor.load(run.folder)


@pytest.fixture(scope="module")
def found(run, extractor):
    """The extractions of a few texts."""
    found = extractor(run.texts, LOW, max_triples=30)
    assert all(len(extraction.triples) == 30 for extraction in found)
    return found


def test_it_is_evaluated_and_reported(run):
    assert "precision" in gplinker("evaluate", run.folder, "--data", run.beside / "annotated.json")
    assert "| epoch" in gplinker("report", run.folder)


def test_it_extracts(run, found):
    output = run.beside / "triples.jsonl"
    limits = ("--threshold", LOW, "--max-triples", 30)
    gplinker("extract", run.folder, run.beside / "few.txt", *limits, "--output", output)
    for line, extraction in zip(output.read_text("utf-8").splitlines(), found, strict=True):
        triples = json.loads(line)["spo_list"]
        assert [(t["subject"], t["predicate"], t["object"]) for t in triples] == [
            triple.words for triple in extraction.triples
        ]


def test_every_export_finds_the_same(run, extractor, found):
    for runtime in ("onnx", "litert"):
        gplinker("export", run.folder, "--format", runtime)
        exported = RelationExtractor.load(run.folder, runtime=runtime)
        for one, other in zip(exported(run.texts, LOW, max_triples=30), found, strict=True):
            scores = ([triple.score for triple in each.triples] for each in (one, other))
            np.testing.assert_allclose(*scores, atol=1e-3)
    gplinker("export", run.folder, "--format", "savedmodel")
    saved = tf.saved_model.load(str(run.folder / "savedmodel" / "model")).signatures["extract"]
    ids = extractor.tokenizer.encode(run.texts[0]).token_ids[None].astype(np.int32)
    threshold = np.full(len(extractor.schema.predicates), LOW, np.float32)
    inputs = {"token_ids": ids, "segment_ids": 0 * ids, "threshold": threshold}
    limits = {"max_pairs": np.int32(100), "max_triples": np.int32(30)}
    got = saved(**tf.nest.map_structure(tf.constant, inputs | limits))
    want = extractor.predictor(*inputs.values(), *limits.values())
    np.testing.assert_allclose(np.sort(got["score"]), np.sort(want.score), atol=1e-4)


def test_it_is_drawn(run, extractor, found):
    triple = found[0].triples[0]
    words = triple.predicate, triple.subject.text, triple.object.text
    for picture in (show_triples(found[0]), show_scores(extractor, run.texts[0], *words)):
        assert picture.to_svg().startswith("<svg")
    assert "<svg" in explore(extractor, run.texts[0]).children[-1].value


def test_it_is_tuned_and_teaches(run, low_threshold):
    gplinker("tune", run.folder, "--data", run.beside / "annotated.json")
    assert (run.folder / THRESHOLDS).is_file()
    write_calibration(run.folder, Calibration(threshold=low_threshold))  # it has learned little
    student = run.beside / "student"
    options = ("--layers", 1, "--epochs", 1, "--batch-size", 8)
    places = ("--data", run.beside / "texts.txt", "--output", student)
    gplinker("distill", run.folder, *places, *options)
    assert RelationExtractor.load(student).encoder_config["num_hidden_layers"] == 1
