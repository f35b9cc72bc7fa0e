"""The GPU benchmark: every text has the full length, and failed rows have a reason."""

import json
from pathlib import Path

import pytest

from benchmarks import gpu

pytestmark = pytest.mark.slow

SAMPLE = Path(gpu.__file__).parents[1] / "gplinker_tf" / "data" / "sample"


@pytest.fixture
def long_texts(tmp_path):
    gpu.long_texts(SAMPLE, 32, tmp_path / "long")
    return tmp_path / "long"


def test_every_text_fills_the_length(long_texts, monkeypatch):
    monkeypatch.setattr(gpu, "PLANS", [])
    gpu.warm_up(gpu.Cell(4, 32, "float32", False), long_texts, SAMPLE)
    batches = gpu.PLANS[0].batches
    assert {len(encoding.token_ids) for encoding in batches.texts.encodings} == {32}
    result = gpu.timed()
    assert result["texts_per_second"] > 0 and result["peak_mebibytes"] > 0


def test_models_that_cannot_be_built_side_by_side_are_rows_that_say_why(tmp_path):
    cells = [gpu.Cell(4, length, "float32", False) for length in (32, 33)]
    rows = dict(gpu.measure(cells, tmp_path, SAMPLE))
    assert all(str(cell.length) in rows[cell]["failure"] for cell in cells)


def test_a_row_that_fails_says_why_and_the_others_go_on(capsys):
    failed = gpu.line(gpu.Cell(64, 512, "float32", True), {"failure": "out of memory"})
    assert failed.endswith("out of memory") and "with XLA" in failed
    measured = {"gpu_peak_mebibytes": 1234.5, "texts_per_second": 99.5}
    assert "1,234" in gpu.line(gpu.Cell(64, 512, "float32", False), measured)


def test_texts_are_joined_not_made_up(long_texts):
    lines = (SAMPLE / "train_data.json").read_text("utf-8").splitlines()
    text = "".join(json.loads(line)["text"] for line in lines)
    joined = [
        json.loads(line)["text"]
        for line in (long_texts / "train_data.json").read_text("utf-8").splitlines()
    ]
    assert text.startswith("".join(joined)) and all(len(each) >= 64 for each in joined)
