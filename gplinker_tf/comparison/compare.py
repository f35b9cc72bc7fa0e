"""The whole table: train what is not trained, measure, write."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.comparison._final_test import FinalTest
from gplinker_tf.comparison._markdown import markdown_table
from gplinker_tf.comparison._picture import draw_table
from gplinker_tf.comparison._processes import FULL, NO_MEMORY, NO_ROOM, ChildFailure, ask_child
from gplinker_tf.comparison._runs import Run, asked_runs, expect_same_runs, runs_beside
from gplinker_tf.comparison._speeds import SPEEDS, Speeds
from gplinker_tf.comparison._summary import Setting, summary
from gplinker_tf.comparison.variants import Sizes, options_of
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.errors import InputError
from gplinker_tf.runs import lock_folder, run_config, wait_until_free
from gplinker_tf.training import TrainingOptions
from gplinker_tf.training.options import ON_ONE_MACHINE
from gplinker_tf.training.preparation import fitting_config

TABLE = "table"

#: How long a run's folder is waited for, in seconds: the end of a step and a checkpoint.
PATIENCE = 300


@dataclass(frozen=True)
class TableResult:
    """How it ended.

    Args:
        summary: what `table.json` holds.
        failures: by the names of the runs asked for, why they failed.

    Example:

    >>> result = TableResult({"rows": []}, failures={"casrel-1": "Probably out of memory."})
    >>> for name, why in result.failures.items():
    ...     print(f"{name}: {why}")
    casrel-1: Probably out of memory.
    """

    summary: dict[str, Any]
    failures: dict[str, str]


def make_table(
    data: DataFolder,
    encoder: EncoderFolder,
    output: str | Path,
    variants: Sequence[str],
    seeds: int = 1,
    settings: Mapping[str, Any] | None = None,
    report: Callable[[str], None] = print,
    measure: bool = True,
    measure_again: bool = False,
    dry_run: bool = False,
    strategy: str = "single",
    test: str | Path | None = None,
) -> TableResult | None:
    """Trains each variant with each seed, measures speed and memory, and writes the table.

    A run that has finished is not trained again, one that has begun goes on, whether a table or
    `gplinker train` began it. The table is written anew after each run, so that there always is
    one. A run that fails is named in it, and the others go on; a full disk ends it all.

    Args:
        data: the data folder.
        encoder: the encoder folder.
        output: the folder of `table.md`, `table.json`, `table.png`, `speeds.json` and `runs`.
        variants: names of `VARIANTS`; what else lies in the folder stands in the table too.
        seeds: how many; they are 1, 2 and so on.
        settings: options that all runs share, by the names of `TrainingOptions`.
        report: takes lines of text.
        measure: measure speed and memory when all is trained.
        measure_again: measure even what is measured already.
        dry_run: report what would be trained, and write nothing.
        strategy: where it is trained: `"single"`, on one device; `"mirrored"`, on all of this
            machine. Speed and memory are measured on one.
        test: annotated texts that each run's best model is judged by, once it is trained; `None`
            judges by the data folder's own, by which the epoch is chosen too.

    Returns:
        How it ended, or `None` from a dry run.

    Raises:
        InputError: a file or a setting can't be used, a run in the folder is another one, another
            table is being made in it, or the disk is full.
        KeyboardInterrupt: it was interrupted; the run has written a checkpoint.

    Example:

    >>> import tempfile
    >>> from importlib.resources import files
    >>> sample = files("gplinker_tf.data") / "sample"
    >>> data, encoder = DataFolder.open(sample), EncoderFolder.open(sample, weights_required=False)
    >>> output, variants = tempfile.mkdtemp(), ["casrel", "gplinker-efficient"]
    >>> make_table(data, encoder, output, variants, settings={"epochs": 30}, dry_run=True)
    run 1 of 2: casrel, seed 1: 30 epochs to train
    run 2 of 2: gplinker-efficient, seed 1: 30 epochs to train
    """
    if strategy not in ON_ONE_MACHINE:
        raise InputError(
            f"Expected one of {', '.join(ON_ONE_MACHINE)}: a table is made on one machine. "
            f"Received: strategy={strategy!r}."
        )
    output, settings = Path(output), dict(settings or {})
    test_file = None if test is None else FinalTest.open(test)
    config = run_config(data, encoder, {})
    # Of options that are out of range the error comes first, and reading takes long.
    first = options_of(variants[0], settings, seed=1)
    setting = _setting(data, encoder, first, config, test_file)
    sizes = Sizes(setting.texts, setting.hidden, encoder.checkpoint_path is not None)
    runs = asked_runs(output, variants, seeds, settings, sizes, test_file)
    beside = runs_beside(output, runs, settings, _failures(output), sizes, test_file)
    expect_same_runs([*runs, *beside], config)
    if dry_run:
        for number, run in enumerate(runs, start=1):
            report(f"{_title(number, len(runs), run)}: {_plan(run)}")
        return None
    with lock_folder(output):
        table = _Table(output, [*runs, *beside], setting)
        places = {
            "data": {
                "folder": config["data"],
                "schema": config["schema"],
                "schema_from_data": config["schema_from_data"],
            },
            "encoder": config["encoder"],
        }
        try:
            where = {**places, "strategy": strategy, "test": test_file and asdict(test_file)}
            _train(table, runs, where, report)
            if measure and table.finished:
                table.speeds.measure(table.finished, data, places, report, measure_again)
            summed = table.write()
        except KeyboardInterrupt:
            report("Interrupted. The same command continues.")
            raise
        except OSError as error:
            if error.errno not in FULL:
                raise InputError(f"{output}: the table cannot be made: {error}") from error
            reason = error.strerror or str(error)
            raise _no_room(output, "the table cannot be written", reason) from error
    failures = {r.name: table.failures[r.name] for r in runs if r.name in table.failures}
    return TableResult(summed, failures)


class _Table:
    """What stands in the folder, beside the runs themselves."""

    def __init__(self, output: Path, runs: Sequence[Run], setting: Setting) -> None:
        self.output = output
        self._runs = runs
        self._setting = setting
        self.speeds = Speeds(output / SPEEDS)
        self.failures = _failures(output)

    @property
    def finished(self) -> list[Run]:
        """Of each variant the first run that has finished."""
        first: dict[str, Run] = {}
        for run in map(Run.as_it_is_now, self._runs):
            if run.finished:
                first.setdefault(run.variant, run)
        return list(first.values())

    def write(self) -> dict[str, Any]:
        """Writes the table as it is now."""
        runs = [run.as_it_is_now() for run in self._runs]
        done = {run.name for run in runs if run.finished}
        self.failures = {name: why for name, why in self.failures.items() if name not in done}
        summed = summary(runs, self._setting, self.speeds, self.failures)
        texts = {
            f"{TABLE}.json": json.dumps(summed, ensure_ascii=False, indent=1),
            f"{TABLE}.md": markdown_table(summed),
        }
        for name, text in texts.items():
            with whole_file(self.output / name) as unfinished:
                unfinished.write_text(text, "utf-8")
        draw_table(self.output / f"{TABLE}.png", summed)
        return summed


def _train(
    table: _Table, runs: Sequence[Run], where: dict[str, Any], report: Callable[[str], None]
) -> None:
    table.write()
    for number, run in enumerate(runs, start=1):
        title = _title(number, len(runs), run)
        report(f"{title}: {_plan(run)}")
        if run.finished:
            continue
        options = run.options.flat()
        wait_until_free(run.folder, PATIENCE, report)
        try:
            ask_child("train_run", **where, output=str(run.folder), options=options)
        except ChildFailure as failure:
            if failure.kind == NO_ROOM:
                raise _no_room(table.output, title, str(failure)) from failure
            table.failures[run.name] = _why(run, failure)
            report(f"{title} failed: {table.failures[run.name]}")
        table.write()


def _title(number: int, count: int, run: Run) -> str:
    return f"run {number} of {count}: {run.variant}, seed {run.seed}"


def _plan(run: Run) -> str:
    if run.finished:
        return f"finished, F1 {run.final_scores['f1']:.4f}"
    if run.trained:
        return "trained, not tested yet"
    if run.begun:
        return f"continues, {run.state} done"
    return f"{run.options.epochs} epochs to train"


def _why(run: Run, failure: ChildFailure) -> str:
    """What failed; where it was memory, the batch that takes less of it."""
    if failure.kind != NO_MEMORY:
        return str(failure)
    size, parts = run.options.batch_size, run.options.accumulation
    at_once = -(-size // parts)
    what = f"Probably out of memory with {at_once} texts at once ({failure})."
    if at_once == 1:
        return f"{what} Shorten the texts with --max-length, or use another machine."
    return (
        f"{what} The same command with --accumulation {2 * parts} computes {-(-at_once // 2)} at "
        "once: less memory, the same steps. Finished runs are kept."
    )


def _no_room(output: Path, what: str, reason: str) -> InputError:
    return InputError(
        f"{output}: {what} ({reason}). Finished runs are kept. Free some space; the same command "
        "then continues."
    )


def _failures(output: Path) -> dict[str, str]:
    """By the names of runs why they failed, as the table in the folder says."""
    path = output / f"{TABLE}.json"
    try:
        rows = json.loads(path.read_text("utf-8"))["rows"] if path.is_file() else []
        runs = [run for row in rows for run in row["runs"]]
        return {run["name"]: run["failure"] for run in runs if "failure" in run}
    except (ValueError, KeyError, TypeError):  # damaged, and soon written anew
        return {}


def _setting(
    data: DataFolder,
    encoder: EncoderFolder,
    options: TrainingOptions,
    config: dict[str, Any],
    test: FinalTest | None,
) -> Setting:
    """Reads all input, so that what can't be used is known before anything is trained."""
    schema = data.read_schema()
    sizes = fitting_config(encoder, options)
    return Setting(
        data=Path(config["data"]).name,
        texts=len(read_examples(data.train, schema, options.limit)),
        dev_texts=len(read_examples(data.dev, schema, options.dev_limit)),
        test=Path(test.path).name if test else None,
        test_texts=len(read_examples(test.path, schema)) if test else 0,
        encoder=Path(config["encoder"]).name,
        layers=sizes["num_hidden_layers"],
        hidden=sizes["hidden_size"],
        sha256=config["sha256"],
    )
