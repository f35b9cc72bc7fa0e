"""The files in a table's folder, besides the runs themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.comparison._jobs import in_new_process, train_run
from gplinker_tf.comparison._markdown import markdown_table
from gplinker_tf.comparison._picture import draw_table
from gplinker_tf.comparison._runs import Run
from gplinker_tf.comparison._speeds import measure_speeds, read_speeds
from gplinker_tf.comparison._summary import summary
from gplinker_tf.comparison.failures import FAILURES, FULL, reason_of
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.runs import wait_until_free

SPEEDS = "speeds.json"

#: How long to wait for a run's folder, in seconds: for the end of a step and a checkpoint.
PATIENCE = 300


@dataclass
class Table:
    """A table, which is written after each run that it trains.

    Args:
        output: the folder.
        runs: all runs that belong to the table.
        setting: what they have in common.
        failures: the reasons why runs failed, by run name.
        data: the data folder.
        encoder: the encoder folder.
        report: takes lines of text.
    """

    output: Path
    runs: Sequence[Run]
    setting: Mapping[str, Any]
    failures: dict[str, str]
    data: DataFolder
    encoder: EncoderFolder
    report: Callable[[str], None]

    def train(self, asked: Sequence[Run], strategy: str) -> None:
        """Train those of the runs asked for that are not trained yet.

        Raises:
            OSError: the disk is full.
        """
        self.write()
        for number, run in enumerate(asked, start=1):
            title = title_of(run, number, len(asked))
            self.report(f"{title}: {run.plan}")
            if run.finished:
                continue
            wait_until_free(run.folder, PATIENCE, self.report)
            try:
                in_new_process(train_run, run, self.data, self.encoder, strategy)
            except FAILURES as failure:
                if isinstance(failure, OSError) and failure.errno in FULL:
                    raise
                if isinstance(failure, RuntimeError):
                    self.report(str(failure))  # the traceback; the table has its last line
                self.failures[run.name] = _reason(run, failure)
                self.report(f"{title} failed: {self.failures[run.name]}")
            self.write()

    def measure(self, again: bool) -> None:
        """Measure the first finished run of each variant."""
        first: dict[str, Run] = {}
        for run in self.runs:
            if run.finished:
                first.setdefault(run.variant, run)
        if first:
            runs, path = list(first.values()), self.output / SPEEDS
            measure_speeds(path, runs, self.data, self.encoder, self.report, again)

    def write(self) -> dict[str, Any]:
        """Write the current table.

        Returns:
            The content of `table.json`.
        """
        for run in self.runs:
            if run.finished:
                self.failures.pop(run.name, None)
        speeds = read_speeds(self.output / SPEEDS)
        summed = summary(self.runs, self.setting, speeds, self.failures)
        texts = {
            "table.json": json.dumps(summed, ensure_ascii=False, indent=1),
            "table.md": markdown_table(summed),
        }
        for name, text in texts.items():
            with whole_file(self.output / name) as unfinished:
                unfinished.write_text(text, "utf-8")
        draw_table(self.output / "table.png", summed)
        return summed


def title_of(run: Run, number: int, count: int) -> str:
    """Return the title of a run among those asked for."""
    return f"run {number} of {count}: {run.variant}, seed {run.seed}"


def read_failures(output: Path) -> dict[str, str]:
    """Return the reasons why runs failed, by run name, from the table in a folder."""
    try:
        rows = json.loads((output / "table.json").read_text("utf-8"))["rows"]
        runs = [run for row in rows for run in row["runs"]]
        return {run["name"]: run["failure"] for run in runs if "failure" in run}
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return {}  # there is none, or a damaged one, which is soon rewritten


def _reason(run: Run, failure: BaseException) -> str:
    """Return why a run failed; if memory ran out, with an option that takes less of it."""
    if not isinstance(failure, MemoryError):
        return reason_of(failure)
    size, parts = run.options.batch_size, run.options.accumulation
    at_once = -(-size // parts)
    what = f"Probably out of memory with {at_once} texts at once ({reason_of(failure)})."
    if at_once == 1:
        return f"{what} Shorten the texts with --max-length, or use another machine."
    return (
        f"{what} The same command with --accumulation {2 * parts} computes {-(-at_once // 2)} at "
        "once: less memory, the same steps. Finished runs are kept."
    )
