"""Ray workers on one machine, compared with one process that uses all its cores.

    python -m benchmarks.distributed RUN --data lic2019/dev_data.json --texts 1024

Speed is measured from the end of the first window of texts to the end of the last, so that starting
Ray and loading the model are left out. `ms` is the processor time per text: of the processes that
extract, after the first window of each, and with workers also of the process that sends the texts.
`cpu` is the ratio of these; it is more reliable than `ratio` if other programs run. Ray gives its
workers a low priority: in that case also set RAY_worker_niceness=0.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from itertools import cycle, islice
from statistics import median
from typing import Annotated, NamedTuple

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
    texts: Annotated[int, typer.Option(help="Texts per turn.")] = 1024,
    window: Annotated[int, typer.Option(help="Texts that a worker gets at a time.")] = 64,
    workers: Annotated[int, typer.Option(help="Workers, each with one thread.")] = 2,
    turns: TurnsOption = 3,
    runtime: RuntimeOption = Runtime.keras,
) -> None:
    """Measure both in turns, and check that they find the same triples."""
    known = [example.text for example in read_examples(data, limit=texts)]
    sent = list(islice(cycle(known), texts))
    windows = [sent[start : start + window] for start in range(0, texts, window)]
    extract = TimedExtractor(WorkerExtractor(run, runtime.value))
    ratios = []
    typer.echo(f"{'one process':>24}{'workers':>24}{'ratio':>8}{'cpu':>8}")
    for _ in range(turns):
        alone = paced(map(extract, windows))
        on_ray = paced(map_on_ray(extract, windows, workers))
        ratios.append((on_ray.speed / alone.speed, alone.processor / on_ray.processor))
        typer.echo(f"{alone}{on_ray}" + "".join(f"{ratio:>8.0%}" for ratio in ratios[-1]))
        if on_ray.words != alone.words:
            typer.echo("DIFFERENT triples")
            raise typer.Exit(1)
    clock, processor = map(median, zip(*ratios, strict=True))
    typer.echo(
        f"Median on {os.cpu_count()} cores: {clock:.0%} of the speed of one process, "
        f"{processor:.0%} by processor time"
    )


class TimedExtractor:
    """An extractor that also reports its process and the processor time used so far."""

    def __init__(self, extract: WorkerExtractor) -> None:
        self.extract = extract

    def __call__(self, texts: list[str]) -> Window:
        return Window(self.extract(texts), os.getpid(), time.process_time())


class Window(NamedTuple):
    """The extractions of some texts, the process that made them, and its processor time so far."""

    found: list[Extraction]
    process: int
    processor: float


class Pace(NamedTuple):
    """The speed of extraction and what a text costs.

    Args:
        speed: texts per second.
        processor: seconds of processor time per text.
        words: each text with the triples found in it.
    """

    speed: float
    processor: float
    words: list[tuple[str, set[tuple[str, str, str]]]]

    def __str__(self) -> str:
        return f"{self.speed:>10,.1f}/s{self.processor * 1000:>9.1f} ms"


def paced(results: Iterable[Window]) -> Pace:
    """Return the pace after the first window; processor time, after each process's first."""
    results = iter(results)
    windows = [next(results)]
    began, used = time.perf_counter(), time.process_time()
    windows += results
    texts = sum(len(window.found) for window in windows[1:])
    speed = texts / (time.perf_counter() - began)
    by_process: dict[int, list[Window]] = {}
    for window in windows:
        by_process.setdefault(window.process, []).append(window)
    taken = sum(own[-1].processor - own[0].processor for own in by_process.values())
    read = sum(len(window.found) for own in by_process.values() for window in own[1:])
    giving = 0.0 if os.getpid() in by_process else (time.process_time() - used) / texts
    found = [extraction for window in windows for extraction in window.found]
    words = [(one.text, {triple.words for triple in one.triples}) for one in found]
    return Pace(speed, taken / read + giving, words)


if __name__ == "__main__":
    run_command(main)
