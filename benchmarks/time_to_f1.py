"""How many minutes of training the models take until they find as much as the script's best."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.comparison import SPEED_UP, Result
from benchmarks.settings import Settings
from benchmarks.worker import Worker

#: The best F1 of the script on bert4keras in seven epochs, docs/results.md.
F1 = 0.518

#: Steps of 16 texts between two evaluations, a quarter of an epoch, and the most of these parts.
STEPS, MOST_PARTS = 75, 40

GPLINKER, SCRIPT = "GPLinker", "the script on bert4keras"
SIDES = {
    GPLINKER: ("ours:learning", {"model": "gplinker"}),
    "CasRel": ("ours:learning", {"model": "casrel"}),
    "TPLinker-plus": ("ours:learning", {"model": "tplinker-plus"}),
    SCRIPT: ("bert4keras:learning", {}),
}
#: Of what `gplinker train` chooses, and of the script, the same for all.
ARGUMENTS = {"encoder_layers": 6, "steps": STEPS, "sentences": 400}
COLUMNS = ("side", "minutes", "f1")


def time_to_f1(settings: Settings) -> Iterator[Result]:
    """Minutes of training until F1 on 400 dev lines passes .518; all sides take turns.

    Only training counts, not the evaluation after each quarter of an epoch. Once it has passed, a
    side rests. Every point is written to time-to-f1.csv and drawn in time-to-f1.png.
    """
    arguments = {"data": settings.data, "encoder": settings.encoder, **ARGUMENTS}
    points: list[tuple[str, float, float]] = []
    minutes = dict.fromkeys(SIDES, 0.0)
    with ExitStack() as stack:
        learning = {
            name: stack.enter_context(Worker(side, **arguments, **own))
            for name, (side, own) in SIDES.items()
        }
        for part in range(MOST_PARTS):
            for name, worker in list(learning.items()):
                minutes[name] += worker.seconds("learn", part) / 60
                f1 = worker.value("f1")
                points.append((name, round(minutes[name], 2), round(f1, 4)))
                write(points, settings.folder / "time-to-f1.csv")
                if f1 >= F1:
                    del learning[name]
            if not learning:
                break
    draw(points, settings.folder / "time-to-f1.png")
    for name in SIDES:
        if name == GPLINKER or name in learning or GPLINKER in learning:
            continue
        ratio = minutes[name] / minutes[GPLINKER]
        yield Result(
            f"training until F1 passes {F1}",
            GPLINKER,
            name,
            "min",
            minutes[GPLINKER],
            minutes[name],
            ratio,
            ratio,
            ratio,
            1,
            ">= 15" if name == SCRIPT else "",
            SPEED_UP,
        )


def write(points: list[tuple[str, float, float]], path: Path) -> None:
    """A row per evaluation, as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(points)


def draw(points: list[tuple[str, float, float]], path: Path) -> None:
    """F1 over minutes of training, a line per side."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots()
    for name in SIDES:
        _, minutes, f1 = zip(*[p for p in points if p[0] == name], strict=True)
        color = {"color": "tab:gray"} if name == SCRIPT else {}
        axes.plot([0, *minutes], [0, *f1], marker=".", label=name, **color)
    axes.axhline(F1, color="black", linewidth=0.8, linestyle="--")
    axes.set(xlabel="minutes of training", ylabel="F1, 400 dev lines", ylim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=110)
