"""Minutes of training that each model needs to reach the best F1 of the script on bert4keras.

    python -m benchmarks.time_to_f1 --data lic2019 --encoder zh-e5-small

All models train in turns until their F1 on 400 dev texts has passed .518. Only training counts, not
the evaluation after each quarter of an epoch. The script takes two hours on two cores, the others
minutes. Every evaluation is written to OUTPUT/time-to-f1.csv and plotted in time-to-f1.png.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from benchmarks import report
from benchmarks.command import DataOption, EncoderOption, run_command
from benchmarks.comparison import SPEED_UP, Ratio, Result
from benchmarks.timing import Seconds
from benchmarks.worker import Worker

#: The best F1 of the script on bert4keras in seven epochs; see docs/results.md.
F1 = 0.518

#: Steps of 16 texts between evaluations (a quarter of an epoch), and the maximum number of parts.
STEPS, MOST_PARTS = 75, 40

GPLINKER, SCRIPT = "GPLinker", "the script on bert4keras"
SIDES = {
    GPLINKER: ("ours:learning", {"model": "gplinker"}),
    "CasRel": ("ours:learning", {"model": "casrel"}),
    "TPLinker-plus": ("ours:learning", {"model": "tplinker-plus"}),
    SCRIPT: ("bert4keras:learning", {}),
}
#: Arguments shared by all sides; everything else is the default of each.
ARGUMENTS = {"encoder_layers": 6, "steps": STEPS, "sentences": 400}


class Point(NamedTuple):
    """F1 of a side after some minutes of training, in wall time and in processor time."""

    side: str
    minutes: float
    processor_minutes: float
    f1: float


#: The columns of minutes, and their axis labels.
AXES = {
    "minutes": "minutes of training",
    "processor_minutes": "minutes of training, processor time",
}


def main(
    data: DataOption,
    encoder: EncoderOption,
    output: Annotated[Path, typer.Option(help="Folder of the results.")] = Path("build/benchmarks"),
) -> None:
    """Train all models in turns until they reach the script's F1."""
    output.mkdir(parents=True, exist_ok=True)
    typer.echo(report.markdown(list(time_to_f1(data, encoder, output))))


def time_to_f1(data: Path, encoder: Path, folder: Path) -> Iterator[Result]:
    """Train all sides in turns, each until it has passed; yield GPLinker compared with the others.

    Args:
        data: the folder of LIC2019's files.
        encoder: the folder of a BERT.
        folder: the folder of the CSV file and the picture.
    """
    arguments = {"data": data, "encoder": encoder, **ARGUMENTS}
    points: list[Point] = []
    took = dict.fromkeys(SIDES, Seconds(0.0, 0.0))
    with ExitStack() as stack:
        learning = {
            name: stack.enter_context(Worker(side, **arguments, **own))
            for name, (side, own) in SIDES.items()
        }
        for part in range(MOST_PARTS):
            for name, worker in list(learning.items()):
                took[name] += worker.seconds("learn", part)
                f1 = worker.value("f1")
                minutes = (round(seconds / 60, 2) for seconds in took[name])
                points.append(Point(name, *minutes, round(f1, 4)))
                typer.echo(f"{name}: F1 {f1:.3f} after {points[-1].minutes:.1f} minutes", err=True)
                write(points, folder / "time-to-f1.csv")
                if f1 >= F1:
                    del learning[name]
            if not learning:
                break
    draw(points, folder / "time-to-f1.png")
    for name in SIDES:
        if name == GPLINKER or name in learning or GPLINKER in learning:
            continue
        yield Result(
            *(f"training until F1 passes {F1}", GPLINKER, name, "min"),
            *(took[side].clock / 60 for side in (GPLINKER, name)),
            Ratio.of([took[name].clock / took[GPLINKER].clock]),
            SPEED_UP,
            target=">= 15" if name == SCRIPT else "",
            processor_ratio=Ratio.of([took[name].processor / took[GPLINKER].processor]),
        )


def write(points: list[Point], path: Path) -> None:
    """Write one row per evaluation, as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(Point._fields)
        writer.writerows(points)


def draw(points: list[Point], path: Path) -> None:
    """Plot F1 against minutes of training, one line per side: wall time and processor time."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4), layout="constrained")
    for axes, (column, label) in zip(figure.subplots(1, 2, sharey=True), AXES.items(), strict=True):
        for name in SIDES:
            own = [point for point in points if point.side == name]
            color = {"color": "tab:gray"} if name == SCRIPT else {}
            minutes = [0, *(getattr(point, column) for point in own)]
            axes.plot(minutes, [0, *(point.f1 for point in own)], marker=".", label=name, **color)
        axes.axhline(F1, color="black", linewidth=0.8, linestyle="--")
        axes.set(xlabel=label, ylim=(0, None))
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("F1, 400 dev lines")
    figure.axes[0].legend()
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    run_command(main)
