"""Readers: LIC2019's lines, and an error for each kind of bad line that names the line."""

import gzip
import json

import pytest

from gplinker_tf import Example, Extraction, InputError, Schema, Span, Triple
from gplinker_tf.data import (
    DataFolder,
    extraction_to_json,
    open_text,
    read_examples,
    read_numbered_examples,
    read_schema,
)

SCHEMA = Schema((("影视作品", "主演", "人物"), ("影视作品", "导演", "人物")))
LINE = {
    "text": "《喜剧之王》由周星驰主演",
    "spo_list": [{"subject": "喜剧之王", "predicate": "主演", "object": "周星驰"}],
}


def write(path, *rows, opened=open):
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    with opened(path, "wt", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))
    return path


@pytest.mark.parametrize("opened", [open, gzip.open])
def test_examples_plain_and_gzipped(tmp_path, opened):
    path = write(tmp_path / "train_data.json", LINE, "", LINE, opened=opened)
    gold = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    assert read_examples(path, SCHEMA) == [Example(LINE["text"], (gold,))] * 2
    assert [number for number, _ in read_numbered_examples(path)] == [1, 3]
    assert len(read_examples(path, limit=1)) == 1


def test_all_of_lic2019(lic2019):
    folder = DataFolder.open(lic2019)
    schema = read_schema(folder.schema)
    assert len(schema.rows) == 50 and len(schema.predicates) == 49
    train, dev = read_examples(folder.train, schema), read_examples(folder.dev, schema)
    assert [sum(len(e.triples) for e in part) for part in (train, dev)] == [10_181, 2_120]
    assert (len(train), len(dev)) == (4_799, 1_000)


def triple(**changes):
    row = LINE["spo_list"][0] | changes
    return LINE | {"spo_list": [{key: row[key] for key in row if row[key] is not None}]}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{not json", "expected a JSON object"),
        ("[1, 2]", "Received: list"),
        ({"spo_list": []}, "string under 'text'. Received: none"),
        ({"text": 7, "spo_list": []}, "string under 'text'. Received: 7"),
        ({"text": "北"}, "'spo_list'. Received: none"),
        ({"text": "北", "spo_list": {}}, "'spo_list'. Received: dict"),
        ({"text": "北", "spo_list": [["a", "b", "c"]]}, "Received: list"),
        (triple(predicate=None), "string under 'predicate'. Received: none"),
        (triple(subject=None), "string under 'subject'"),
        (triple(object=3), "string under 'object'. Received: 3"),
        (triple(subject=""), "Received: no subject, but '主演' and '周星驰'"),
        (triple(predicate=" \t"), "Received: no predicate, but '喜剧之王' and '周星驰'"),
        (triple(subject="", object="\u3000"), "Received: no subject and no object, but '主演'"),
        (triple(subject="", object="", predicate=""), "no subject and no predicate and no object"),
        (triple(object={"@value": " ", "inWork": "周星驰"}), "Received: no object"),
        (triple(object={"inWork": "周星驰"}), "string under '@value'. Received: none"),
        (triple(subject_type=7), "string under 'subject_type'. Received: 7"),
        (triple(object_type=["人物"]), "string under 'object_type'"),
        (triple(object_type={"@value": 7}), "string under '@value'. Received: 7"),
        (json.dumps(triple(object_type="\ud800")), "an unpaired surrogate"),
        (triple(predicate="主角"), "Received: '主角'"),
        (triple(predicate="主演人"), "Did you mean '主演'?"),
        (triple(subject_span=[1]), r"subject_span'. Received: \[1\]"),
        ('{"text": "\\ud800", "spo_list": []}', "an unpaired surrogate"),
        ("[" * 100_000, "expected a JSON object"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, message):
    path = write(tmp_path / "data.json", LINE, "", line)
    with pytest.raises(InputError, match=message) as caught:
        read_examples(path, SCHEMA)
    assert str(caught.value).startswith(f"{path}:3: ")


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_files_without_lines(tmp_path, content):
    path = tmp_path / "empty.json"
    path.write_text(content)
    for read in (read_examples, read_schema):
        with pytest.raises(InputError, match=r"empty\.json: .*no line"):
            read(path)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read_examples(tmp_path / "nothing.json")
    latin = tmp_path / "latin.json"
    latin.write_bytes(json.dumps(LINE).encode() + b'\n{"text": "\xe9"}\n')
    with pytest.raises(InputError, match=r"latin\.json:2: expected UTF-8"):
        read_examples(latin)
    cut = write(tmp_path / "cut.gz", *[LINE] * 50, opened=gzip.open)
    cut.write_bytes(cut.read_bytes()[:-12])
    with pytest.raises(InputError, match="expected a complete gzip file"):
        read_examples(cut)


def test_an_editors_byte_order_mark_is_no_text(tmp_path):
    path = tmp_path / "texts.txt"
    path.write_bytes(b"\xef\xbb\xbf" + "北京\r\n上海".encode())
    assert list(open_text(path)) == ["北京", "上海"]


def test_a_schema_line_without_predicate(tmp_path):
    path = write(tmp_path / "all_50_schemas", {"predicate": "主演"}, {"object_type": "人物"})
    with pytest.raises(InputError, match=r"all_50_schemas:2: .*'predicate'"):
        read_schema(path)


def test_empty_slots_and_types_that_are_null_are_left_out(tmp_path):
    slots = {"@value": "周星驰", "inWork": "", "period": " "}
    line = triple(object=slots)
    line["spo_list"][0] |= {"object_type": {"@value": None}, "subject_type": None}
    [example] = read_examples(write(tmp_path / "data.json", line))
    assert [found.words for found in example.triples] == [("喜剧之王", "主演", "周星驰")]


def test_what_is_not_known_of_a_triple_is_left_out(tmp_path):
    known = {"text": LINE["text"], "spo_list": [{"subject": "喜剧之王", "predicate": "主演"}]}
    known["spo_list"][0]["object"] = "周星驰"
    triple = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    line = extraction_to_json(Extraction(LINE["text"], (triple,)))
    assert json.loads(line) == known
    [example] = read_examples(write(tmp_path / "found.jsonl", line), SCHEMA)
    assert example.triples == (triple,)


def test_extractions_are_read_back(tmp_path):
    found = Triple(Span("喜剧之王", 1, 5), "主演", Span("周星驰", 7, 10), 12.345678)
    line = extraction_to_json(
        Extraction(LINE["text"], (found,), truncated=True, capped=True, left_out=7)
    )
    row = json.loads(line)
    assert row["truncated"] and row["capped"] and row["left_out"] == 7
    assert "\n" not in line and "喜剧" in line
    [example] = read_examples(write(tmp_path / "found.jsonl", line), SCHEMA)
    assert example.triples == (Triple(found.subject, "主演", found.object, 12.3457),)
