"""The command line, called as a user calls it."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from gplinker_tf.cli.app import app

pytestmark = pytest.mark.slow

COMMANDS = (
    "audit",
    "train",
    "evaluate",
    "report",
    "extract",
    "demo",
    "split",
    "import",
    "formats",
    "migrate",
    "convert",
)


def gplinker(*arguments, text=None, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "gplinker_tf", *map(str, arguments)],
        input=text,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
    )


def in_this_process(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_help_teaches_and_is_quick_to_load():
    code = "import sys, gplinker_tf.cli.app; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
    overview = gplinker("--help").stdout
    for command in COMMANDS:
        assert command in overview
        text = in_this_process(command, "--help").stdout
        assert "Example: gplinker" in text or command == "demo"


def test_extract_and_evaluate_read_each_other(run_folder, sample, low_threshold, tmp_path):
    texts = [
        json.loads(line)["text"]
        for line in (sample / "dev_data.json").read_text("utf-8").splitlines()[:6]
    ]
    low = f"--threshold={low_threshold}"
    lines = [texts[0], '{a line of "text"', "", *texts[1:]]
    result = gplinker("extract", run_folder, "-", low, text="\n".join(lines) + "\n")
    assert result.returncode == 0, result.stderr
    assert "Reading stdin as plain text, one text per line (by its first line;" in result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["text"] for row in rows] == lines
    assert sum(len(row["spo_list"]) for row in rows) > 5
    for row in rows:
        for spo in row["spo_list"]:
            start, end = spo["subject_span"]
            assert row["text"][start:end] == spo["subject"]
            assert {
                *("subject", "predicate", "object", "subject_span", "object_span", "score")
            } <= set(spo)

    found, predictions = tmp_path / "found.jsonl", tmp_path / "pred.json"
    found.write_text(result.stdout, "utf-8")
    arguments = ["--data", found, low, "--predictions", predictions]
    result = in_this_process("evaluate", run_folder, *arguments, "--precision", "float32", "--jit")
    assert result.exit_code == 0, result.stderr
    last = result.stdout.splitlines()[-2].split()
    assert last[0] == "all" and set(last[1:7]) == {"1.0000"}
    decoder, text, written = json.JSONDecoder(), predictions.read_text("utf-8"), []
    while text.strip():
        row, end = decoder.raw_decode(text.lstrip())
        written.append(row)
        text = text.lstrip()[end:]
    assert [row["text"] for row in written] == [row["text"] for row in rows]
    assert set(written[0]) == {"text", "spo_list", "spo_list_pred", "new", "lack", "places"}
    assert all(row["new"] == row["lack"] == [] for row in written)


@pytest.fixture
def data(sample, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("train_data.json", "dev_data.json", "all_50_schemas"):
        (folder / name).write_bytes((sample / name).read_bytes())
    return folder


def test_bad_input_exits_with_2_and_says_where(run_folder, data, sample, tmp_path):
    (data / "train_data.json").write_text('{"text": "北京"}\n', "utf-8")
    output = tmp_path / "run"
    cases = {
        ("train", "--data", data, "--encoder", sample, "--output", output): (
            "Expected a checkpoint"
        ),
        ("train", "--data", tmp_path / "no", "--encoder", sample, "--output", output): (
            "No such folder"
        ),
        ("evaluate", run_folder, "--data", data / "train_data.json"): "train_data.json:1: ",
        ("evaluate", tmp_path / "no", "--data", data / "dev_data.json"): "is not a folder",
        ("extract", run_folder, tmp_path / "no.txt"): "No such file",
        ("train", "--pointer", "fast"): "Usage",
    }
    for arguments, message in cases.items():
        result = in_this_process(*arguments)
        assert result.exit_code == 2, result.stderr
        assert message in result.stderr
    assert not output.exists()
    arguments, message = next(iter(cases.items()))
    result = gplinker(*arguments)
    assert result.returncode == 2 and message in result.stderr
    assert "Traceback" not in result.stderr
