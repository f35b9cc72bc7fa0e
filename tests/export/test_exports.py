"""Exports find what their run finds, even without TensorFlow; damaged ones are refused."""

import copy
import json
import pickle
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import chain
from pathlib import Path

import numpy as np
import onnx
import pytest

from gplinker_tf import InputError, RelationExtractor
from gplinker_tf.backend import tf
from gplinker_tf.calibration import Calibration, write_calibration
from gplinker_tf.data import read_examples
from gplinker_tf.export import FORMATS, export, onnx_graph
from gplinker_tf.extraction import ExportManifest
from gplinker_tf.extraction.export_manifest import MANIFEST
from gplinker_tf.extraction.exported import PREDICTORS
from gplinker_tf.runs import read_predictions
from gplinker_tf.service import ServedRun


@pytest.fixture(scope="module")
def run(run_folder, tmp_path_factory):
    """A separate copy of the run, because exports are written into it."""
    folder = tmp_path_factory.mktemp("exported") / "run"
    shutil.copytree(run_folder, folder)
    return folder


@pytest.fixture(scope="module", autouse=True)
def converted_once():
    """Convert the only model here once, because that takes longer than everything else."""
    graphs = []

    def graph_of(model):
        graphs[:] = graphs or [onnx_graph(model)]
        return copy.deepcopy(graphs[0])

    with pytest.MonkeyPatch.context() as patch:
        # The attribute of this name in the package is the function, not the module.
        patch.setattr(import_module("gplinker_tf.export.onnx_graph"), "onnx_graph", graph_of)
        yield


def export_of(run, format):
    """Return the run's export in a format, which is made on first use."""
    return run / format if (run / format).exists() else export(run, format=format)


@pytest.fixture(scope="module", params=PREDICTORS)
def runtime(request):
    pytest.importorskip(PREDICTORS[request.param].module)
    return request.param


@pytest.fixture(scope="module")
def exported(run, runtime):
    return export_of(run, runtime)


@pytest.fixture(scope="module")
def texts(sample):
    texts = [example.text for example in read_examples(sample / "dev_data.json", limit=6)]
    return [*texts, "。".join(texts * 9), ""]  # one long text


def words(extractions):
    return [
        [(triple.subject, triple.predicate, triple.object) for triple in extraction.triples]
        for extraction in extractions
    ]


def distinct_words(found):
    return found.text, {triple.words for triple in found.triples}


#: A program that runs commands as if TensorFlow were not installed.
WITHOUT_TENSORFLOW = """
import json, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("tensorflow", "keras", "tf_keras", "onnx", "tf2onnx"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())

from gplinker_tf.cli.app import app

for command in json.loads(sys.argv[1]):
    app(command, standalone_mode=False)
"""


@pytest.mark.slow
def test_commands_without_tensorflow_find_the_same(
    run, exported, runtime, texts, low_threshold, tmp_path
):
    source, output = tmp_path / "texts.jsonl", tmp_path / "triples.jsonl"
    lines = [{"text": text, "spo_list": []} for text in texts]
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    options = ["--threshold", str(low_threshold), "--runtime", runtime]
    evaluated = tmp_path / "predictions.json"
    commands = [
        ["extract", str(run), str(source), *options, "--output", str(output)],
        ["evaluate", str(run), "--data", str(source), *options, "--predictions", str(evaluated)],
    ]
    code = [sys.executable, "-c", WITHOUT_TENSORFLOW, json.dumps(commands)]
    subprocess.run(code, check=True)
    want = RelationExtractor.load(run)(texts, low_threshold)
    assert sum(len(extraction.triples) for extraction in want) > 40
    for found in (read_examples(output), read_predictions(evaluated)[1]):
        assert [*map(distinct_words, found)] == [*map(distinct_words, want)]


@pytest.mark.slow
def test_an_exported_extractor_is_one(exported, runtime, run, texts, low_threshold):
    extractor = RelationExtractor.load(exported, runtime=runtime)
    want = RelationExtractor.load(run)(texts, low_threshold, max_triples=20)
    assert words(pickle.loads(pickle.dumps(extractor))(texts, low_threshold, max_triples=20)) == (
        words(want)
    )
    assert words(extractor(texts, 1000.0)) == [[]] * len(texts)  # no candidates in any batch
    assert "Predictor(gplinker, float32)" in repr(extractor)
    with pytest.raises(ValueError, match="runtime='keras'"):
        extractor.save(exported.parent / "copy")
    with pytest.raises(InputError, match=r"an export of one\. Load it with the runtime"):
        RelationExtractor.load(exported)


@pytest.mark.filterwarnings("ignore:The model finds")
def test_an_export_is_served(exported, runtime, texts, low_threshold):
    run = ServedRun.from_folder("run", exported, runtime=runtime)
    found = RelationExtractor.load(exported, runtime=runtime)(texts, low_threshold)
    assert words(run.extract(texts, low_threshold, 32)) == words(found)
    assert run.facts["model"] == "gplinker"


def test_threads_get_their_own_triples(exported, runtime, texts, low_threshold):
    extractor = RelationExtractor.load(exported, runtime=runtime)
    want = words(extractor(texts, low_threshold, batch_size=1))

    def found(place):
        return words([extractor(texts[place], low_threshold)])[0]

    places = [*range(len(texts))] * 4
    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(found, places)] == [want[place] for place in places]


def test_a_normalization_is_one_node(run):
    """ONNX Runtime has an operation for it; TensorFlow composes it of several."""
    graph = onnx.load(export_of(run, "onnx") / "model.onnx").graph
    operations = {node.op_type for node in graph.node}
    assert "LayerNormalization" in operations and "Reciprocal" not in operations


@pytest.mark.slow
def test_smaller_weights(run, tmp_path, texts, low_threshold):
    extractor = RelationExtractor.load(run)
    want = set(chain.from_iterable(words(extractor(texts, low_threshold))))
    sizes = {}
    for precision in ("float32", "float16", "int8"):
        folder = export(extractor, tmp_path / precision, precision=precision)
        sizes[precision] = (folder / "model.onnx").stat().st_size
        smaller = RelationExtractor.load(folder, runtime="onnx")
        found = set(chain.from_iterable(words(smaller(texts, low_threshold))))
        assert len(found & want) > 0.8 * len(found | want), precision
    fitted = export(extractor, tmp_path / "fitted", precision="int8", texts=texts)
    loaded = RelationExtractor.load(fitted, runtime="onnx")
    found = set(chain.from_iterable(words(loaded(texts, low_threshold))))
    assert len(found & want) > 0.8 * len(found | want)
    assert (fitted / "model.onnx").read_bytes() != (tmp_path / "int8" / "model.onnx").read_bytes()
    assert sizes["float16"] < 0.7 * sizes["float32"]
    assert sizes["int8"] < 0.6 * sizes["float32"]


@pytest.mark.slow
def test_a_saved_model_needs_only_tensorflow(run, tmp_path):
    folder = export(run, tmp_path / "saved", "savedmodel")
    extract = tf.saved_model.load(str(folder / "model")).signatures["extract"]
    extractor = RelationExtractor.load(run)
    ids = np.array([extractor.tokenizer.encode_batch(["《喜剧之王》由周星驰主演"])[0].token_ids])
    predicates = len(extractor.schema.predicates)
    limits = {"max_pairs": tf.constant(100), "max_triples": tf.constant(50)}
    found = extract(
        token_ids=tf.constant(ids, tf.int32),
        segment_ids=tf.zeros_like(tf.constant(ids, tf.int32)),
        threshold=tf.fill([predicates], -20.0),
        **limits,
    )
    want = extractor.predictor(ids.astype(np.int32), np.zeros_like(ids, np.int32), -20.0, 100, 50)
    np.testing.assert_array_equal(found["predicate"], want.predicate)


@pytest.mark.slow
def test_the_document_runs(run):
    pytest.importorskip("ai_edge_litert")
    for format in FORMATS:
        export_of(run, format)
    text = (Path(__file__).parents[2] / "docs" / "export.md").read_text("utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    subprocess.run([sys.executable, "-c", code], cwd=run.parent, check=True)


def change(folder, name, edit):
    path = folder / name
    path.write_bytes(edit(path.read_bytes()))


@pytest.mark.parametrize(
    ("name", "edit", "message"),
    [
        ("GRAPH", lambda content: content[:-9], "model.*a different checksum"),
        ("vocab.txt", lambda content: content + b"word\n", "vocab.txt.*a different checksum"),
        (MANIFEST, lambda content: content[:-9], "changed or truncated"),
        (MANIFEST, lambda content: content.replace(b'"float32"', b'"int8"'), "changed or trunc"),
        (MANIFEST, lambda content: b"[]", "changed or truncated"),
    ],
)
def test_a_damaged_export_is_refused(exported, runtime, tmp_path, name, edit, message):
    folder = tmp_path / "damaged"
    shutil.copytree(exported, folder)
    change(folder, PREDICTORS[runtime].graph if name == "GRAPH" else name, edit)
    with pytest.raises(InputError, match=message):
        RelationExtractor.load(folder, runtime=runtime)


def test_a_graph_that_the_library_refuses(exported, runtime, tmp_path):
    """This stands for a graph that needs a newer version of the library."""
    folder = tmp_path / "refused"
    shutil.copytree(exported, folder)
    change(folder, PREDICTORS[runtime].graph, lambda content: content[:-9])
    ExportManifest.read(exported).with_files(folder).write(folder)
    with pytest.raises(InputError, match=rf"can run\. .* update {PREDICTORS[runtime].module}"):
        RelationExtractor.load(folder, runtime=runtime)


def test_foreign_exports_are_refused(exported, runtime, run, tmp_path, monkeypatch):
    folder = tmp_path / "foreign"
    shutil.copytree(run, folder)
    change(folder, "model.safetensors", lambda content: content + b" ")
    with pytest.raises(InputError, match=r"trained again.*--overwrite"):
        RelationExtractor.load(folder, runtime=runtime)
    shutil.rmtree(folder / runtime)
    with pytest.raises(InputError, match=f"gplinker export .* --format {runtime}"):
        RelationExtractor.load(folder, runtime=runtime)
    [other] = PREDICTORS.keys() - {runtime}
    with pytest.raises(InputError, match=f"to {other}. Received: one to {runtime}"):
        RelationExtractor.load(exported, runtime=other)
    with pytest.raises(InputError, match=f"no jit with the runtime {runtime}"):
        RelationExtractor.load(exported, runtime=runtime, jit=True)
    monkeypatch.setattr("gplinker_tf.extraction.export_manifest.LAYOUT", 2)
    with pytest.raises(InputError, match="layout 2"):
        RelationExtractor.load(exported, runtime=runtime)


def test_a_runtime_that_is_not_installed(exported, runtime, monkeypatch):
    monkeypatch.setattr("gplinker_tf.extras.is_there", lambda _: False)
    with pytest.raises(InputError, match=rf"pip install 'gplinker_tf\[{runtime}\]'"):
        RelationExtractor.load(exported, runtime=runtime)


def test_a_run_that_was_tuned_after_its_export(exported, runtime, run, tmp_path):
    folder = tmp_path / "tuned"
    shutil.copytree(run, folder)
    write_calibration(folder, Calibration(threshold=1.5))
    extractor = RelationExtractor.load(folder, runtime=runtime)
    assert extractor.calibration == RelationExtractor.load(folder).calibration
    assert extractor.calibration.threshold == 1.5


def test_only_an_export_is_replaced(run, tmp_path, monkeypatch):
    export_of(run, "onnx")
    for overwrite in (False, True):
        with pytest.raises(InputError, match="has files in it"):
            export(run, run, overwrite=overwrite)
    with pytest.raises(InputError, match="has files in it"):
        export(run)
    with pytest.raises(InputError, match="A savedmodel has no other"):
        export(run, tmp_path / "new", "savedmodel", "int8")
    with pytest.raises(InputError, match=r"texts only for format='onnx' with precision='int8'\."):
        export(run, tmp_path / "new", "litert", "int8", texts=["北京"])
    with pytest.raises(InputError, match="Received: none"):
        export(run, tmp_path / "new", precision="int8", texts=["", " "])
    assert not Path(tmp_path / "new").exists()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="the current folder"):
        export(run, ".")
