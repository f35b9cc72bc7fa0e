"""The runs of a table: their folders and their progress."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

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
    sha256_of,
)
from gplinker_tf.training.options import BEFORE, SettledOptions

RUNS, NAME = "runs", re.compile(r"(.+)-seed-(\d+)")
TEST_PREDICTIONS, TEST_SCORES = "test_pred.json", "test.json"


class FinalTest(NamedTuple):
    """Held-out texts for the final evaluation, not used in training or to choose an epoch.

    Args:
        path: the file.
        sha256: the SHA-256 of the file, which identifies it.
    """

    path: str
    sha256: str

    @classmethod
    def open(cls, path: str | Path) -> FinalTest:
        """Return the final test for a file.

        Raises:
            InputError: there is no such file.
        """
        if not Path(path).is_file():
            raise InputError(f"No such file: test={str(path)!r}.")
        return cls(str(Path(path).resolve()), sha256_of(Path(path)))


@dataclass(frozen=True)
class Run:
    """One variant with one seed, in an ordinary run folder.

    Args:
        variant: a name in `VARIANTS`.
        seed: the seed.
        folder: the run folder, which need not exist.
        options: the options that it is, or would be, trained with.
        test: the texts that its F1 is measured on; `None` for the dev texts.
    """

    variant: str
    seed: int
    folder: Path
    options: SettledOptions
    test: FinalTest | None = None

    @property
    def name(self) -> str:
        """The name of the run folder."""
        return self.folder.name

    @property
    def records(self) -> tuple[dict[str, Any], ...]:
        """The records of the epochs that have ended."""
        return read_history(self.folder / HISTORY)

    @property
    def config(self) -> dict[str, Any]:
        """Its `run.yaml`, including the versions that it was trained with."""
        return yaml.safe_load((self.folder / RUN_CONFIG).read_text("utf-8"))

    @property
    def minutes_trained(self) -> float:
        """Training time in minutes, without evaluation."""
        return sum(record["training_seconds"] for record in self.records) / 60

    @property
    def scores(self) -> dict[str, Any]:
        """The final scores: the best epoch's record, or its model's scores on the test texts.

        Empty if there are none yet.
        """
        if self.test is None:
            return best_epoch(self.records) or {}
        try:
            scores = json.loads((self.folder / TEST_SCORES).read_text("utf-8"))
            return scores if scores["sha256"] == self.test.sha256 else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    @property
    def predictions(self) -> Path:
        """The file with what it found in the texts that its F1 is measured on."""
        return self.folder / (PREDICTIONS if self.test is None else TEST_PREDICTIONS)

    @property
    def finished(self) -> bool:
        """Whether it is trained and has its final scores."""
        return self.trained and bool(self.scores)

    @property
    def trained(self) -> bool:
        """Whether all its epochs have ended, or it has run out of patience."""
        records, patience = self.records, self.options.patience
        best = best_epoch(records)
        if patience and best and records[-1]["epoch"] - best["epoch"] >= patience:
            return True
        return len(records) >= self.options.epochs

    @property
    def state(self) -> str:
        """Its progress, as the table shows it."""
        if self.trained:
            return "finished" if self.scores else "not tested yet"
        if self.records or any((self.folder / CHECKPOINTS).glob("step-*")):
            return f"{len(self.records)} of {self.options.epochs} epochs"
        return "not run yet"

    @property
    def plan(self) -> str:
        """A description of what is left to do."""
        state = self.state
        if state == "finished":
            return f"finished, F1 {self.scores['f1']:.4f}"
        if state == "not tested yet":
            return "trained, not tested yet"
        if state == "not run yet":
            return f"{self.options.epochs} epochs to train"
        return f"continues, {state} done"

    def expect_same(self, config: Mapping[str, Any]) -> None:
        """Check that the run in the folder is the one that would be trained.

        Args:
            config: the `run_config` of any run, as all have the same input files.

        Raises:
            InputError: an option or a file differs, or the run was trained for more epochs.
        """
        expect_same_run(self.folder, {**config, **self.options.flat()}, BEFORE)
        if (epochs := len(self.records)) > self.options.epochs:
            raise InputError(
                f"Expected at most {self.options.epochs} epochs. Received: {self.folder}, which "
                f"has {epochs}. Use --epochs {epochs}, or name another folder."
            )


@dataclass(frozen=True)
class Runs:
    """The runs that a table's folder can have.

    Args:
        output: the folder.
        settings: options for all runs.
        sizes: the sizes of data and encoder, for what the settings leave open.
        test: the texts that F1 is measured on; `None` for the dev texts.
    """

    output: Path
    settings: Mapping[str, Any]
    sizes: Sizes = BLOG_SIZES
    test: FinalTest | None = None

    def run(self, variant: str, seed: int) -> Run:
        """Return the run of a variant with a seed.

        Raises:
            InputError: a setting is out of range.
        """
        folder = self.output / RUNS / f"{variant}-seed-{seed}"
        options = options_of(variant, self.settings, seed, self.sizes)
        return Run(variant, seed, folder, options, self.test)

    def asked(self, variants: Sequence[str], seeds: int) -> list[Run]:
        """Return the runs of all variants with the first seed, then with the second."""
        return [self.run(variant, seed) for seed in range(1, seeds + 1) for variant in variants]

    def beside(self, asked: Sequence[Run], failed: Iterable[str]) -> list[Run]:
        """Return the runs that are in the table although they were not asked for.

        They have a folder, or are known to have failed.
        """
        found = {path.parent.name for path in (self.output / RUNS).glob(f"*/{RUN_CONFIG}")}
        names = sorted({*found, *failed} - {run.name for run in asked})
        matches = filter(None, map(NAME.fullmatch, names))
        return [self.run(match[1], int(match[2])) for match in matches if match[1] in VARIANTS]
