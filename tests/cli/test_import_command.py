"""`gplinker import` and `gplinker formats` as a user calls them."""

import json
import os
import pty
import subprocess
import sys

import pytest
from data.format_samples import ADA, write_sample
from test_cli import gplinker

from gplinker_tf.data import FORMATS, DataFolder, read_examples

ANNOTATED = [name for name in FORMATS if name != "text"]


def rows(count=10):
    relation = {"relation": "wrote", "h": {"name": "Ada", "pos": [0, 3], "type": "Person"}}
    return [
        {"text": f"Ada wrote Tin {n}", **relation, "t": {"name": f"Tin {n}", "pos": [10, 15]}}
        for n in range(count)
    ]


@pytest.mark.slow
def test_it_shows_what_it_understands_and_writes_a_data_folder(tmp_path):
    path, data = tmp_path / "export.json", tmp_path / "data"
    bad = rows(1)[0] | {"h": {"name": "Ada", "pos": [1, 3]}}
    path.write_text("\n".join(json.dumps(row) for row in [*rows(), bad]))
    result = gplinker("import", path, "--output", data, "--dev-share", "0.2")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        f"Reading {path} as OpenNRE's relations between h and t (by its first line; "
        "--format overrides).",
        "Texts: 10, the longest of 15 characters",
        "Triples: 10, of which 100% have offsets and 0% have types",
        "Predicates (1): wrote (10)",
        "Types (1): Person (10)",
        "  (Ada, wrote, Tin 0) in: Ada wrote Tin 0",
        "Set aside: 1 item that cannot be read",
        f"  {path}:11: expected offsets of 'Ada' in characters, end exclusive. Received: [1, 3], "
        "which reads 'da'. They count from 1: write [0, 3].",
        f"{data}/train.jsonl: 8 texts, 8 lines, 8 triples",
        f"{data}/dev.jsonl: 2 texts, 2 lines, 2 triples",
        f"{data}/schema.jsonl: 1 predicate",
    ]
    folder = DataFolder.open(data)
    assert folder.read_schema().rows == (("Person", "wrote", ""),)
    examples = [example for part in (folder.train, folder.dev) for example in read_examples(part)]
    assert sorted(examples, key=lambda e: e.text) == read_examples_of(path, rows())
    result = gplinker("import", path, "--output", data)
    assert result.returncode == 2 and "schema" in result.stderr
    assert gplinker("import", path, "--output", data, "--overwrite").returncode == 0


def read_examples_of(path, found):
    path.write_text(json.dumps(found))
    return read_examples(path)


@pytest.mark.parametrize("name", ANNOTATED)
def test_each_format_is_shown(tmp_path, name):
    """Not through the command, which reads all formats alike and would need a process for each."""
    from gplinker_tf.data import ImportedTexts

    lines = list(ImportedTexts.read(write_sample(tmp_path, name, bad=True)).summary())
    assert lines[1] == "Texts: 2, 1 without triples, the longest of 13 characters"
    assert f"  (Ada, wrote, Tin) in: {ADA}" in lines
    assert "Set aside: 1 item that cannot be read" in lines


def test_a_dry_run_writes_nothing(tmp_path):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(rows()))
    before = sorted(tmp_path.iterdir())
    result = gplinker("import", path, "--dry-run")
    assert result.returncode == 0 and "Triples: 10" in result.stdout
    assert sorted(tmp_path.iterdir()) == before
    result = gplinker("import", path)
    assert result.returncode == 2 and "--output" in result.stderr


@pytest.mark.parametrize(("answer", "written"), [(b"n\n", False), (b"\n", True)])
def test_a_terminal_is_asked(tmp_path, answer, written):
    path, data = tmp_path / "export.json", tmp_path / "data"
    path.write_text(json.dumps(rows()))
    ours, theirs = pty.openpty()
    os.write(ours, answer)
    command = [sys.executable, "-m", "gplinker_tf", "import", path, "--output", data]
    result = subprocess.run(command, stdin=theirs, capture_output=True, text=True)
    os.close(ours)
    os.close(theirs)
    assert f"Write to {data}?" in result.stdout and data.exists() == written
    assert result.returncode == (not written)


@pytest.mark.slow
def test_columns_have_any_name_and_separator(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes("人物1|人物2|如何|这是文本的\n艾达|书|写了|艾达写了书\n,,,\n".encode("gbk"))
    names = "text=这是文本的,subject=人物1,object=人物2,predicate=如何"
    result = gplinker("import", path, "--columns", names, "--dry-run")
    assert result.returncode == 0, result.stderr
    assert "as CSV, delimiter '|', in GB18030 (by its name" in result.stdout
    assert "(艾达, 写了, 书) in: 艾达写了书" in result.stdout
    result = gplinker("import", path, "--dry-run")
    assert result.returncode == 2 and "--columns" in result.stderr
    result = gplinker("import", path, "--columns", "texts=a", "--dry-run")
    assert result.returncode == 2 and "Received: 'texts=a'" in result.stderr


def test_what_has_no_triples_is_not_written(tmp_path):
    path = tmp_path / "export.json"
    path.write_text('{"text": "a", "triple_list": []}\n{"text": "b", "triple_list": []}\n')
    result = gplinker("import", path, "--output", tmp_path / "data")
    assert result.returncode == 2 and "Received: 2 texts without any" in result.stderr
    path.write_text("7\n" * 3)
    result = gplinker("import", path, "--output", tmp_path / "data")
    assert result.returncode == 2 and f"The first of them: {path}:1: " in result.stderr
    assert not (tmp_path / "data").exists()


def test_excel_without_its_package_names_the_way(tmp_path):
    path = write_sample(tmp_path, "excel")
    code = (
        "import sys; sys.modules['openpyxl'] = None\n"
        "from gplinker_tf.data import read_examples\n"
        f"try: read_examples({str(path)!r})\n"
        "except ValueError as error: print(error)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "pip install 'gplinker_tf[excel]'" in result.stdout


def test_the_formats_are_listed():
    result = gplinker("formats")
    assert result.returncode == 0
    for kind in FORMATS.values():
        assert f"{kind.name}: {kind.title}" in result.stdout
        assert f"    {kind.looks_like}\n" in result.stdout
