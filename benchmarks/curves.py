"""Time and memory of a pointer layer and its loss, by number of predicates and by length."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.worker import Worker

BASE = {"texts": 16, "length": 128, "labels": 49, "hidden_size": 768}
AXES = {"labels": (10, 50, 200, 1000), "length": (64, 128, 256, 512)}
TITLES = {"labels": "predicates (L = 128)", "length": "tokens, L (49 predicates)"}
SIDES = {
    "gplinker_tf, efficient": ("ours:pointer", "efficient"),
    "bert4keras, efficient": ("bert4keras:pointer", "efficient"),
    "gplinker_tf, standard": ("ours:pointer", "standard"),
    "bert4keras, standard": ("bert4keras:pointer", "standard"),
}
COLUMNS = ("axis", "value", "side", "milliseconds", "peak_extra_mebibytes")


def measure(repeats: int = 3) -> Iterator[dict]:
    """Yield one row per side and point, along both axes."""
    for axis, values in AXES.items():
        for value in values:
            for name, (side, kind) in SIDES.items():
                with Worker(side, kind=kind, **BASE | {axis: value}) as worker:
                    worker.seconds("small")
                    peak = worker.peak_mebibytes("step")
                    seconds = median(worker.seconds("step").clock for _ in range(repeats))
                row = axis, value, name, round(seconds * 1e3, 1), round(peak, 1)
                yield dict(zip(COLUMNS, row, strict=True))


def write(rows: list[dict], path: Path) -> None:
    """Write the rows as CSV."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def draw(rows: list[dict], column: str, label: str, path: Path) -> None:
    """Plot one column against the number of predicates and against the length."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.8), layout="constrained")
    for axes, axis in zip(figure.subplots(1, 2, sharey=True), AXES, strict=True):
        for name in SIDES:
            points = [r for r in rows if r["axis"] == axis and r["side"] == name]
            ours, efficient = name.startswith("gplinker_tf"), name.endswith("efficient")
            axes.plot(
                [row["value"] for row in points],
                [max(row[column], 1) for row in points],
                color="tab:blue" if ours else "tab:gray",
                linestyle="-" if efficient else "--",
                marker="o",
                label=name,
            )
        axes.set(xscale="log", yscale="log", xlabel=TITLES[axis])
        axes.set_xticks(AXES[axis], [f"{value:,}" for value in AXES[axis]])
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    first = figure.axes[0]
    first.set_ylabel(label)
    first.legend(fontsize="small")
    figure.savefig(path, dpi=110)
