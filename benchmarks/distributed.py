"""Workers of a Ray cluster on this machine against one process that has all its cores.

    python -m benchmarks.distributed RUN --data lic2019/dev_data.json --texts 1024

Each speed is that between the first window of texts that is done and the last, so that starting
Ray and loading the model are left out. Ray gives its workers a low priority; to compare on a
machine where other programs run too, set RAY_worker_niceness=0.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterable
from itertools import cycle, islice
from typing import Annotated

import typer

from benchmarks.command import (
    RunArgument,
    Runtime,
    RuntimeOption,
    TextsOption,
    TurnsOption,
    run_command,
)
from gplinker_tf import Extraction
from gplinker_tf.data import read_examples
from gplinker_tf.distributed import WorkerExtractor, map_on_ray


def main(
    run: RunArgument,
    data: TextsOption,
    texts: Annotated[int, typer.Option(help="Texts of a turn.")] = 1024,
    window: Annotated[int, typer.Option(help="Texts that a worker is given at once.")] = 64,
    workers: Annotated[int, typer.Option(help="Workers, each with one thread.")] = 2,
    turns: TurnsOption = 3,
    runtime: RuntimeOption = Runtime.keras,
) -> None:
    """Measure both in turns, and check that they find the same."""
    known = [example.text for example in read_examples(data, limit=texts)]
    sent = list(islice(cycle(known), texts))
    windows = [sent[start : start + window] for start in range(0, texts, window)]
    extract = WorkerExtractor(run, runtime.value)
    ratios = []
    typer.echo(f"{'process/s':>12}{'workers/s':>12}{'ratio':>8}")
    for _ in range(turns):
        alone, expected = measured(map(extract, windows))
        on_ray, found = measured(map_on_ray(extract, windows, workers))
        ratios.append(on_ray / alone)
        typer.echo(f"{alone:>12,.1f}{on_ray:>12,.1f}{ratios[-1]:>8.0%}")
        if words(found) != words(expected):
            typer.echo("DIFFERENT triples")
            raise typer.Exit(1)
    typer.echo(f"Median of {os.cpu_count()} cores: {statistics.median(ratios):.0%} of one process")


def measured(results: Iterable[list[Extraction]]) -> tuple[float, list[Extraction]]:
    """Texts per second after the first window, and what was found."""
    results = iter(results)
    found = list(next(results))
    first, began = len(found), time.perf_counter()
    for extractions in results:
        found += extractions
    return (len(found) - first) / (time.perf_counter() - began), found


def words(found: list[Extraction]) -> list[tuple[str, set[tuple[str, str, str]]]]:
    return [(one.text, {triple.words for triple in one.triples}) for one in found]


if __name__ == "__main__":
    run_command(main)
