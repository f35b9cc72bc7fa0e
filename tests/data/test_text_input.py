"""The format of an input: by its name, by its first line, or as given; the same everywhere."""

import gzip
import io
import json
import os
import sys
import threading

import pytest

from gplinker_tf import InputError
from gplinker_tf.data import TextInput, read_examples, read_texts, split_file
from gplinker_tf.data.formats import text_input

TEXTS = ["Ada wrote Tin", "它下雨了"]
TRIPLES = [[("Ada", "wrote", "Tin")], []]
ROWS = [
    {"text": TEXTS[0], "spo_list": [{"subject": "Ada", "predicate": "wrote", "object": "Tin"}]},
    {"text": TEXTS[1], "spo_list": []},
]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)
TABLE = "text,subject,predicate,object\nAda wrote Tin,Ada,wrote,Tin\n它下雨了,,,\n"

#: Ways to write the same texts: name, content, format, delimiter.
SAME = [
    ("a.jsonl", LINES, "jsonl", None),
    ("a.json", LINES, "jsonl", None),
    ("a", "\n \n" + LINES, "jsonl", None),
    ("a.txt", LINES, "jsonl", None),
    ("a.json", json.dumps(ROWS), "json", None),
    ("a.jsonl", json.dumps(ROWS, indent=1), "json", None),
    ("a", json.dumps(ROWS, ensure_ascii=False, indent=4), "json", None),
    ("a", "[\n" + ",\n".join(LINES.splitlines()) + "\n]\n\n", "json", None),
    ("a.csv", TABLE, "csv", ","),
    ("a.csv", TABLE.replace(",", ";"), "csv", ";"),
    ("a.csv", TABLE.replace(",", "\t"), "csv", "\t"),
    ("a.tsv", TABLE.replace(",", "\t"), "tsv", "\t"),
    ("a.tsv", TABLE, "tsv", ","),
    ("a", TABLE, "csv", ","),
    ("a.txt", TABLE.replace(",", "\t"), "csv", "\t"),
]
PLAIN = "as plain text, one text per line "
each_way = pytest.mark.parametrize(("name", "content", "format", "delimiter"), SAME)


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def stdin(monkeypatch, content):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def words(examples):
    return [[triple.words for triple in example.triples] for example in examples]


@each_way
def test_the_format_is_told_by_name_or_content(tmp_path, name, content, format, delimiter):
    source = TextInput(write(tmp_path, name, content))
    assert (source.format, source.delimiter) == (format, delimiter)
    examples = read_examples(source)
    assert [example.text for example in examples] == TEXTS and words(examples) == TRIPLES


@each_way
def test_texts_are_those_of_the_examples(tmp_path, name, content, format, delimiter):
    assert list(read_texts(write(tmp_path, name, content))) == TEXTS


@each_way
def test_standard_input_is_read_as_a_file_without_suffix(
    tmp_path, monkeypatch, name, content, format, delimiter
):
    mark = "\ufeff".encode()
    for raw in (content.encode(), mark + content.encode(), gzip.compress(content.encode())):
        stdin(monkeypatch, raw)
        assert list(read_texts("-")) == TEXTS
        stdin(monkeypatch, raw)
        assert words(read_examples("-")) == TRIPLES


@each_way
def test_each_is_split_alike(tmp_path, name, content, format, delimiter):
    path = write(tmp_path, name, content)
    train, dev = split_file(path, tmp_path / "data", dev_share=0.5, report=lambda line: None)
    found = [example.text for part in (train, dev) for example in read_examples(part)]
    assert sorted(found) == sorted(TEXTS)
    kept = format != "json" and path.suffix in (".json", ".jsonl", ".csv", ".tsv")
    assert train.suffix == (path.suffix if kept else {"json": ".jsonl"}.get(format, f".{format}"))


@pytest.mark.parametrize(
    "lines",
    [
        ["一句话", "{abc}", '{"text": "a"}', "", "[1]"],
        ["{abc} begins it", "二"],
        ["{", '"text": 1', "}"],
        ["[不是 JSON]", "[{x}]"],
        ["[", "一"],
        ["[1, 2]"],
        ["text, subject and object"],
        ["text"],
        ["x" * 200_000],
        ["", "", "一"],
    ],
)
def test_plain_text_stays_as_it_is(tmp_path, lines):
    source = TextInput(write(tmp_path, "notes.txt", "\r\n".join(lines)))
    assert source.format == "text"
    assert list(read_texts(source)) == lines
    with pytest.raises(InputError, match=r"notes\.txt(:1)?: expected (annotated texts|a JSON obj)"):
        read_examples(tmp_path / "notes.txt")


@pytest.mark.parametrize(
    ("name", "content", "format", "sentence"),
    [
        ("a.txt", "一", None, "as plain text, one text per line (by its first line; --format"),
        (
            "a.txt",
            "{a}\nb",
            None,
            PLAIN + "(by its first line, which begins with '{' but is not a JSON",
        ),
        ("a.csv", TABLE, None, "as CSV, delimiter ',' (by its name;"),
        ("a.csv.gz", TABLE.replace(",", "\t"), None, "as CSV, delimiter tab (by its name;"),
        ("a.json", "[{}]", None, "as a JSON array (by its first line;"),
        ("a.json", "{}", None, "as JSON lines (by its name;"),
        ("a", "{}", None, "as JSON lines (by its first line;"),
        ("a.csv", "{}", "jsonl", "as JSON lines."),
        ("a.json", "{}", "text", "as plain text, one text per line."),
    ],
)
def test_it_says_what_it_reads_and_why(tmp_path, name, content, format, sentence):
    path = write(tmp_path, name, content)
    assert TextInput(path, format).description.startswith(f"Reading {path} {sentence}")


def test_the_format_may_be_told(tmp_path):
    path = write(tmp_path, "a.json", LINES)
    assert list(read_texts(TextInput(path, "text"))) == LINES.splitlines()
    assert list(read_texts(TextInput(write(tmp_path, "b.txt", TABLE), "csv"))) == TEXTS
    with pytest.raises(InputError, match=r"a\.json:1: expected a JSON array"):
        read_examples(TextInput(path, "json"))
    with pytest.raises(InputError, match="format='xml'"):
        TextInput(path, "xml")


def test_an_open_input_is_read_once(tmp_path):
    source = TextInput(write(tmp_path, "a.json", LINES))
    assert list(read_texts(source)) == TEXTS
    for read in (read_examples, lambda source: list(read_texts(source))):
        with pytest.raises(ValueError, match=r"not been read yet.*a\.json, which has"):
            read(source)


def test_standard_input_in_another_encoding_names_the_command(monkeypatch):
    for content, encoding in (
        ("《喜剧之王》".encode("gbk"), "GB18030"),
        ("é".encode("cp1252"), "W"),
    ):
        stdin(monkeypatch, content)
        with pytest.raises(InputError, match=f"stdin:1: .*iconv -f {encoding}.* FILE > NEW"):
            list(read_texts("-"))


def test_a_table_of_texts_alone_gives_one_for_each_row(tmp_path):
    path = write(tmp_path, "a.csv", 'id;Text\n1;"a; b"\n2;c\n3;c\n')
    assert list(read_texts(path)) == ["a; b", "c", "c"]
    with pytest.raises(InputError, match="text;subject;predicate;object"):
        read_examples(path)
    with pytest.raises(InputError, match=r"b\.csv:1: expected a table with the header 'text'"):
        list(read_texts(write(tmp_path, "b.csv", "words\na\n")))


def test_rows_of_one_annotated_text_are_one(tmp_path):
    rows = "text,subject,predicate,object\nx,a,p,b\ny,,,\nx,a,q,b\n"
    assert list(read_texts(write(tmp_path, "a.csv", rows))) == ["x", "y"]


@pytest.mark.parametrize(
    ("beginning", "read", "format"),
    [
        (["a"], 1, "text"),
        (['{"text": "a"}'], 1, "jsonl"),
        (["", " ", "a"], 3, "text"),
        (["[", '{"text": "a"},'], 2, "json"),
        (["[", "a"], 2, "text"),
        ([""] * 300, 100, "text"),
    ],
)
def test_no_more_is_read_than_tells_the_format(monkeypatch, beginning, read, format):
    taken = []

    def endless(path, encoding):
        for line in beginning:
            taken.append(line)
            yield line + "\n"
        raise AssertionError("more was read")

    monkeypatch.setattr(text_input, "text_lines", endless)
    source = TextInput("-")
    assert source.description and source.format == format
    assert len(taken) == read
    if format == "text":
        texts = read_texts(source)
        assert [next(texts) for _ in beginning] == beginning


def test_a_named_pipe_can_be_read(tmp_path):
    pipe = tmp_path / "texts.csv"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_text, args=[TABLE], daemon=True).start()
    assert list(read_texts(pipe)) == TEXTS
    with pytest.raises(InputError, match="read twice"):
        split_file(pipe, tmp_path / "data")


@pytest.mark.parametrize(
    ("content", "line", "message", "before"),
    [
        ('[\n{"text": "a", "spo_list": []},\n{"te', 3, "cut short", 1),
        ('[{"text": "a", "spo_list": []}', 1, "the end of the file", 1),
        ('[{"text": "a", "spo_list": []}\n\n{"text": "b"}]', 1, "expected a comma", 1),
        ('[{"text": "a", "spo_list": []},\n 7]', 2, "Received: 7", 1),
        ('[{"text": "a", "spo_list": []},\n]', 2, "Expecting value", 1),
        ('[{"text": "a", "spo_list": []}]\n{}', 2, "after the array", 1),
        ('[\n{"text": "a", "spo_list": []},\n{"text": "\0"}]', 3, "NUL", 1),
        (b'[\n{"text": "a", "spo_list": []},\n{"text": "\xff"}]', 3, "UTF-8", 1),
        ('[{"text": "a"},\n\n {"spo_list": []}]', 3, "'text'. Received: none", 1),
        ("[" + '{"a": ' * 100_000, 1, "JSON array", 0),
    ],
)
def test_a_damaged_array_gives_what_is_before_the_damage(tmp_path, content, line, message, before):
    path = write(tmp_path, "a.json", content)
    texts, found = read_texts(path), []
    with pytest.raises(InputError, match=message) as caught:
        found.extend(texts)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert found == ["a"] * before


@pytest.mark.parametrize(
    ("row", "program"),
    [
        (
            {"text": "x", "annotator": 1, "annotation_id": 2, "label": []},
            r"Label Studio \(JSON-MIN",
        ),
        ({"text": "x", "label": [[0, 1, "A"]]}, "doccano without relations"),
        ({"text": "x", "tokens": [], "relations": []}, "Prodigy"),
        ({"token": ["x"], "relation": "r", "subj_start": 0}, "TACRED"),
    ],
)
@pytest.mark.parametrize("dump", [lambda row: json.dumps([row]), json.dumps])
def test_other_programs_files_are_named_not_called_wrong(tmp_path, row, program, dump):
    path = write(tmp_path, "a.json", dump(row))
    readers = [read_examples] + [lambda path: list(read_texts(path))] * ("text" not in row)
    for read in readers:
        with pytest.raises(
            InputError, match=f"the format of {program}.*The file may be valid"
        ) as caught:
            read(path)
        assert "fix" not in str(caught.value) and f"{path}:1: " in str(caught.value)
    if "text" in row:
        assert list(read_texts(path)) == ["x"]


def test_objects_over_several_lines_name_the_way(tmp_path):
    path = write(tmp_path, "a.json", json.dumps(ROWS[0], indent=1))
    with pytest.raises(InputError, match=r"a\.json:1: .*jq -c \."):
        read_examples(path)
