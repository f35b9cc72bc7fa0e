"""A long stream of texts for `gplinker extract`: its memory use, and recovery when it is killed.

    python -m benchmarks.stream memory RUN --lines 1000000
    python -m benchmarks.stream kills RUN --kills 20

The texts are made up, one short line each. A small model such as the quickstart's is enough,
because the stream is measured and not the model.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from benchmarks.command import RunArgument, run_command

#: Lines of output after which memory is measured first, then each time their number has doubled.
FIRST_LOOK = 10_000

Lines = Annotated[int, typer.Option(help="Number of texts, one per line.")]


def memory(run: RunArgument, lines: Lines = 1_000_000) -> None:
    """Print the resident memory of an extraction through pipes as it goes on."""
    process = start(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    threading.Thread(target=feed, args=[process, lines], daemon=True).start()
    began, look, first = time.perf_counter(), FIRST_LOOK, 0.0
    typer.echo(f"{'line':>12}{'MiB':>8}{'change':>9}{'lines/s':>9}")
    for number, _ in enumerate(process.stdout, start=1):
        if number in (look, lines):
            resident = resident_mebibytes(process.pid)
            first = first or resident
            speed = number / (time.perf_counter() - began)
            typer.echo(f"{number:>12,}{resident:>8,.0f}{resident / first - 1:>+9.1%}{speed:>9,.0f}")
            look *= 2
    process.wait()


def kills(
    run: RunArgument,
    lines: Lines = 20_000,
    kills: Annotated[int, typer.Option(help="Number of times to kill it.")] = 20,
    seed: Annotated[int, typer.Option(help="Seed that determines when.")] = 0,
) -> None:
    """Check that a run killed and resumed many times writes what an uninterrupted one does."""
    with TemporaryDirectory() as folder:
        texts, whole, output = (Path(folder) / name for name in ("texts", "whole", "found"))
        texts.write_text("".join(made_up(lines)), "utf-8")
        start(run, texts, "--output", whole).wait()
        size, chance = whole.stat().st_size, random.Random(seed)
        resumed = texts, "--output", output, "--resume"
        for place in sorted(chance.random() for _ in range(kills)):
            process = start(run, *resumed)
            while process.poll() is None and written(output) < place * size:
                time.sleep(0.002)
            ended = process.poll() is not None
            process.kill()
            process.wait()
            typer.echo(
                f"{'finished before it was killed,' if ended else 'killed'} at byte "
                f"{written(output):,} of {size:,}"
            )
        start(run, *resumed).wait()
        same = output.read_bytes() == whole.read_bytes()
    typer.echo(f"{lines:,} lines, {kills} kills: {'equal' if same else 'DIFFERENT'}")
    raise typer.Exit(not same)


def start(run: Path, *arguments: Any, **streams: Any) -> subprocess.Popen:
    """Start an extraction of at most two triples per text, in a process of its own."""
    command = [sys.executable, "-m", "gplinker_tf", "extract", run, *arguments]
    limits = ["--max-triples", "2"]
    return subprocess.Popen(list(map(str, command + limits)), stderr=subprocess.DEVNULL, **streams)


def made_up(lines: int) -> Iterator[str]:
    return (f"{number} 周星驰主演《喜剧之王》\n" for number in range(lines))


def feed(process: subprocess.Popen, lines: int) -> None:
    for line in made_up(lines):
        process.stdin.write(line.encode())
    process.stdin.close()


def written(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def resident_mebibytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    run_command(memory, kills)
