"""Many short training runs, each in its own process; finished runs are kept and not repeated."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from tqdm import tqdm

from benchmarks.worker import figures_or_failure
from gplinker_tf import TrainingOptions
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder

SchemaOption = Annotated[Path | None, typer.Option(help="Schema, if the folder has none.")]
LayersOption = Annotated[int | None, typer.Option(help="Use only the first N encoder layers.")]
ParallelOption = Annotated[int, typer.Option(min=1, help="Number of runs in parallel.")]
OutputOption = Annotated[
    Path, typer.Option(help="Results file, one JSON line per run; finished runs are kept.")
]


class ShortRun(NamedTuple):
    """A short run; settings that are not given are those of the recipe.

    Args:
        group: the variant that the run belongs to.
        number: the number of the run within its group.
        settings: training options by name.
    """

    group: str | int
    number: int
    settings: dict[str, Any]


def finished(
    runs: Iterable[ShortRun],
    data: DataFolder,
    encoder: EncoderFolder,
    parallel: int,
    output: Path,
) -> list[dict[str, Any]]:
    """Train the runs that are not in `output` yet, and return the records of all that succeeded."""
    runs = list(runs)
    done = _read(output)
    left = [run for run in runs if run[:2] not in done]
    with output.open("a", encoding="utf-8") as lines, ThreadPoolExecutor(parallel) as pool:
        jobs = {pool.submit(_outcome_of, run.settings, data, encoder): run for run in left}
        try:
            for job in tqdm(as_completed(jobs), total=len(left), unit=" runs", disable=not left):
                run = jobs[job]
                record = {**run._asdict(), **job.result()}
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")
                lines.flush()
                if "f1" in record:
                    done[run[:2]] = record
                else:
                    typer.echo(f"{run.group}, {run.number}: {record['failure']}", err=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # starts no more runs after Ctrl-C
            raise
    return [done[run[:2]] for run in runs if run[:2] in done]


def _read(output: Path) -> dict[tuple[Any, ...], dict[str, Any]]:
    if not output.exists():
        return {}
    records = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    return {(each["group"], each["number"]): each for each in records if "f1" in each}


def _outcome_of(
    settings: dict[str, Any], data: DataFolder, encoder: EncoderFolder
) -> dict[str, Any]:
    return figures_or_failure(lambda worker: worker.call(outcome, settings, data, encoder))


def outcome(settings: dict[str, Any], data: DataFolder, encoder: EncoderFolder) -> dict[str, Any]:
    """Train in a temporary folder, and return the results.

    Returns:
        `f1` of the best epoch on the dev set, the `counts` of each dev text (see `text_counts`),
        and the `processor_seconds` of the training steps.
    """
    from gplinker_tf.backend import keras
    from gplinker_tf.extraction.folder import read_config, tokenizer_of
    from gplinker_tf.metrics.matching import tokenized_key
    from gplinker_tf.metrics.text_counts import text_counts
    from gplinker_tf.runs import read_predictions
    from gplinker_tf.training import train

    class Clock(keras.callbacks.Callback):
        """Time of the steps, except the first of each epoch, which may have to build a graph."""

        seconds = 0.0

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch:
                self.seconds += time.process_time() - self.before
            self.before = time.process_time()

    clock = Clock()
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "run")
        result = train(
            *(data, encoder, folder, TrainingOptions.of(settings)),
            progress=False,
            report=lambda line: None,
            callbacks=[clock],
        )
        best = result.best
        if best is None:
            return {"failure": "no epoch has finished"}
        tokenize = tokenizer_of(read_config(folder), folder).tokenize
        counts = text_counts(*read_predictions(folder / "dev_pred.json"), tokenized_key(tokenize))
    seconds = round(clock.seconds, 2)
    return {"f1": best["f1"], "processor_seconds": seconds, "counts": counts.tolist()}
