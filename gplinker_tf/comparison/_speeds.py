"""Speed and memory of all variants, measured in rounds and kept in `speeds.json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.comparison._jobs import in_new_process, measure_extraction, measure_training
from gplinker_tf.comparison._runs import Run
from gplinker_tf.comparison.failures import FAILURES, reason_of
from gplinker_tf.comparison.machine import machine
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.errors import InputError
from gplinker_tf.runs import versions

#: How often each variant is measured.
ROUNDS = 3

JOBS = {"training": measure_training, "extraction": measure_extraction}

#: Options that affect neither speed nor memory.
OF_NO_MATTER = ("epochs", "patience", "seed")


def read_speeds(path: Path) -> dict[str, Any]:
    """Return what has been measured so far.

    Raises:
        InputError: the file is damaged.
    """
    if not path.is_file():
        return {"rounds": []}
    try:
        speeds = json.loads(path.read_text("utf-8"))
        speeds["rounds"], speeds["machine"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: expected the speeds of a table. Received: {type(error).__name__}: {error}. "
            "Remove the file to measure them again."
        ) from None
    return speeds


def measure_speeds(
    path: Path,
    runs: Sequence[Run],
    data: DataFolder,
    encoder: EncoderFolder,
    report: Callable[[str], None],
    again: bool = False,
) -> None:
    """Measure round by round what is not measured yet, and save each round to a file.

    In each round, training and extraction are measured once per variant, each in a new process, so
    that other work on the machine affects all alike, and memory is that of one job. The figures in
    a table come from the same rounds: if a variant is new, or trained with other options, all are
    measured again. An interrupted measurement continues with the next round.

    Args:
        path: the file.
        runs: a finished run of each variant.
        data: the data folder.
        encoder: the encoder folder.
        report: takes lines of text.
        again: measure even what has already been measured.
    """
    speeds = read_speeds(path)
    rounds, known = speeds["rounds"], speeds.get("options", {})
    options = {run.variant: _options(run) for run in runs}
    if again or not options.items() <= known.items():
        rounds, known = [], options
    for number in range(len(rounds), ROUNDS):
        figures = {}
        for run in runs:
            report(f"measuring, round {number + 1} of {ROUNDS}: {run.variant}")
            figures[run.variant] = _turn(run, data, encoder, report)
        rounds.append(figures)
        speeds = {"machine": machine(), "versions": versions(), "options": known, "rounds": rounds}
        with whole_file(path) as unfinished:
            unfinished.write_text(json.dumps(speeds, indent=1), "utf-8")


def medians_of(variant: str, speeds: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the median of each figure over the rounds, for training and extraction.

    A job that failed has `failure` instead; one that was not measured is missing.
    """
    turns = [figures[variant] for figures in speeds["rounds"] if variant in figures]
    return {job: _medians([turn[job] for turn in turns]) for job in JOBS if turns}


def _turn(
    run: Run, data: DataFolder, encoder: EncoderFolder, report: Callable[[str], None]
) -> dict[str, Any]:
    figures = {}
    for name, job in JOBS.items():
        try:
            figures[name] = in_new_process(job, run, data, encoder)
        except FAILURES as failure:
            report(f"{run.variant}: {name} can't be measured: {failure}")
            figures[name] = {"failure": reason_of(failure)}
    return figures


def _medians(turns: Sequence[dict[str, Any]]) -> dict[str, Any]:
    for turn in turns:
        if "failure" in turn:
            return turn
    given = {name: [turn[name] for turn in turns if turn.get(name)] for name in turns[0]}
    return {name: median(values) if values else None for name, values in given.items()}


def _options(run: Run) -> dict[str, Any]:
    """Return the options that a run's speed and memory depend on."""
    options = run.options.flat()
    return {name: value for name, value in options.items() if name not in OF_NO_MATTER}
