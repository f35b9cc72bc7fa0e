"""`gplinker extract` and `evaluate`: their inputs, and their output if something goes wrong."""

import json
import signal
import subprocess
import sys
from functools import partial

import pytest
from tqdm.auto import tqdm
from typer.testing import CliRunner

from gplinker_tf.cli.app import app
from gplinker_tf.data import OUTPUT_FORMATS, read_examples

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("loaded_once")]


def gplinker(*arguments, text=None):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=text)


def texts_of(output):
    return [json.loads(line)["text"] for line in output.splitlines()]


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "gplinker_tf", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell starts background processes with SIGINT ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def test_standard_input_may_stay_open_and_ctrl_c_leaves_what_is_written(run_folder):
    process = start("extract", run_folder)
    process.stdin.write("\ufeff北京\n上海\n".encode())
    process.stdin.flush()
    lines = [process.stdout.readline().decode() for _ in range(2)]
    assert texts_of("".join(lines)) == ["北京", "上海"]
    process.stdin.write("广州\n深".encode())
    process.stdin.flush()
    assert texts_of(process.stdout.readline().decode()) == ["广州"]
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    assert (process.returncode, rest) == (130, b"")
    assert b"Reading stdin as plain text" in errors and b"gplinker: interrupted" in errors
    assert b"Traceback" not in errors


def test_a_closed_pipe_is_no_traceback(run_folder, tmp_path):
    (tmp_path / "texts.txt").write_text("北京\n" * 2000, "utf-8")
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
    way = "Use --bad-lines FILE to set such items aside and process the others."
    assert result.stderr.endswith(f" {way}\nWritten before the error: {counted}.\n")


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
        (["-", "csv"], lines, "Reading stdin as CSV, delimiter ';'.\n"),
    ]
    scores = set()
    for (file, *format), text, described in cases:
        told = [f"--input-format={name}" for name in format]
        result = gplinker("extract", run_folder, file, *told, text=text)
        assert result.exit_code == 0 and described in result.stderr
        assert texts_of(result.stdout) == [example.text for example in examples]
        told = [f"--format={name}" for name in format]
        target = tmp_path / "predictions.json"
        result = gplinker(
            "evaluate", run_folder, "--data", file, *told, "--predictions", target, text=text
        )
        assert result.exit_code == 0 and described in result.stderr
        scores.add(result.stdout)
    assert len(scores) == 1
    assert gplinker("evaluate", run_folder, "--data", array, "--format", "text").exit_code == 2


def test_bad_items_are_set_aside(run_folder, tmp_path):
    bad, first, second = (tmp_path / name for name in ("bad.jsonl", "a.jsonl", "b.txt"))
    first.write_text('{"text": "a"}\n{"text": 7}\n{\n{"text": "b"}\n', "utf-8")
    second.write_bytes("c\n北\0\n北京\n".encode())
    result = gplinker("extract", run_folder, first, second, "--bad-lines", bad)
    assert result.exit_code == 0, result.stderr
    assert texts_of(result.stdout) == ["a", "b", "c", "北京"]
    assert result.stderr.endswith(f"3 items set aside, with their errors in {bad}.\n")
    rows = [json.loads(line) for line in bad.read_text("utf-8").splitlines()]
    assert [(row["path"], row["line"]) for row in rows] == [
        *((str(first), 2), (str(first), 3), (str(second), 2)),
    ]
    for row in rows:
        assert row["error"].startswith(f"{row['path']}:{row['line']}: expected ")


def test_nothing_that_is_read_or_known_is_written_over(run_folder, tmp_path):
    texts, known = tmp_path / "a.txt", tmp_path / "known"
    texts.write_text("北京\n", "utf-8")
    known.write_text("mine\n", "utf-8")
    call = ["extract", run_folder, texts]
    for option in ("--output", "--bad-lines"):
        result = gplinker(*call, option, texts, "--overwrite")
        assert result.exit_code == 2 and f"Received: {texts} for both." in result.stderr
        result = gplinker(*call, option, known)
        assert result.exit_code == 2 and f"{known}, which is not empty." in result.stderr
    assert texts.read_text("utf-8") == "北京\n" and known.read_text("utf-8") == "mine\n"


@pytest.mark.filterwarnings("ignore:The model finds")
def test_one_format_or_another_to_a_file_or_a_folder(run_folder, low_threshold, sample, tmp_path):
    call = ["extract", run_folder, sample / "dev_data.json", f"--threshold={low_threshold}"]
    outputs = {name: tmp_path / name for name in OUTPUT_FORMATS}
    for name, output in outputs.items():
        result = gplinker(*call, "--format", name, "--output", output)
        assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    lines = read_examples(outputs["jsonl"])
    [task, *_] = json.loads(outputs["label-studio"].read_text("utf-8"))
    assert task["predictions"][0]["model_version"] == run_folder.name
    assert len(outputs["doccano"].read_text("utf-8").splitlines()) == len(lines)
    rows = read_examples(outputs["csv"])
    assert {e.text: {t.words for t in e.triples} for e in rows} == {
        example.text: {triple.words for triple in example.triples} for example in lines
    }
    assert "http://example.org/relation/" in outputs["ntriples"].read_text("utf-8")
    assert len(list(outputs["neo4j-csv"].iterdir())) == 2


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_a_complete_output_is_no_error(run_folder, tmp_path, name):
    texts, output = tmp_path / "texts.txt", tmp_path / "found"
    texts.write_text("北京\n上海", "utf-8")
    call = ["extract", run_folder, texts, "--output", output, "--format", name, "--resume"]
    results = [gplinker(*call)]
    content = output.read_bytes()
    results.append(gplinker(*call))
    assert [result.exit_code for result in results] == [0, 0] and output.read_bytes() == content
    told = [f"{output} is complete: " in result.stderr for result in results]
    assert told == [False, True]


def test_progress_knows_the_end_of_plain_files(run_folder, tmp_path, monkeypatch):
    # With a run that is loaded already, extraction ends before the bar is redrawn.
    monkeypatch.setattr("gplinker_tf.cli.extract.tqdm", partial(tqdm, mininterval=0))
    first, second = tmp_path / "a.txt", tmp_path / "b.jsonl"
    first.write_text("北京\n上海", "utf-8")
    second.write_text('{"text": "广州"}\n', "utf-8")
    said = gplinker("extract", run_folder, first, second).stderr
    assert "3/3" in said and said.count("--input-format overrides") == 2
    assert "extract: 2 texts" in gplinker("extract", run_folder, text="a\nb\n").stderr


def test_a_missing_file_is_said_before_anything_else(tmp_path):
    for command in (["extract", tmp_path, "no.txt"], ["evaluate", tmp_path, "--data", "no.txt"]):
        result = gplinker(*command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == "gplinker: No such file: no.txt. Check the path.\n"
