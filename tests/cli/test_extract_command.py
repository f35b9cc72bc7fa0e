"""`gplinker extract` and `evaluate`: what they read, what is out when something goes wrong."""

import json
import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from gplinker_tf.cli.app import app
from gplinker_tf.data import read_examples

pytestmark = pytest.mark.slow

#: Two texts at a time, so that the first are out while standard input is open.
SMALL_WINDOWS = (
    "import gplinker_tf.extraction.extractor as e, gplinker_tf.cli.app as a; e.WINDOW = 2; a.main()"
)


def gplinker(*arguments, text=None):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=text)


def texts_of(output):
    return [json.loads(line)["text"] for line in output.splitlines()]


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-c", SMALL_WINDOWS, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell starts what runs in its background with SIGINT ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def test_standard_input_may_stay_open_and_ctrl_c_leaves_what_is_written(run_folder):
    process = start("extract", run_folder)
    process.stdin.write("\ufeff北京\n上海\n".encode())
    process.stdin.flush()
    lines = [process.stdout.readline().decode() for _ in range(2)]
    assert texts_of("".join(lines)) == ["北京", "上海"]
    process.stdin.write("广州\n".encode())
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    assert (process.returncode, rest) == (130, b"")
    assert b"Reading stdin as plain text" in errors and b"gplinker: interrupted" in errors
    assert b"Traceback" not in errors


def test_a_closed_pipe_is_no_traceback(run_folder, tmp_path):
    (tmp_path / "texts.txt").write_text("北京\n" * 50, "utf-8")
    process = start("extract", run_folder, tmp_path / "texts.txt")
    assert texts_of(process.stdout.readline().decode()) == ["北京"]
    process.stdout.close()
    errors = process.stderr.read()
    process.stdin.close()
    assert process.wait(60) == 1
    assert b"Reading" in errors and b"Error" not in errors and b"Exception" not in errors


@pytest.mark.parametrize(
    ("name", "lines", "message"),
    [
        ("a.txt", ["北京".encode(), b"", b"nul\0", b"c"], "a NUL byte, character 4"),
        ("a.jsonl", [b'{"text": "a"}', b"", b'{"text":', b"{}"], "expected a JSON object"),
        (None, [b'{"text": "a"}', b'{"text": "b"}', b"{"], "expected a JSON object"),
    ],
)
def test_a_bad_line_ends_it_after_the_texts_before(run_folder, tmp_path, name, lines, message):
    content, path = b"\n".join(lines), tmp_path / (name or "-")
    if name is None:
        result = gplinker("extract", run_folder, text=content)
    else:
        path.write_bytes(content)
        result = gplinker("extract", run_folder, path)
    assert result.exit_code == 2
    before = {"a.txt": ["北京", ""], None: ["a", "b"]}.get(name, ["a"])
    assert texts_of(result.stdout) == before
    where = "stdin" if name is None else path
    assert f"gplinker: {where}:3: " in result.stderr and message in result.stderr
    counted = "2 texts" if len(before) == 2 else "1 text"
    assert result.stderr.endswith(f"\nWritten before it: {counted}.\n")


def test_what_evaluate_reads_extract_reads(run_folder, sample, tmp_path):
    examples = read_examples(sample / "dev_data.json", limit=3)
    rows = (sample / "dev_data.json").read_text("utf-8").splitlines()[:3]
    array = tmp_path / "texts.txt"
    array.write_text(f"[{','.join(rows)}]", "utf-8")
    table = ["text;subject;predicate;object"]
    table += [";".join([e.text, *triple.words]) for e in examples for triple in e.triples]
    lines = "\n".join(table)
    cases = [
        ([array], None, f"Reading {array} as a JSON array (by its first line;"),
        (["-", "--format", "csv"], lines, "Reading stdin as CSV, delimiter ';'.\n"),
    ]
    scores = set()
    for (file, *told), text, described in cases:
        result = gplinker("extract", run_folder, file, *told, text=text)
        assert result.exit_code == 0 and described in result.stderr
        assert texts_of(result.stdout) == [example.text for example in examples]
        target = tmp_path / "predictions.json"
        result = gplinker(
            "evaluate", run_folder, "--data", file, *told, "--predictions", target, text=text
        )
        assert result.exit_code == 0 and described in result.stderr
        scores.add(result.stdout)
    assert len(scores) == 1
    assert gplinker("evaluate", run_folder, "--data", array, "--format", "text").exit_code == 2


def test_a_missing_file_is_said_before_anything_else(tmp_path):
    for command in (["extract", tmp_path, "no.txt"], ["evaluate", tmp_path, "--data", "no.txt"]):
        result = gplinker(*command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == "gplinker: No such file: no.txt. Check the path.\n"
