"""Speed and memory of all variants, measured in turns: `speeds.json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.comparison._machine import machine
from gplinker_tf.comparison._processes import ChildFailure, ask_child
from gplinker_tf.comparison._runs import Run
from gplinker_tf.data import DataFolder
from gplinker_tf.errors import InputError
from gplinker_tf.runs import versions

SPEEDS = "speeds.json"

#: How often each variant has its turn.
ROUNDS = 3

WORKS = ("training", "extraction")

#: Options that change neither speed nor memory.
OF_NO_MATTER = ("epochs", "patience", "seed")


class Speeds:
    """Measures, round by round, and keeps each round in a file.

    In a round each variant has one turn, in training and in extraction, each in a new process: so
    what else the machine does meets all alike, and memory is one work's own. Figures that stand
    beside each other are of the same rounds: where a variant is new, or trained with other options,
    all are measured anew. A measurement that was interrupted goes on with the next round.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._content = _read(path) if path.is_file() else {"rounds": []}

    def measure(
        self,
        runs: Sequence[Run],
        data: DataFolder,
        places: dict[str, Any],
        report: Callable[[str], None],
        again: bool = False,
    ) -> None:
        """Measures what is not measured yet.

        Args:
            runs: a finished run of each variant.
            data: the data folder.
            places: the arguments `data` and `encoder` of `measure_training`.
            report: takes lines of text.
            again: measure even so.
        """
        rounds = self._content["rounds"]
        options = {run.variant: _options(run) for run in runs}
        known = self._content.get("options", {})
        if again or not options.items() <= known.items():
            rounds, known = [], options
        for number in range(len(rounds), ROUNDS):
            figures = {}
            for run in runs:
                report(f"measuring, round {number + 1} of {ROUNDS}: {run.variant}")
                figures[run.variant] = _turn(run, data, places, report)
            rounds.append(figures)
            self._content = {
                "machine": machine(),
                "versions": versions(),
                "options": known,
                "rounds": rounds,
            }
            with whole_file(self.path) as unfinished:
                unfinished.write_text(json.dumps(self._content, indent=1), "utf-8")

    def of(self, variant: str) -> dict[str, dict[str, Any]]:
        """For training and extraction the median of each figure over the rounds.

        A work that failed has `failure` in its place; one that was not measured is not there.
        """
        turns = [figures[variant] for figures in self._content["rounds"] if variant in figures]
        return {work: _middle([turn[work] for turn in turns]) for work in WORKS if turns}

    @property
    def rounds(self) -> int:
        """How many there have been."""
        return len(self._content["rounds"])

    @property
    def machine(self) -> dict[str, Any] | None:
        """What was measured on; `None` where nothing was."""
        return self._content.get("machine")


def _turn(
    run: Run, data: DataFolder, places: dict[str, Any], report: Callable[[str], None]
) -> dict[str, Any]:
    options = run.options
    questions = {
        "training": {**places, "options": options.flat()},
        "extraction": {
            "run": str(run.folder),
            "dev": str(data.dev),
            "limit": options.dev_limit,
            "precision": options.precision,
            "jit": options.jit,
        },
    }
    figures = {}
    for work in WORKS:
        try:
            figures[work] = ask_child(f"measure_{work}", **questions[work])
        except ChildFailure as failure:
            report(f"{run.variant}: {work} can't be measured: {failure}")
            figures[work] = {"failure": str(failure)}
    return figures


def _middle(turns: Sequence[dict[str, Any]]) -> dict[str, Any]:
    failed = [turn for turn in turns if "failure" in turn]
    if failed:
        return failed[0]
    return {name: median(values) if (values := _given(turns, name)) else None for name in turns[0]}


def _given(turns: Sequence[dict[str, Any]], name: str) -> list[float]:
    return [turn[name] for turn in turns if turn.get(name) is not None]


def _options(run: Run) -> dict[str, Any]:
    """What a run's speed and memory depend on."""
    options = run.options.flat()
    return {name: value for name, value in options.items() if name not in OF_NO_MATTER}


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
        content["rounds"], content["machine"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: expected the speeds of a table. Received: {type(error).__name__}: {error}. "
            "Remove the file to measure them again."
        ) from None
    return content
