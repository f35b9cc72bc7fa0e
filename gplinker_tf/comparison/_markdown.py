"""The table as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gplinker_tf.comparison._speeds import WORKS
from gplinker_tf.report.markdown import plain, table

F1_TITLES = (
    *("model", "seeds", "F1", "lowest to highest", "95 % interval", "against reference"),
    *("exact F1", "precision", "recall", "blog's F1"),
)
COST_TITLES = (
    *("model", "head parameters", "minutes trained", "training, texts/s", "extraction, texts/s"),
    *("training, MiB", "extraction, MiB"),
)
NOTHING = "-"


def markdown_table(summary: Mapping[str, Any]) -> str:
    """Both halves of the table, what they mean, and what they were made with.

    Args:
        summary: what `summary` gives.
    """
    rows = summary["rows"]
    parts = [
        "# The blog's table",
        _setting(summary),
        "## F1",
        table(F1_TITLES, [_f1_cells(row) for row in rows]),
        *_remarks(rows),
        _about_f1(summary),
        "## Cost",
        table(COST_TITLES, [_cost_cells(row) for row in rows]),
        _about_cost(summary),
        "## Made with",
        _made_with(summary),
    ]
    return "\n\n".join(parts) + "\n"


def state_of(row: Mapping[str, Any]) -> str:
    """How far a variant without a finished run is: `-` where it failed.

    Example:

    >>> state_of({"runs": [{"state": "not run yet"}, {"state": "1 of 5 epochs"}]})
    '1 of 5 epochs'
    """
    if any("failure" in run for run in row["runs"]):
        return NOTHING
    states = [run["state"] for run in row["runs"]]
    return next((state for state in states if state != "not run yet"), states[0])


def _f1_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    done = [run for run in row["runs"] if run["state"] == "finished"]
    seeds = f"{len(done)} of {len(row['runs'])}"
    blog = NOTHING if row["blog_f1"] is None else f"{row['blog_f1']:.4f}"
    if not done:
        return (row["variant"], seeds, state_of(row), *[""] * 6, blog)
    f1 = row["f1"]
    spread = f"{f1['lowest']:.4f} to {f1['highest']:.4f}" if len(done) > 1 else NOTHING
    means = [row["exact_f1"]["mean"], row["precision"], row["recall"]]
    return (
        *(row["variant"], seeds, f"{f1['mean']:.4f}", spread, _between(f1["interval"])),
        *(_difference(row), *(f"{mean:.4f}" for mean in means), blog),
    )


def _difference(row: Mapping[str, Any]) -> str:
    if row["variant"] == row["reference"]:
        return "reference"
    difference = row["f1"].get("difference")
    if difference is None:
        return NOTHING
    lowest, highest = difference["interval"]
    return f"{difference['mean']:+.4f} ({lowest:+.4f} to {highest:+.4f})"


def _between(interval: Sequence[float]) -> str:
    return f"{interval[0]:.4f} to {interval[1]:.4f}"


def _cost_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    if "f1" not in row:
        return (row["variant"], *[""] * 6)
    figures = [row["speeds"].get(work, {}) for work in WORKS]
    speeds = [_number(figure.get("sentences_per_second")) for figure in figures]
    memories = [_number(memory_of(figure)) for figure in figures]
    fixed = f"{row['head_parameters']:,}", f"{row['minutes_trained']:.1f}"
    return (row["variant"], *fixed, *speeds, *memories)


def memory_of(figures: Mapping[str, Any]) -> float | None:
    """Of a work's figures the peak on the GPU where there is one, else the process's."""
    return figures.get("gpu_peak_mebibytes") or figures.get("peak_mebibytes")


def _number(value: float | None) -> str:
    if value is None:
        return NOTHING
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _setting(summary: Mapping[str, Any]) -> str:
    setting = summary["setting"]
    here = (
        f"{setting['texts']:,} texts of {plain(setting['data'])} to train on and "
        f"{setting['dev_texts']:,} to evaluate on, {plain(setting['encoder'])} with "
        f"{setting['layers']} layers of {setting['hidden']}"
    )
    if setting["test"]:
        here += f"; F1 is of the {setting['test_texts']:,} texts of {plain(setting['test'])}"
    blog = "The blog's figures are of full LIC2019 (some 170,000 texts to train on) and BERT base"
    if setting["is_the_blogs"]:
        return f"{here}. {blog}, as here."
    return f"{here}. {blog}: **other data and another encoder, not comparable with ours**."


def _remarks(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    lines = [
        f"- {row['variant']}, seed {run['seed']}: {plain(run['failure'])}"
        for row in rows
        for run in row["runs"]
        if "failure" in run
    ]
    lines += [
        f"- {row['variant']}, {work}: {plain(figures['failure'])}"
        for row in rows
        for work, figures in row.get("speeds", {}).items()
        if "failure" in figures
    ]
    if lines:
        yield "What failed:\n\n" + "\n".join(lines)


def _about_f1(summary: Mapping[str, Any]) -> str:
    bootstrap = summary["bootstrap"]
    chosen = (
        "The best epoch was chosen on the dev texts; these were used once, at the end of a run."
        if summary["setting"]["test"]
        else "The best epoch was chosen on these texts."
    )
    reference = next(
        (row["reference"] for row in summary["rows"] if "reference" in row), "none yet"
    )
    return (
        "F1, precision and recall are micro-averages of the best epoch's model by the tokenized "
        "match, exact F1 compares words as they are written. Each is a mean over seeds; lowest "
        f"to highest is over seeds. Reference: {reference}. Intervals cover the choice of texts, "
        f"not of training: {bootstrap['resamples']:,} draws of the dev texts with replacement "
        f"(percentile bootstrap, seed {bootstrap['seed']}), the same draws for all models, so "
        f"that the difference is a paired one, over the seeds that both have. {chosen}"
    )


def _about_cost(summary: Mapping[str, Any]) -> str:
    head = (
        "Head parameters are all parameters outside the encoder. Minutes trained are measured by "
        "the runs, a mean over seeds; other work on the machine affects them."
    )
    rounds = summary["rounds"]
    if not rounds:
        return f"{head} Speed and memory have not been measured."
    gpu = any(
        figures.get("gpu_peak_mebibytes")
        for row in summary["rows"]
        for figures in row.get("speeds", {}).values()
    )
    memory = (
        "the first GPU's peak, as TensorFlow counts it"
        if gpu
        else "the highest resident memory of the whole process, TensorFlow included"
    )
    counted = f"{rounds} round{'s' if rounds > 1 else ''}"
    return (
        f"{head} Speeds are medians of {counted} in which all models took turns, each time in a "
        "new process: 30 steps on batches of the data as in training, and extraction from at "
        f"most 512 dev texts, 32 at a time. Memory is the median of {memory}; in training, the "
        "longest batch of the data is among the steps."
    )


def _made_with(summary: Mapping[str, Any]) -> str:
    machine, memory = summary["machine"], summary["machine"]["memory_gibibytes"]
    parts = [machine["processor"], f"{machine['cores']} cores"]
    parts += [f"{memory:.0f} GiB"] if memory else []
    parts += [*(machine["gpus"] or ["no GPU"]), machine["system"]]
    own = [
        f"- Settings of {row['variant']} that differ: {_listed(row['own_options'])}"
        for row in summary["rows"]
        if row.get("own_options")
    ]
    return "\n".join(
        [
            f"- Machine: {plain(', '.join(parts))}",
            f"- Settings: {_listed(summary['options'])}",
            *own,
            f"- Versions: {_listed(summary['versions'])}",
        ]
    )


def _listed(values: Mapping[str, Any]) -> str:
    return plain(", ".join(f"{name} {value}" for name, value in values.items()))
