"""Extraction that is killed and resumed gives the output of an uninterrupted run."""

import random
import time

import pytest
from forks import COMMAND_LINE
from test_extract_command import gplinker

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("loaded_once")]

KILLS = 3


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.txt"
    lines = (f"{number} 周星驰主演《喜剧之王》" for number in range(5000))
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_killed_and_resumed_is_undisturbed(forks, run_folder, texts, tmp_path):
    call = ["extract", run_folder, texts, "--threshold", "-5", "--max-triples", "2"]
    whole, output = tmp_path / "whole.jsonl", tmp_path / "found.jsonl"
    assert gplinker(*call, "--output", whole).exit_code == 0
    size, chance = whole.stat().st_size, random.Random(7)
    for kill in range(KILLS):
        process = forks.start(COMMAND_LINE, *call, "--output", output, "--resume")
        until = size * (kill + chance.random()) / (KILLS + 1)
        while not process.ended and (not output.exists() or output.stat().st_size <= until):
            time.sleep(0.002)
        assert not process.ended, "it ended before it was killed"
        process.kill()
        process.wait()
        assert output.stat().st_size < size
    result = gplinker(*call, "--output", output, "--resume")
    assert result.exit_code == 0, result.stderr
    assert output.read_bytes() == whole.read_bytes()


def test_resume_reads_bad_items_again(run_folder, tmp_path):
    texts, output, bad = (tmp_path / name for name in ("t.jsonl", "found.jsonl", "bad.jsonl"))
    texts.write_text('{"text": "a"}\n{\n{"text": "b"}\n', "utf-8")
    call = ["extract", run_folder, texts, "--output", output, "--resume"]
    assert gplinker(*call).exit_code == 2
    assert len(output.read_text("utf-8").splitlines()) == 1
    for _ in range(2):
        assert gplinker(*call, "--bad-lines", bad).exit_code == 0
        assert len(output.read_text("utf-8").splitlines()) == 2
        assert len(bad.read_text("utf-8").splitlines()) == 1
