"""Time from the start of Python to the triples of the first text, for each runtime.

    python -m benchmarks.cold_start RUN --data lic2019/dev_data.json

Each start is a new process that loads the run or its float32 export. The runtimes take turns, and
the figures are medians: `clock` is the wall time of the whole process, `cpu` the processor time of
all its threads.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

import typer

from benchmarks.command import RunArgument, TextsOption, TurnsOption, run_command
from benchmarks.timing import Seconds, seconds_of

START = """
import sys
from gplinker_tf import RelationExtractor

folder, runtime, text = sys.argv[1:]
RelationExtractor.load(folder, runtime=runtime)(text)
"""


def main(run: RunArgument, data: TextsOption, turns: TurnsOption = 5) -> None:
    """Measure the startup time of each runtime."""
    from gplinker_tf.data import read_examples
    from gplinker_tf.export import export
    from gplinker_tf.extraction import RUNTIMES

    [example] = read_examples(data, limit=1)
    took: dict[str, list[Seconds]] = {runtime: [] for runtime in RUNTIMES}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "run"
        shutil.copytree(run, copy)
        for runtime in RUNTIMES:
            if runtime != "keras":
                export(copy, format=runtime, overwrite=True)
        for turn in range(turns + 1):
            for runtime, own in took.items():
                command = [sys.executable, "-c", START, str(copy), runtime, example.text]
                seconds = seconds_of(partial(subprocess.run, command, check=True))
                if turn:  # the first turn fills the file system's cache
                    own.append(seconds)
    typer.echo(f"{'':10}{'clock':>8}{'cpu':>8}")
    for runtime, own in took.items():
        clock, processor = map(median, zip(*own, strict=True))
        typer.echo(f"{runtime:10}{clock:>7.2f}s{processor:>7.2f}s")


if __name__ == "__main__":
    run_command(main)
