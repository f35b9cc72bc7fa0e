"""The benchmarks measure and compare what they claim to."""

import csv
import math
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from encoders.tiny_bert import write_for_vocabulary
from reference import requires_keras_3

from benchmarks import report, time_to_f1
from benchmarks.calibration import fitted, scores_of
from benchmarks.comparison import COST, Ratio, Result, compare, compare_amounts, take_turns
from benchmarks.distributed import Window, paced
from benchmarks.figures import FIGURES
from benchmarks.time_to_f1 import SIDES, Point, draw, write
from benchmarks.timing import Seconds, seconds_of
from benchmarks.worker import Worker
from gplinker_tf import Extraction, Span, Triple

pytestmark = pytest.mark.slow


def pairs(*clocks):
    """Return times of both sides; our processor time is twice our wall time."""
    return [(Seconds(ours, 2 * ours), Seconds(other, other)) for ours, other in clocks]


def test_a_ratio_meets_its_target_or_misses_it():
    faster = compare("x", ("ours", "theirs"), pairs((1, 10), (1, 14), (2, 24)), ">= 12")
    assert faster.ratio == (12, 10, 14) and faster.processor_ratio == (6, 5, 7)
    assert (faster.ours_value, faster.other_value) == (1000, 14000) and faster.reached
    dearer = compare("x", ("ours", "alone"), pairs((1.2, 1.0)), "<= 1.1", COST)
    assert dearer.ratio.middle == pytest.approx(1.2) and dearer.reached is False
    assert dearer.processor_ratio.middle == pytest.approx(2.4)
    assert compare("x", ("ours", "alone"), pairs((1.0, 2.0))).reached is None
    speed = compare("x", ("ours", "theirs"), pairs((2.0, 4.0)), ">= 3", sentences=80)
    assert (speed.ours_value, speed.other_value, speed.ratio.middle) == (40, 20, 2)
    smaller = compare_amounts("x", ("ours", "theirs"), (2.0, 8.0), "MiB", "<= 0.5")
    assert smaller.ratio.middle == 0.25 and smaller.reached and smaller.processor_ratio is None


def test_work_is_measured_by_the_clock_and_in_processor_time_of_children_too():
    asleep = seconds_of(time.sleep, 0.05)
    assert asleep.clock >= 0.05 > asleep.processor
    command = [sys.executable, "-c", "sum(range(3_000_000))"]
    in_child = seconds_of(subprocess.run, command)
    assert 0.01 < in_child.processor < in_child.clock + 0.05
    assert asleep + in_child == (
        asleep.clock + in_child.clock,
        asleep.processor + in_child.processor,
    )


def test_a_pace_counts_each_process_after_its_first_window():
    texts = [Extraction("a"), Extraction("b")]
    own = [Window(texts, os.getpid(), processor) for processor in (3.0, 4.0, 6.0)]
    alone = paced(own)
    assert alone.processor == 3.0 / 4 and alone.words == [("a", set()), ("b", set())] * 3
    sent = [(1, 5.0), (2, 9.0), (1, 6.0), (2, 9.5), (3, 50.0)]
    workers = paced(Window(texts, *process) for process in sent)
    assert workers.processor == pytest.approx(1.5 / 4, abs=0.1)  # plus the time to send them


def test_both_sides_get_the_same_turns():
    turns = {"ours": [], "other": []}

    def side(name):
        return lambda turn: turns[name].append(turn) or float(len(turns[name]))

    took = take_turns(side("ours"), side("other"), turns=3)
    assert turns == {"ours": [0, 0, 0, 1, 2], "other": [0, 0, 0, 1, 2]}
    assert took == [(3, 3), (4, 4), (5, 5)]


def test_the_table_and_the_columns_with_units(tmp_path):
    results = [
        Result(
            *("step", "gplinker_tf", "alone", "ms", 1400.0, 1300.0, Ratio(1.0769, 1.0, 1.2)),
            *(COST, 21, "<= 1.1", Ratio(1.05, 1.02, 1.1)),
        ),
        compare_amounts("peak", ("gplinker_tf", "theirs"), (88.3, 5184.0), "MiB"),
        Result(
            *("error", "a", "b", "ratio of errors", math.nan, math.nan, Ratio(3, 1, 3)),
            *(COST, 5, "<= 2"),
        ),
    ]
    text = report.markdown(results)
    assert (
        "| step | alone | 1,400 ms | 1,300 ms | **1.08** (times the cost; 21 turns; 1 to 1.2) "
        "| **1.05** (1.02 to 1.1) | <= 1.1 | reached |" in text
    )
    assert "| **0.017** (times the cost) |  |" in text
    assert "missed |" in text and "tensorflow" in text and "cores" in text
    report.write_csv(results, tmp_path / "results.csv")
    with (tmp_path / "results.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["ours_milliseconds"] == "1400" and rows[0]["reached"] == "True"
    assert rows[0]["ratio"] == "1.077" and rows[0]["processor_ratio_highest"] == "1.1"
    assert rows[1]["other_mebibytes"] == "5184" and rows[1]["ours_milliseconds"] == ""
    assert rows[1]["processor_ratio"] == ""


def test_the_page_shows_what_was_measured_in_one_run():
    docs = Path(report.__file__).parents[1] / "docs"
    page = (docs / "performance.md").read_text("utf-8").splitlines()
    with (docs / "performance.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["machine"], row["versions"]) for row in rows}) == 1
    for row in rows:
        if row["figure"].startswith("memory of a training step, "):  # a table of its own
            cells = row["figure"].split(", ")[1], f"{float(row['ours_mebibytes']):,.0f}"
        else:
            own = "" if row["ours"] == "gplinker_tf" else f" ({row['ours']})"
            cells = row["figure"] + own, row["other"]
        [line] = [line for line in page if line.startswith(f"| {' | '.join(cells)} |")]
        shown = [float(number) for number in re.findall(r"\*\*([\d.]+)\*\*", line)]
        ratios = [float(row[name]) for name in ("ratio", "processor_ratio") if row[name]]
        assert shown == pytest.approx(ratios, rel=0.006), line


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
        took = worker.seconds("step")
        assert 0 < took.clock < 60 and 0 < took.processor < 60
        assert 0 <= worker.peak_mebibytes("step") < 2000
    with (
        pytest.raises(RuntimeError, match="KeyError"),
        Worker("ours:pointer", kind="fast", **sizes) as worker,
    ):
        worker.seconds("step")


def test_every_figure_is_described():
    assert all(figure.__doc__ for figure in FIGURES.values())


@requires_keras_3
@pytest.mark.parametrize("side", ["CasRel", time_to_f1.SCRIPT])  # ours differ only in the model
def test_each_side_of_time_to_f1_learns_and_is_judged(side, sample, tmp_path):
    encoder = write_for_vocabulary(tmp_path / "encoder", sample / "vocab.txt", positions=160)
    name, own = SIDES[side]
    sizes = {"encoder_layers": 1, "steps": 2, "sentences": 1}
    with Worker(name, data=sample, encoder=encoder, **sizes, **own) as worker:
        assert min(worker.seconds("learn", 0)) > 0 and min(worker.seconds("learn", 1)) > 0
        assert 0 <= worker.value("f1") <= 1


class Learner:
    """A worker that takes the same time for each part, and finds more after each part."""

    GAINS: ClassVar = {"gplinker": 0.6, "casrel": 0.3, "tplinker-plus": 0.0, "the script": 0.2}

    def __init__(self, side, model="the script", **arguments):
        self.gain, self.parts = self.GAINS[model], 0

    __enter__ = lambda self: self  # noqa: E731
    __exit__ = lambda self, *_: None  # noqa: E731

    def seconds(self, work, turn):
        self.parts += 1
        return Seconds(60.0, 90.0 if self.gain == 0.6 else 180.0)

    def value(self, work):
        return self.parts * self.gain


def test_a_side_of_time_to_f1_rests_once_it_has_passed(tmp_path, monkeypatch):
    monkeypatch.setattr(time_to_f1, "Worker", Learner)
    casrel, script = time_to_f1.time_to_f1(*[tmp_path] * 3)  # the third side never passes
    assert (casrel.ours_value, casrel.other_value) == (1, 2) and casrel.target == ""
    assert (script.ratio.middle, script.processor_ratio.middle) == (3, 6) and not script.reached
    lines = (tmp_path / "time-to-f1.csv").read_text("utf-8").splitlines()
    assert len(lines) == 1 + 1 + 2 + time_to_f1.MOST_PARTS + 3
    assert lines[1] == "GPLinker,1.0,1.5,0.6"


def test_the_curves_of_time_to_f1(tmp_path):
    points = [
        Point(name, minutes, 2 * minutes, minutes / 10) for name in SIDES for minutes in (1.0, 2.0)
    ]
    write(points, tmp_path / "points.csv")
    draw(points, tmp_path / "points.png")
    assert (tmp_path / "points.csv").read_text("utf-8").splitlines()[:2] == [
        "side,minutes,processor_minutes,f1",
        "GPLinker,1.0,2.0,0.1",
    ]
    assert (tmp_path / "points.png").read_bytes().startswith(b"\x89PNG")
