"""`gplinker audit`, and what `train` reports about the labels."""

import json
import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from gplinker_tf.cli.app import app

pytestmark = pytest.mark.slow


def gplinker(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


def line(text, *triples):
    rows = [{"subject": s, "predicate": p, "object": o} for s, p, o in triples]
    return json.dumps({"text": text, "spo_list": rows}, ensure_ascii=False) + "\n"


@pytest.fixture
def data(sample, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    film = ("电影", "主演", "韩知秋")
    train = line("电影由韩知秋导演", film, film) + "\n" + line("月台由韩知秋导演", film)
    (folder / "train_data.json").write_text(train * 2, "utf-8")
    (folder / "dev_data.json").write_text(
        line("NOZEN由韩知秋", ("nozen", "导演", "韩知秋")), "utf-8"
    )
    shutil.copy(sample / "all_50_schemas", folder)
    return folder


@pytest.fixture
def vocabulary_only(sample, tmp_path):
    folder = tmp_path / "encoder"
    folder.mkdir()
    shutil.copy(sample / "vocab.txt", folder)
    return folder


def test_it_audits_both_files_and_shows_their_lines(data, vocabulary_only):
    result = gplinker("audit", "--data", data, "--encoder", vocabulary_only, "--examples", 1)
    assert result.exit_code == 0, result.stderr
    report = result.stdout.splitlines()
    assert "audit: " in result.stderr and "/4" in result.stderr
    train, dev = data / "train_data.json", data / "dev_data.json"
    assert report.index(f"**{train}**") < report.index(f"**{dev}**")
    assert "- 4 distinct triples, 2 duplicates; 2 can be learned." in report
    assert "- Best possible recall: **100.00%** by tokenized match, 0.00% by exact match." in report
    examples = [row for row in report if row.startswith("- `")]
    assert examples == [
        f"- `{train}:1` `(电影, 主演, 韩知秋): 电影`",
        f"- `{train}:3` `(电影, 主演, 韩知秋): 电影`",
        f"- `{dev}:1` `(nozen, 导演, 韩知秋): nozen -> NOZEN`",
    ]


def test_it_is_the_audit_of_the_model_that_is_named(data, vocabulary_only):
    nested = line("电影由韩知秋导演", ("电影", "导演", "韩知秋"), ("电影由", "导演", "韩知秋"))
    (data / "dev_data.json").write_text(nested, "utf-8")
    command = ("audit", "--data", data, "--encoder", vocabulary_only, "--model")
    dev = {}
    for model in ("gplinker", "casrel"):
        result = gplinker(*command, model)
        assert result.exit_code == 0, result.stderr
        assert f"that of a {model} that makes no mistakes" in result.stdout
        dev[model] = result.stdout[: result.stdout.index("## Tables")].split("dev_data.json**")[1]
    assert "recall: **100.00%**" in dev["gplinker"] and "Lost" not in dev["gplinker"]
    assert "recall: **50.00%**" in dev["casrel"]
    assert "- Lost to another triple: 1 triple." in dev["casrel"]
    result = gplinker(*command, "bert")
    assert result.exit_code == 2 and "tplinker-plus" in result.stderr


def test_offsets_that_read_as_another_word_end_the_run(data, vocabulary_only):
    row = {"subject": "电影", "predicate": "主演", "object": "韩知秋", "object_span": [4, 7]}
    text = json.dumps({"text": "电影由韩知秋导演", "spo_list": [row]})
    (data / "dev_data.json").write_text(text, "utf-8")
    result = gplinker("audit", "--data", data, "--encoder", vocabulary_only)
    assert result.exit_code == 2 and result.stdout == ""
    assert "dev_data.json:1: under 'object_span' expected offsets of '韩知秋'" in result.stderr
    assert "Received: [4, 7], which reads '知秋导'. " in result.stderr
    assert "The word is at [3, 6]." in result.stderr


def test_the_predicates_may_come_from_the_texts(data, vocabulary_only):
    (data / "all_50_schemas").unlink()
    command = ("audit", "--data", data, "--encoder", vocabulary_only)
    result = gplinker(*command)
    assert result.exit_code == 2 and "--schema-from-data" in result.stderr
    result = gplinker(*command, "--schema-from-data")
    assert result.exit_code == 0, result.stderr
    assert "2 can be learned" in result.stdout and "导演" in result.stdout


def test_it_writes_a_file_and_starts_without_tensorflow(data, sample, tmp_path):
    output = tmp_path / "audit.md"
    arguments = ["audit", "--data", data, "--encoder", sample, "--output", output]
    code = (
        "import sys; from gplinker_tf.cli.app import app\n"
        "app(sys.argv[1:], standalone_mode=False)\n"
        "sys.exit('tensorflow' in sys.modules)"
    )
    command = [sys.executable, "-c", code, *map(str, arguments), "--max-length", "8"]
    result = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert result.returncode == 0, result.stderr
    assert f"Written to {output}" in result.stderr and result.stdout == ""
    text = output.read_text("utf-8")
    assert text.startswith("# Label audit") and "more than 8 tokens" in text


def test_bad_input_exits_with_2_and_says_what(data, vocabulary_only, tmp_path):
    both = ("audit", "--data", data, "--encoder", vocabulary_only)
    (tmp_path / "empty").mkdir()
    cases = {
        (*both, "--max-length", 3): "Received: max_length=3",
        (*both, "--output", tmp_path / "no" / "audit.md"): "Expected a file in a folder",
        ("audit", "--data", data, "--encoder", tmp_path / "no"): "Expected an encoder folder",
        ("audit", "--data", data, "--encoder", tmp_path / "empty"): "Expected a vocabulary",
        ("audit", "--data", tmp_path / "empty", "--encoder", vocabulary_only): (
            "Expected train_data.json"
        ),
    }
    (tmp_path / "bad").mkdir()
    shutil.copytree(data, tmp_path / "bad", dirs_exist_ok=True)
    (tmp_path / "bad" / "dev_data.json").write_text('{"text": "电影"}\n', "utf-8")
    cases["audit", "--data", tmp_path / "bad", "--encoder", vocabulary_only] = "dev_data.json:1: "
    for arguments, message in cases.items():
        result = gplinker(*arguments)
        assert result.exit_code == 2, result.stderr
        assert message in result.stderr and "Traceback" not in result.stderr
        assert result.stdout == ""


def test_train_says_at_its_start_what_cannot_be_learned(data, sample, tmp_path):
    from gplinker_tf.data import DataFolder
    from gplinker_tf.encoders import EncoderFolder
    from gplinker_tf.training import TrainingOptions, train

    encoder = EncoderFolder.open(sample, weights_required=False)
    options = TrainingOptions(epochs=1, batch_size=4, averaging=None)
    starts = []
    for number in range(2):  # computed, then from the cache
        reported = []
        train(
            *(DataFolder.open(data), encoder, tmp_path / f"run{number}", options),
            progress=False,
            report=reported.append,
            cache=tmp_path / "cache",
            dry_run=True,
        )
        starts.append(reported)
    assert starts[0] == starts[1]
    assert (
        "2 of 6 training triples can't be learned: 2 not in the text; with perfect scores, "
        "gplinker would find 100.00% of the dev triples (0.00% exact). gplinker audit --model "
        "gplinker shows which."
    ) in starts[0]


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"model": "gplinker"}, "100.00% of the dev triples (100.00% exact)."),
        ({"model": "casrel"}, "50.00% of the dev triples (50.00% exact)."),
        (
            {"with_tail": False},
            "100.00% of the dev triples (100.00% exact) and 2 beyond the annotated ones, for an F1 "
            "of 66.67%.",
        ),
    ],
)
def test_train_says_what_its_own_model_can_find(settings, found, data, sample, tmp_path):
    from gplinker_tf.data import DataFolder
    from gplinker_tf.encoders import EncoderFolder
    from gplinker_tf.training import TrainingOptions, train

    nested = line("电影由韩知秋导演", ("电影", "导演", "韩知秋"), ("电影由", "导演", "韩知"))
    (data / "dev_data.json").write_text(nested, "utf-8")
    reported = []
    train(
        DataFolder.open(data),
        EncoderFolder.open(sample, weights_required=False),
        tmp_path / "run",
        TrainingOptions.of({"batch_size": 4, "averaging": None, **settings}),
        progress=False,
        report=reported.append,
        dry_run=True,
    )
    model = settings.get("model", "gplinker")
    [said] = [sentence for sentence in reported if "perfect scores" in sentence]
    assert f"with perfect scores, {model} would find {found}" in said
    assert said.endswith(f"gplinker audit --model {model} shows which.")
