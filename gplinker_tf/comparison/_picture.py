"""The table as a picture: the F1 of each variant with its interval, and the blog's F1."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.comparison._markdown import state_of
from gplinker_tf.extras import is_there

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Colors that color-blind readers can tell apart, also in black and white (Okabe and Ito).
OURS, BLOGS, BLOGS_WORDS, QUIET = "#0072B2", "#E69F00", "#8A5F00", "#6E6E6E"

#: The style of the bar that shows the interval behind the mean.
INTERVAL: dict[str, Any] = {"color": OURS, "linewidth": 5, "alpha": 0.3, "solid_capstyle": "butt"}

#: In inches: the width, the height of a row, and the height of everything else.
WIDTH, ROW, REST = 8.8, 0.46, 1.35


def draw_table(path: Path, summary: Mapping[str, Any]) -> None:
    """Draw the table, if matplotlib is installed.

    Args:
        path: the PNG file to write.
        summary: the result of `summary`.
    """
    if not is_there("matplotlib"):
        return
    from matplotlib.figure import Figure

    rows = summary["rows"]
    figure = Figure(figsize=(WIDTH, REST + ROW * len(rows)), layout="constrained")
    axes = figure.subplots()
    other = "" if summary["setting"]["is_the_blogs"] else " (other data and encoder)"
    for place, row in enumerate(rows):
        _draw_row(axes, place, row, f"the blog{other}")
    axes.set_yticks(range(len(rows)), [row["variant"] for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    texts = "test" if summary["setting"]["test"] else "dev"
    axes.set_xlabel(f"F1 on {texts} texts, tokenized match")
    axes.tick_params(length=0, labelsize=10)
    axes.grid(axis="x", alpha=0.25)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.margins(x=0.08)
    _explain(figure, axes)
    with whole_file(path) as unfinished:
        figure.savefig(unfinished, format="png", dpi=150, facecolor="white")


def _draw_row(axes: Axes, place: int, row: Mapping[str, Any], blog: str) -> None:
    if row["blog_f1"] is not None:
        axes.plot(row["blog_f1"], place, "D", color=BLOGS, ms=7, mfc="white", mew=1.8, label=blog)
        _label(axes, row["blog_f1"], place, BLOGS_WORDS)
    if "f1" not in row:
        text = "failed" if state_of(row) == "-" else state_of(row)
        left = axes.get_yaxis_transform()
        axes.text(0.01, place, text, transform=left, va="center", color=QUIET, style="italic")
        return
    f1 = row["f1"]
    axes.plot(f1["interval"], [place, place], **INTERVAL, label="95 % interval, over texts")
    seeds = [run["f1"] for run in row["runs"] if run["state"] == "finished"]
    if len(seeds) > 1:
        axes.plot(seeds, [place] * len(seeds), "|", color=OURS, markersize=12, label="a seed")
    axes.plot(f1["mean"], place, "o", color=OURS, markersize=8, label="mean over seeds")
    _label(axes, f1["mean"], place, OURS)


def _label(axes: Axes, value: float, place: int, color: str) -> None:
    axes.annotate(
        f"{value:.3f}",
        (value, place),
        xytext=(0, 8),
        textcoords="offset points",
        ha="center",
        fontsize=9,
        color=color,
    )


def _explain(figure: Figure, axes: Axes) -> None:
    """Add a legend above the rows, only for what is drawn."""
    handles, labels = axes.get_legend_handles_labels()
    known = dict(zip(labels, handles, strict=True))
    if known:
        figure.legend(
            *(known.values(), known.keys()),
            loc="outside upper center",
            ncols=len(known),
            frameon=False,
            fontsize=9,
        )
