"""A CasRel run: training, evaluation, extraction and report; test_resume.py resumes one."""

import json

import pytest
from reference import in_one_generation
from test_trainer import RUN_FILES, run
from typer.testing import CliRunner

from gplinker_tf import InputError, RelationExtractor
from gplinker_tf.cli.app import app
from gplinker_tf.data import read_examples
from gplinker_tf.models import CasRel, GPLinker
from gplinker_tf.training import TrainingOptions

pytestmark = [pytest.mark.slow, in_one_generation]

OPTIONS = {
    "model": "casrel",
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


@pytest.fixture(scope="module")
def whole(sample, tmp_path_factory):
    folder = tmp_path_factory.mktemp("casrel") / "run"
    lines = []
    run(sample, folder, TrainingOptions.of(OPTIONS), report=lines.append)
    return folder, lines


def test_the_run_folder_is_any_runs(whole):
    folder, lines = whole
    assert {path.name for path in folder.iterdir()} == RUN_FILES
    assert json.loads((folder / "config.json").read_text("utf-8"))["model"] == "casrel"
    records = [json.loads(line) for line in (folder / "history.jsonl").open()]
    assert [name for name in records[0] if name.endswith("loss")] == [
        *("loss", "subject_loss", "object_loss")
    ]
    assert records[1]["loss"] < records[0]["loss"]
    parts = records[0]["subject_loss"] + records[0]["object_loss"]
    assert records[0]["loss"] == pytest.approx(parts, rel=1e-4)
    assert any("(subject 0." in line for line in lines)


def test_a_run_does_not_change_its_model(whole, sample):
    gplinker = {name: value for name, value in OPTIONS.items() if name != "model"}
    with pytest.raises(InputError, match=r"Expected model='casrel'.*model='gplinker'"):
        run(sample, whole[0], TrainingOptions(**gplinker), resume=True)


def test_the_folder_loads_and_finds(whole, sample):
    extractor = RelationExtractor.load(whole[0])
    assert isinstance(extractor.model, CasRel)
    texts = [example.text for example in read_examples(sample / "dev_data.json", limit=6)]
    found = extractor(texts, threshold=-6.0)
    assert sum(len(extraction.triples) for extraction in found) > 20
    for extraction in found:
        for triple in extraction.triples:
            span = triple.object
            assert extraction.text[span.start : span.end] == span.text != ""
            # 0.405 is the log-odds of 0.6, the threshold of the two starts.
            assert triple.score > 4 * -6.0 + 2 * 0.405
    few = extractor(texts, threshold=-6.0, max_pairs=1)
    assert all(len({(t.subject.start, t.subject.end) for t in e.triples}) <= 1 for e in few)
    assert any(e.capped for e in few)


def test_evaluate_extract_and_report(whole, sample, tmp_path):
    folder, _ = whole
    (tmp_path / "texts.txt").write_text("电影《候鸟的月台》由韩知秋自导自演。\n", "utf-8")
    data = str(sample / "dev_data.json")
    commands = [
        ["evaluate", str(folder), "--data", data, "--limit", "4", "--threshold", "-3"],
        ["extract", str(folder), str(tmp_path / "texts.txt")],
        ["report", str(folder)],
    ]
    outputs = []
    for command in commands:
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output
        outputs.append(result.output)
    assert "| subject | object |" in outputs[2]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pointer", "standard"),
        ("head_size", 32),
        ("entities", "mixed"),
        ("with_tail", False),
        ("loss_form", "multihot"),
    ],
)
def test_pointer_options_do_not_go_with_it(name, value):
    with pytest.raises(
        InputError, match=f"no {name}: model='casrel' has no such.*{name}={value!r}"
    ):
        TrainingOptions.of({"model": "casrel", name: value})


def test_old_run_folders_are_gplinkers(run_folder, tmp_path):
    config = json.loads((run_folder / "config.json").read_text("utf-8"))
    assert config.pop("model") == "gplinker"
    for path in run_folder.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    assert isinstance(RelationExtractor.load(tmp_path).model, GPLinker)
    (tmp_path / "config.json").write_text(json.dumps({**config, "model": "crf"}), "utf-8")
    with pytest.raises(InputError, match=r"one of gplinker, casrel, .*\. Received: model='crf'"):
        RelationExtractor.load(tmp_path)
