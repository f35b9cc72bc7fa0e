"""The runs of a table: where each lies, and how far it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from gplinker_tf.comparison._final_test import TEST_PREDICTIONS, FinalTest
from gplinker_tf.comparison.variants import BLOG_SIZES, VARIANTS, Sizes, options_of
from gplinker_tf.errors import InputError
from gplinker_tf.runs import (
    CHECKPOINTS,
    HISTORY,
    PREDICTIONS,
    RUN_CONFIG,
    best_epoch,
    expect_same_run,
    read_history,
)
from gplinker_tf.training.options import BEFORE, SettledOptions

RUNS = "runs"
NAME = re.compile(r"(.+)-seed-(\d+)")


@dataclass(frozen=True)
class Run:
    """One variant with one seed, in an ordinary run folder as it is at this moment.

    Args:
        variant: a name of `VARIANTS`.
        seed: the seed.
        folder: the run folder, which need not exist.
        options: what it is, or would be, trained with.
        test: the texts that its F1 is of, or `None`: of those it is evaluated on in training.
    """

    variant: str
    seed: int
    folder: Path
    options: SettledOptions
    test: FinalTest | None = None

    @property
    def name(self) -> str:
        """The folder's."""
        return self.folder.name

    @cached_property
    def records(self) -> tuple[dict[str, Any], ...]:
        """Of the epochs that have ended."""
        return read_history(self.folder / HISTORY)

    @cached_property
    def config(self) -> dict[str, Any]:
        """Its `run.yaml`, with the versions it was trained with."""
        return yaml.safe_load((self.folder / RUN_CONFIG).read_text("utf-8"))

    @property
    def best(self) -> dict[str, Any] | None:
        """The record of the epoch whose model was kept."""
        return best_epoch(self.records)

    @cached_property
    def scores(self) -> dict[str, Any] | None:
        """What it is judged by: the best epoch's record, or its model's on the test texts."""
        return self.best if self.test is None else self.test.scores(self.folder)

    @property
    def final_scores(self) -> dict[str, Any]:
        """The scores of a run that has finished.

        Raises:
            ValueError: it has not.
        """
        if self.scores is None:
            raise ValueError(f"Expected a finished run. Received: {self.name}, {self.state}.")
        return self.scores

    @property
    def predictions(self) -> Path:
        """What it found in the texts that its F1 is of."""
        return self.folder / (PREDICTIONS if self.test is None else TEST_PREDICTIONS)

    @property
    def finished(self) -> bool:
        """Whether it is trained, and judged."""
        return self.trained and self.scores is not None

    @property
    def trained(self) -> bool:
        """Whether all its epochs have ended, or its patience has."""
        best = self.best
        if best is None or not self.options.patience:
            return len(self.records) >= self.options.epochs
        waited = self.records[-1]["epoch"] - best["epoch"]
        return waited >= self.options.patience or len(self.records) >= self.options.epochs

    @property
    def begun(self) -> bool:
        """Whether there is something to go on with."""
        return bool(self.records) or any((self.folder / CHECKPOINTS).glob("step-*"))

    @property
    def state(self) -> str:
        """In words, as the table shows it."""
        if self.finished:
            return "finished"
        if self.trained:
            return "not tested yet"
        if self.begun:
            return f"{len(self.records)} of {self.options.epochs} epochs"
        return "not run yet"

    def as_it_is_now(self) -> Run:
        """The same run, looked at again."""
        return Run(self.variant, self.seed, self.folder, self.options, self.test)


def asked_runs(
    output: Path,
    variants: Sequence[str],
    seeds: int,
    settings: Mapping[str, Any],
    sizes: Sizes = BLOG_SIZES,
    test: FinalTest | None = None,
) -> list[Run]:
    """The runs that are asked for: all variants with the first seed, then with the second.

    Args:
        output: the table's folder.
        variants: names of `VARIANTS`.
        seeds: how many; they are 1, 2 and so on.
        settings: options that all runs share.
        sizes: of data and encoder, for what the settings leave open.
        test: the texts that F1 is of, or `None`.

    Raises:
        InputError: a setting is out of its range.
    """
    return [
        _run(output, variant, seed, settings, sizes, test)
        for seed in range(1, seeds + 1)
        for variant in variants
    ]


def runs_beside(
    output: Path,
    asked: Sequence[Run],
    settings: Mapping[str, Any],
    failed: Iterable[str],
    sizes: Sizes = BLOG_SIZES,
    test: FinalTest | None = None,
) -> list[Run]:
    """The runs that stand in the table though they were not asked for.

    They lie in its folder, or are among those of which it is known that they failed.
    """
    names = {path.parent.name for path in (output / RUNS).glob(f"*/{RUN_CONFIG}")} | set(failed)
    matches = map(NAME.fullmatch, sorted(names - {run.name for run in asked}))
    return [
        _run(output, match[1], int(match[2]), settings, sizes, test)
        for match in matches
        if match and match[1] in VARIANTS
    ]


def _run(
    output: Path,
    variant: str,
    seed: int,
    settings: Mapping[str, Any],
    sizes: Sizes,
    test: FinalTest | None,
) -> Run:
    folder = output / RUNS / f"{variant}-seed-{seed}"
    return Run(variant, seed, folder, options_of(variant, settings, seed, sizes), test)


def expect_same_runs(runs: Sequence[Run], config: Mapping[str, Any]) -> None:
    """Check that what lies in the folders is what would be trained.

    Args:
        runs: the runs.
        config: `run_config` of any of them: input files are the same for all.

    Raises:
        InputError: an option or a file differs, or a run was trained for more epochs.
    """
    for run in runs:
        expect_same_run(run.folder, {**config, **run.options.flat()}, BEFORE)
        if len(run.records) > run.options.epochs:
            raise InputError(
                f"Expected at most {run.options.epochs} epochs. Received: {run.folder}, which "
                f"has {len(run.records)}. Ask for --epochs {len(run.records)}, or name another "
                "folder."
            )
