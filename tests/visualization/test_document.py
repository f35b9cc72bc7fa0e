"""docs/visualization.md: its Python code runs on a run folder with an untrained model."""

import re
from pathlib import Path

import pytest
from pictures import extractor_of

from gplinker_tf import RelationExtractor, Schema
from gplinker_tf.runs import write_epochs

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "visualization.md").read_text("utf-8")
SCHEMA = Schema((("人物", "毕业院校", "学校"), ("影视作品", "主演", "人物"), ("", "作者", "")))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The model finds")
def test_the_python_runs(tmp_path, monkeypatch):
    pytest.importorskip("ipywidgets")
    known = extractor_of("gplinker")
    RelationExtractor(known.model, known.tokenizer, SCHEMA).save(tmp_path / "run")
    scores = {"precision": 0.6, "recall": 0.5, "f1": 0.55}
    write_epochs(tmp_path / "run" / "history.jsonl", [{"epoch": 1, "loss": 8.0, **scores}])
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert len(blocks) == 6
    names = {}
    for block in blocks:
        exec(block, names)
    assert (tmp_path / "triples.html").is_file()


def test_the_pictures_are_small_and_need_no_network():
    for name in re.findall(r"\]\((\S+\.svg)\)", TEXT):
        svg = (DOCS / name).read_text("utf-8")
        assert len(svg) < 150_000 and "href" not in svg and svg.startswith("<svg")
