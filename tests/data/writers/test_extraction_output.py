"""Outputs that are new, resumed or replaced, and their content after any interruption."""

import json
import os
import random
import subprocess
import sys
import time

import pytest

from gplinker_tf import Extraction, InputError, Span, Triple
from gplinker_tf.data import OUTPUT_FORMATS, ExtractionOutput
from gplinker_tf.data.writers.written_lines import WrittenLines

#: The format that is written only at the end; all others can be resumed.
WHOLE = "spacy"
RESUMED = sorted(set(OUTPUT_FORMATS) - {WHOLE})

TEXTS = ["北京", "a\u2028b", "", "d" * 3000, "北京"]


def output(path, name="jsonl", **settings):
    return ExtractionOutput(OUTPUT_FORMATS[name](), path, **settings)


def write(path, texts, name="jsonl", **settings):
    target = output(path, name, **settings)
    texts = target.remaining(texts)
    with target:
        for text in texts:
            target.write(found_in(text))
    return target


def found_in(text):
    """Return an extraction with two triples, or none if the text is too short."""
    if len(text) < 2:
        return Extraction(text)
    ends = Span(text[0], 0, 1, "a:b"), Span(text[1], 1, 2)
    return Extraction(text, (Triple(ends[0], "p", ends[1], 2.5), Triple(ends[1], "q", ends[0])))


@pytest.mark.parametrize("name", ["jsonl", "entities", "doccano"])
def test_lines_resumed_at_any_byte_give_the_same_file(tmp_path, name):
    path = tmp_path / "found"
    write(path, TEXTS, name)
    whole = path.read_bytes()
    lengths = {0, 1, len(whole) - 1, len(whole)}
    lengths |= set(random.Random(0).sample(range(len(whole)), 60))
    for length in lengths:
        path.write_bytes(whole[:length])
        resumed = write(path, TEXTS, name, resume=True)
        assert path.read_bytes() == whole and resumed.texts == len(TEXTS)


@pytest.mark.parametrize("name", RESUMED)
def test_interrupted_at_any_text_and_resumed_is_undisturbed(tmp_path, name):
    def content(path):
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        return [file.read_bytes() for file in files]

    write(tmp_path / "whole", TEXTS, name)
    assert {path.name for path in tmp_path.iterdir()} == {"whole"}
    for texts in range(len(TEXTS) + 1):
        path = tmp_path / f"{texts}"
        with pytest.raises(KeyboardInterrupt), output(path, name) as target:
            for text in TEXTS[:texts]:
                target.write(found_in(text))
            # A kill may leave half of the next text, without an end.
            (path / "nodes.csv" if path.is_dir() else path).open("ab").write(b'{"tex')
            raise KeyboardInterrupt
        resumed = write(path, TEXTS, name, resume=True)
        assert content(path) == content(tmp_path / "whole") and resumed.texts == len(TEXTS)


#: A program that writes made-up extractions to an output, resuming it if it exists.
WRITER = """
import sys
from gplinker_tf import Extraction, Span, Triple
from gplinker_tf.data import OUTPUT_FORMATS, ExtractionOutput
output = ExtractionOutput(OUTPUT_FORMATS[sys.argv[1]](), sys.argv[2], resume=True)
rest = output.remaining(f"{number // 2} ab" for number in range(2000))
with output:
    for text in rest:
        ends = Span(text[:-3], 0, len(text) - 3, "x"), Span("ab", len(text) - 2, len(text))
        triples = (Triple(ends[0], "p", ends[1], 1.5),) if len(text) % 2 else ()
        output.write(Extraction(text, triples))
"""


@pytest.mark.parametrize("name", ["csv", "label-studio", "ntriples", "neo4j-csv"])
def test_killed_and_resumed_is_undisturbed(tmp_path, name):
    def files(path):
        return sorted(path.iterdir()) if path.is_dir() else [path]

    def size(path):
        return sum(file.stat().st_size for file in files(path) if file.exists())

    whole, path = tmp_path / "whole", tmp_path / "found"
    call = [sys.executable, "-c", WRITER, name]
    subprocess.run([*call, whole], check=True)
    process = subprocess.Popen([*call, path])
    while process.poll() is None and size(path) < size(whole) / 3:
        time.sleep(0.0005)
    process.kill()
    assert process.wait() < 0, "it ended before it was killed"
    assert size(path) < size(whole)
    subprocess.run([*call, path], check=True)
    assert [a.read_bytes() for a in files(path)] == [b.read_bytes() for b in files(whole)]


def test_progress_of_another_output_is_noticed(tmp_path):
    path, progress = tmp_path / "found.csv", tmp_path / "found.csv.progress"
    with pytest.raises(KeyboardInterrupt), output(path, "csv") as target:
        target.write(found_in("a"))
        raise KeyboardInterrupt
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"expected the result of text 1.*that of another text"):
        write(path, ["b"], "csv", resume=True)
    kept = progress.read_text()
    for damaged in ("", "[1]", '["csv", 1, [99999], 7]', '["csv", 1, [1, 2], 7]', "\0"):
        progress.write_text(damaged)
        with pytest.raises(InputError, match=r"found.csv.progress: expected the progress of"):
            write(path, ["a"], "csv", resume=True)
    assert path.read_bytes() == before
    progress.write_text(kept)
    write(path, ["a"], "csv", resume=True)
    assert write(path, ["a"], "csv", resume=True).complete


@pytest.mark.parametrize("name", RESUMED)
def test_what_is_complete_is_left_as_it_is(tmp_path, name):
    path = tmp_path / "found"

    def contents():
        files = path.iterdir() if path.is_dir() else [path]
        return {file.name: file.read_bytes() for file in files}

    write(path, TEXTS, name)
    before = contents()
    for _ in range(2):
        write(path, TEXTS, name, resume=True)
        assert contents() == before and os.listdir(tmp_path) == ["found"]


@pytest.mark.parametrize("name", ["csv", "label-studio", "ntriples", "neo4j-csv"])
def test_what_is_complete_is_only_what_the_format_wrote(tmp_path, name):
    path = tmp_path / "found"
    write(path, TEXTS, name)
    target = output(path, name, resume=True)
    with pytest.raises(ValueError, match="which is complete"), target:
        target.write(found_in("a"))
    file = max(path.iterdir()) if path.is_dir() else path
    for content in (b"x" + file.read_bytes(), b"notes\xff"):
        file.write_bytes(content)
        with pytest.raises(InputError, match="from another program, version or option"):
            output(path, name, resume=True)
        assert file.read_bytes() == content
    file.unlink()
    if path.is_dir():
        with pytest.raises(InputError, match="from another program, version or option"):
            output(path, name, resume=True)


@pytest.mark.parametrize("name", RESUMED)
def test_an_output_of_another_format_is_left_alone(tmp_path, name):
    path = tmp_path / "found"
    with pytest.raises(KeyboardInterrupt), output(path, name) as target:
        target.write(found_in("北京"))
        raise KeyboardInterrupt
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    before = [file.read_bytes() for file in files]
    for other in set(RESUMED) - {name}:
        with pytest.raises(InputError):
            write(path, ["北京", "上海"], other, resume=True)
        assert [file.read_bytes() for file in files] == before


def test_what_is_written_whole_cannot_be_resumed(tmp_path):
    with pytest.raises(InputError, match=r"text by text.*Use --format jsonl"):
        output(tmp_path / "found", WHOLE, resume=True)
    with pytest.raises(InputError, match=r"Received: standard output\. Name a file"):
        output("-", WHOLE)


def test_what_does_not_exist_is_begun(tmp_path):
    assert write(tmp_path / "found", TEXTS, resume=True).texts == len(TEXTS)


def test_another_input_is_noticed_before_anything_is_changed(tmp_path):
    path = tmp_path / "found.jsonl"
    write(path, TEXTS[:3])
    path.write_bytes(path.read_bytes() + b'{"tex')
    before = path.read_bytes()
    others = {
        "expected the result of text 3 of the input, 'c'": ["a", "b", "c"],
        "expected the results of at most 2 texts, as many as the input has": TEXTS[:2],
    }
    for message, texts in others.items():
        with pytest.raises(InputError, match=f"{message}.*--overwrite"):
            write(path, texts, resume=True)
        assert path.read_bytes() == before


@pytest.mark.parametrize("line", [b"notes", b"[1]", b'{"text": 7}', b"\xff"])
def test_a_file_of_another_kind_is_left_alone(tmp_path, line):
    path = tmp_path / "notes"
    path.write_bytes(line + b"\nmore")
    with pytest.raises(InputError, match=r"notes:1: expected a line of JSON lines"):
        write(path, TEXTS, resume=True)
    assert path.read_bytes() == line + b"\nmore"


def test_what_is_there_is_not_lost(tmp_path):
    path = tmp_path / "found.jsonl"
    path.touch()
    write(path, TEXTS[:2])
    with pytest.raises(InputError, match=r"which is not empty\. Continue it with --resume"):
        output(path)
    write(path, TEXTS[2:], overwrite=True)
    assert len(path.read_bytes().splitlines()) == 3
    with pytest.raises(InputError, match="Received: both"):
        output(path, resume=True, overwrite=True)


def test_outputs_that_cannot_be(tmp_path):
    with pytest.raises(InputError, match=r"Received: standard output\. Name a folder"):
        output("-", "neo4j-csv")
    with pytest.raises(InputError, match=r"Received: standard output\. Name it with --output"):
        output("-", resume=True)
    (tmp_path / "file").write_text("a")
    for path, name in ((tmp_path, "csv"), (tmp_path / "no" / "x", "csv")):
        with (
            pytest.raises(InputError, match="Expected an output that can be written"),
            output(path, name),
        ):
            pass
    with pytest.raises(InputError), output(tmp_path / "file", "neo4j-csv"):
        pass


@pytest.mark.parametrize("error", [InputError("bad"), KeyboardInterrupt()])
def test_an_array_ends_however_the_run_does(tmp_path, error):
    path = tmp_path / "tasks.json"
    with pytest.raises(type(error)), output(path, "label-studio") as target:
        target.write(Extraction("a"))
        raise error
    assert [task["data"]["text"] for task in json.loads(path.read_text())] == ["a"]


def test_each_text_reaches_the_file_at_once(tmp_path):
    path = tmp_path / "found"
    with output(path) as target:
        for number in range(1, 4):
            target.write(Extraction("a"))
            assert len(path.read_bytes().splitlines()) == number


def test_a_pipe_is_written_to(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    write(path, ["a"], overwrite=False)
    assert json.loads(os.read(reader, 1000))["text"] == "a"
    os.close(reader)


def test_a_folder_has_two_files(tmp_path):
    write(tmp_path / "graph", ["a"], "neo4j-csv")
    assert {p.name for p in (tmp_path / "graph").iterdir()} == {"nodes.csv", "relationships.csv"}
    with pytest.raises(InputError, match=r"nodes\.csv, which is not empty"):
        output(tmp_path / "graph", "neo4j-csv")


@pytest.mark.parametrize("block", [1, 2, 3, 7, 1000])
def test_lines_over_several_blocks(tmp_path, monkeypatch, block):
    monkeypatch.setattr("gplinker_tf.data.writers.written_lines.BLOCK", block)
    path = tmp_path / "lines"
    for content, lines, last in [
        *((b"", 0, b""), (b"a", 0, b""), (b"a\n", 1, b"a"), (b"a\nbc\nd", 2, b"bc")),
        *(
            (b"a\n\n", 2, b""),
            (b"abcdefgh\nijklmnop\n", 2, b"ijklmnop"),
            (b"abcdefgh\ni", 1, b"abcdefgh"),
        ),
    ]:
        path.write_bytes(content)
        assert WrittenLines.of(path) == (lines, content.rfind(b"\n") + 1, last)
