"""docs/data.md: its sample files are read as described, and its Python code works."""

import json
import re
from pathlib import Path

from gplinker_tf.data import DataFolder, read_examples, read_schema

TEXT = (Path(__file__).parents[2] / "docs" / "data.md").read_text("utf-8")
BLOCKS = re.findall(r"```\n(.*?)```", TEXT, re.DOTALL)


def test_the_files_shown_are_read(tmp_path):
    table, lines, objects, names, _ = BLOCKS
    (tmp_path / "train.csv").write_text(table, "utf-8")
    (tmp_path / "dev.jsonl").write_text(lines, "utf-8")
    (tmp_path / "schema.json").write_text(objects, "utf-8")
    (tmp_path / "schema.txt").write_text(names, "utf-8")
    counts = [
        [len(example.triples) for example in read_examples(tmp_path / name)]
        for name in ("train.csv", "dev.jsonl")
    ]
    assert counts == [[2, 0], [1, 0]]
    assert read_schema(tmp_path / "schema.txt").predicates == ("founded by", "based in")
    assert read_schema(tmp_path / "schema.json").rows == (("影视作品", "主演", "人物"),)


def test_the_slots_shown_become_the_triples_named(tmp_path):
    path = tmp_path / "train.json"
    line = {"text": "王雪纯为《红楼梦》的晴雯配音", "spo_list": [json.loads(BLOCKS[-1])]}
    path.write_text(json.dumps(line), "utf-8")
    [example] = read_examples(path)
    for triple in example.triples:
        assert f"({', '.join(triple.words)})" in TEXT
    assert len(example.triples) == 2


def test_nyt_is_a_data_folder_as_it_is(tmp_path):
    triple = ["Annandale", "/location/location/contains", "Bard College"]
    row = {"text": "Bard College , in Annandale", "triple_list": [triple]}
    for part in ("train", "dev"):
        (tmp_path / f"{part}.json").write_text(json.dumps([row], indent=1), "utf-8")
    data = DataFolder.open(tmp_path, schema_from_data=True)
    assert data.read_schema().predicates == (triple[1],)
    [example] = read_examples(data.dev)
    assert example.triples[0].words == tuple(triple)


def test_the_code_shown_compiles():
    for code in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL):
        compile(code, "docs/data.md", "exec")
