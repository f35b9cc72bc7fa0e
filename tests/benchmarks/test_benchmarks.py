"""The benchmarks compare what they say they compare."""

import csv
import math

import numpy as np
import pytest
from encoders.tiny_bert import write_for_vocabulary
from reference import requires_keras_3

from benchmarks import report
from benchmarks.calibration import fitted, scores_of
from benchmarks.comparison import COST, Result, compare, take_turns
from benchmarks.figures import FIGURES
from benchmarks.time_to_f1 import SIDES, draw, write
from benchmarks.worker import Worker
from gplinker_tf import Extraction, Span, Triple

pytestmark = pytest.mark.slow


def test_a_ratio_says_what_was_wanted():
    faster = compare("x", ("ours", "theirs"), [(1.0, 10.0), (1.0, 14.0), (2.0, 24.0)], ">= 12")
    assert (faster.ratio, faster.ratio_lowest, faster.ratio_highest) == (12, 10, 14)
    assert (faster.ours_value, faster.other_value) == (1000, 14000) and faster.reached
    dearer = compare("x", ("ours", "alone"), [(1.2, 1.0)], "<= 1.1", COST)
    assert dearer.ratio == pytest.approx(1.2) and dearer.reached is False
    assert compare("x", ("ours", "alone"), [(1.0, 2.0)]).reached is None
    speed = compare("x", ("ours", "theirs"), [(2.0, 4.0)], ">= 3", sentences=80)
    assert (speed.ours_value, speed.other_value, speed.ratio) == (40, 20, 2)


def test_both_sides_get_the_same_turns():
    turns = {"ours": [], "other": []}

    def side(name):
        return lambda turn: turns[name].append(turn) or float(len(turns[name]))

    pairs = take_turns(side("ours"), side("other"), turns=3, warm_up=2)
    assert turns == {"ours": [0, 0, 0, 1, 2], "other": [0, 0, 0, 1, 2]}
    assert pairs == [(3, 3), (4, 4), (5, 5)]


def test_the_table_and_the_columns_with_units(tmp_path):
    results = [
        Result(
            "step",
            "gplinker_tf",
            "alone",
            "ms",
            1400.0,
            1300.0,
            1.0769,
            1.0,
            1.2,
            21,
            "<= 1.1",
            COST,
        ),
        Result(
            "peak", "gplinker_tf", "theirs", "MiB", 88.3, 5184.0, 0.017, 0.017, 0.017, 1, "", COST
        ),
        Result("error", "a", "b", "ratio of errors", math.nan, math.nan, 3, 1, 3, 5, "<= 2", COST),
    ]
    text = report.markdown(results)
    assert (
        "| step | alone | 1,400 ms | 1,300 ms | **1.08** (times the cost; 21 turns, 1 to 1.2)"
        in text
    )
    assert "missed |" in text and "tensorflow" in text and "cores" in text
    report.write_csv(results, tmp_path / "results.csv")
    with (tmp_path / "results.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["ours_milliseconds"] == "1400" and rows[0]["reached"] == "True"
    assert rows[1]["other_mebibytes"] == "5184" and rows[1]["ours_milliseconds"] == ""


def test_a_curve_of_probabilities_is_the_most_likely_one():
    scores = np.repeat([-1.0, 0.0, 2.0], 100)
    share = 1 / (1 + np.exp(-(0.5 + 1.5 * scores)))
    correct = np.tile(np.arange(100), 3) < np.round(100 * share)
    weights = fitted(np.stack([np.ones_like(scores), scores], axis=1), correct)
    assert weights == pytest.approx([0.5, 1.5], abs=0.1)


def test_each_triple_has_one_sum_of_scores():
    found = [
        Triple(Span(word), "in", Span("US"), score) for word, score in (("NY", 9.0), ("ny", 3))
    ]
    extractions = [
        Extraction("…"),
        Extraction("…", (*found, Triple(Span("LA"), "in", Span("US"), 1))),
    ]
    assert scores_of(extractions, lambda word: [word.lower()]).tolist() == [9.0, 1.0]


@requires_keras_3
def test_a_worker_measures_and_tells_its_errors():
    sizes = {"texts": 2, "length": 32, "labels": 3, "hidden_size": 8}
    with Worker("ours:pointer", kind="efficient", **sizes) as worker:
        assert 0 < worker.seconds("step") < 60
        assert 0 <= worker.peak_mebibytes("step") < 2000
    with (
        pytest.raises(RuntimeError, match="KeyError"),
        Worker("ours:pointer", kind="fast", **sizes) as worker,
    ):
        worker.seconds("step")


def test_every_figure_is_described():
    assert all(figure.__doc__ for figure in FIGURES.values())


@requires_keras_3
@pytest.mark.parametrize("side", SIDES)
def test_each_side_of_time_to_f1_learns_and_is_judged(side, sample, tmp_path):
    encoder = write_for_vocabulary(tmp_path / "encoder", sample / "vocab.txt", positions=160)
    name, own = SIDES[side]
    sizes = {"encoder_layers": 1, "steps": 2, "sentences": 3}
    with Worker(name, data=sample, encoder=encoder, **sizes, **own) as worker:
        assert worker.seconds("learn", 0) > 0 and worker.seconds("learn", 1) > 0
        assert 0 <= worker.value("f1") <= 1


def test_the_curves_of_time_to_f1(tmp_path):
    points = [(name, minutes, minutes / 10) for name in SIDES for minutes in (1.0, 2.0)]
    write(points, tmp_path / "points.csv")
    draw(points, tmp_path / "points.png")
    assert (tmp_path / "points.csv").read_text("utf-8").splitlines()[:2] == [
        "side,minutes,f1",
        "GPLinker,1.0,0.1",
    ]
    assert (tmp_path / "points.png").read_bytes().startswith(b"\x89PNG")
