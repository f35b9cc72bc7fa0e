"""Many short training runs: finished ones are kept, and compared seed by seed."""

import json

import numpy as np
import pytest

from benchmarks.random_search import drawn, summary
from benchmarks.recipe_parts import PARTS, RECIPE, table
from benchmarks.short_runs import ShortRun, finished
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder


@pytest.mark.slow
def test_a_finished_run_is_kept_and_a_failed_one_is_told(sample, tmp_path, capsys):
    settings = {"model": "casrel", "limit": 8, "dev_limit": 4, "epochs": 1, "batch_size": 8}
    runs = [ShortRun("right", 1, settings), ShortRun("wrong", 1, {"epochs": 0})]
    folders = DataFolder.open(sample), EncoderFolder.open(sample, weights_required=False)
    output = tmp_path / "runs.jsonl"
    [record] = finished(runs, *folders, parallel=2, output=output)
    assert record["group"] == "right" and np.array(record["counts"]).shape == (4, 3)
    assert "wrong, 1: " in capsys.readouterr().err
    written = output.read_text("utf-8")
    assert [json.loads(line)["group"] for line in written.splitlines()].count("wrong") == 1
    assert finished(runs[:1], *folders, parallel=1, output=output) == [record]
    assert output.read_text("utf-8") == written


def record(group, number, correct, seconds=1.0):
    counts = [[right, 2, 2] for right in correct]
    f1 = sum(correct) / (2 * len(correct))
    return {
        "group": group,
        "number": number,
        "settings": {},
        "f1": f1,
        "counts": counts,
        "processor_seconds": seconds,
    }


def test_a_part_is_compared_with_the_recipe_of_the_same_seeds():
    part = next(name for name in PARTS if name != RECIPE)
    records = [
        record(RECIPE, 1, [1, 1, 1, 1]),
        record(RECIPE, 2, [0, 0, 0, 0]),
        record(part, 1, [2, 2, 2, 2], seconds=2.0),
        record(part, 3, [0, 0, 0, 0]),
    ]
    *_, of_recipe, of_part = table(records).splitlines()
    assert of_recipe == f"| {RECIPE} | 2 | 0.250 | 0.000 to 0.500 | reference | 1.00 |"
    assert of_part == f"| {part} | 1 | 1.000 | 1.000 to 1.000 | +0.500 (+0.500 to +0.500) | 2.00 |"


def test_the_drawn_settings_are_the_same_for_a_seed():
    one, same, other = (list(drawn(200, 3, seed, {"seed": 1})) for seed in (1, 1, 2))
    assert one == same != other
    assert one[0] == ShortRun(200, 0, {"seed": 1, "limit": 200})


def test_the_recipe_is_shown_as_a_share_of_the_best():
    runs = [record(200, 0, [1, 1]), record(200, 1, [2, 2]), record(200, 2, [0, 1])]
    assert summary(200, runs).startswith("200 texts: auto 0.5000, best of 2 random 1.0000 (50%)")
    assert summary(200, runs[:1]) == "200 texts: not enough finished runs."
