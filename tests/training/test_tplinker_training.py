"""TPLinker runs: training, resuming, evaluation, extraction and report."""

import json
from inspect import signature

import pytest
from reference import in_one_generation
from test_resume import assert_same_results, newest_step
from test_trainer import RUN_FILES, run
from typer.testing import CliRunner

from gplinker_tf import InputError, RelationExtractor
from gplinker_tf.cli.app import app
from gplinker_tf.data import DataFolder, read_examples, read_schema
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.models import MODELS
from gplinker_tf.option import options_of
from gplinker_tf.training import TrainingOptions
from gplinker_tf.training.memory import estimate
from gplinker_tf.training.preparation import new_extractor

pytestmark = [pytest.mark.slow, in_one_generation]

OPTIONS = {
    "epochs": 2,
    "batch_size": 4,
    "learning_rate": 3e-3,
    "averaging": 0.9,
    "recipe": "blog",
    "limit": 24,
    "dev_limit": 3,
    "encoder_layers": 1,
    "heads_rate": 2.0,
    "seed": 3,
}
PARTS = {"tplinker": ["entity", "head", "tail"], "tplinker-plus": ["tags"]}


@pytest.fixture(scope="module", params=PARTS)
def whole(request, sample, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param) / "run"
    run(sample, folder, TrainingOptions(model=request.param, **OPTIONS))
    return request.param, folder


def test_the_run_folder_is_any_runs(whole):
    kind, folder = whole
    assert {path.name for path in folder.iterdir()} == RUN_FILES
    assert json.loads((folder / "config.json").read_text("utf-8"))["model"] == kind
    records = [json.loads(line) for line in (folder / "history.jsonl").open()]
    names = [f"{part}_loss" for part in PARTS[kind]]
    assert [name for name in records[0] if name.endswith("loss")] == ["loss", *names]
    assert records[1]["loss"] < records[0]["loss"]
    parts = sum(records[0][name] for name in names)
    assert records[0]["loss"] == pytest.approx(parts, rel=1e-4)


# A checkpoint has the same contents for both.
@pytest.mark.parametrize("whole", ["tplinker"], indirect=True)
def test_a_resumed_run_has_the_same_bits(whole, sample, tmp_path, monkeypatch):
    kind, folder = whole
    ends = []

    def interrupt(self, batch, logs=None):
        ends.append(batch)
        if len(ends) == 9:
            raise KeyboardInterrupt

    options = TrainingOptions(model=kind, **OPTIONS)
    with monkeypatch.context() as patched:
        patched.setattr("gplinker_tf.training.TerminateOnNonFinite.on_train_batch_end", interrupt)
        assert run(sample, tmp_path / "run", options).interrupted
    assert newest_step(tmp_path / "run") == 9
    run(sample, tmp_path / "run", options, resume=True)
    assert_same_results(tmp_path / "run", folder)


def test_the_folder_loads_and_finds(whole, sample):
    kind, folder = whole
    extractor = RelationExtractor.load(folder)
    assert type(extractor.model) is MODELS[kind].model_class
    texts = [example.text for example in read_examples(sample / "dev_data.json", limit=2)]
    found = extractor(texts, threshold=-9.0, max_pairs=50)
    assert all(extraction.capped and len(extraction.triples) > 20 for extraction in found)
    for extraction in found:
        for triple in extraction.triples:
            span = triple.object
            assert extraction.text[span.start : span.end] == span.text != ""
            assert triple.score > 4 * -9.0


def test_evaluate_extract_and_report(whole, sample, tmp_path):
    kind, folder = whole
    (tmp_path / "texts.txt").write_text("电影《候鸟的月台》由韩知秋自导自演。\n", "utf-8")
    data = str(sample / "dev_data.json")
    outputs = []
    for command in (
        ["evaluate", str(folder), "--data", data, "--limit", "2"],
        ["extract", str(folder), str(tmp_path / "texts.txt")],
        ["report", str(folder)],
    ):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output
        outputs.append(result.output)
    titles = next(line for line in outputs[2].splitlines() if line.startswith("| epoch"))
    assert titles.replace("|", "").split() == ["epoch", "loss", *PARTS[kind], "F1"]


def test_the_options_of_a_model_are_arguments_of_its_class():
    for kind in MODELS.values():
        assert kind.model_class.settings == tuple(options_of(kind.options))
        assert set(kind.model_class.settings) <= set(signature(kind.model_class).parameters)


def test_the_estimate_of_memory_counts_the_pairs(sample):
    folder = EncoderFolder.open(sample, weights_required=False)
    schema = read_schema(DataFolder.open(sample).schema)
    activations = {}
    for kind in ("gplinker", *PARTS):
        sizes = {"encoder_layers": 1, "batch_size": 2, "max_length": 64}
        options = TrainingOptions(model=kind, recipe="blog", **sizes)
        activations[kind] = estimate(new_extractor(folder, schema, options), options)[1]
    hidden = json.loads((sample / "bert_config.json").read_text("utf-8"))["hidden_size"]
    for kind in PARTS:
        assert activations[kind] - activations["gplinker"] > 4 * 2 * 3 * (64 * 65 // 2) * hidden


@pytest.mark.parametrize("kind", PARTS)
def test_pointer_options_do_not_go_with_it(kind):
    with pytest.raises(InputError, match=f"no head_size: model='{kind}' has no such.*head_size=32"):
        TrainingOptions.of({"model": kind, "head_size": 32})
