"""The table as Markdown, from the template `table.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gplinker_tf._counted import counted
from gplinker_tf.comparison._speeds import JOBS
from gplinker_tf.report.markdown import plain, table

TEMPLATE = Path(__file__).with_name("table.md")

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
    """Return both halves of the table, what they mean, and what they were made with.

    Args:
        summary: the result of `summary`.
    """
    rows, test = summary["rows"], summary["setting"]["test"]
    references = (row["reference"] for row in rows if "reference" in row)
    failed, own = list(_failures(rows)), list(_own_options(rows))
    return TEMPLATE.read_text("utf-8").format(
        setting=_setting(summary["setting"]),
        f1_table=table(F1_TITLES, [_f1_cells(row) for row in rows]),
        failed="\n".join(["What failed:\n", *failed, "", ""]) if failed else "",
        reference=next(references, "none yet"),
        chosen="The best epoch was chosen on the dev texts; these were used once, at the end of a "
        "run."
        if test
        else "The best epoch was chosen on these texts.",
        **summary["bootstrap"],
        cost_table=table(COST_TITLES, [_cost_cells(row) for row in rows]),
        measured=_measured(summary["rounds"], rows),
        machine=_machine(summary["machine"]),
        options=_listed(summary["options"]),
        own_options="".join(f"{line}\n" for line in own),
        versions=_listed(summary["versions"]),
    )


def state_of(row: Mapping[str, Any]) -> str:
    """Return the progress of a variant without a finished run, or `-` if it failed.

    Example:

    >>> state_of({"runs": [{"state": "not run yet"}, {"state": "1 of 5 epochs"}]})
    '1 of 5 epochs'
    """
    if any("failure" in run for run in row["runs"]):
        return NOTHING
    states = [run["state"] for run in row["runs"]]
    return next((state for state in states if state != "not run yet"), states[0])


def memory_of(figures: Mapping[str, Any]) -> float | None:
    """Return the peak memory of the GPU, if there is one, or else that of the process."""
    return figures.get("gpu_peak_mebibytes") or figures.get("peak_mebibytes")


def _f1_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    done = [run for run in row["runs"] if run["state"] == "finished"]
    seeds = f"{len(done)} of {len(row['runs'])}"
    blog = NOTHING if row["blog_f1"] is None else f"{row['blog_f1']:.4f}"
    if not done:
        return (row["variant"], seeds, state_of(row), *[""] * 6, blog)
    f1 = row["f1"]
    spread = f"{f1['lowest']:.4f} to {f1['highest']:.4f}" if len(done) > 1 else NOTHING
    lowest, highest = f1["interval"]
    means = [row["exact_f1"]["mean"], row["precision"], row["recall"]]
    return (
        *(row["variant"], seeds, f"{f1['mean']:.4f}", spread, f"{lowest:.4f} to {highest:.4f}"),
        *(_difference(row), *(f"{mean:.4f}" for mean in means), blog),
    )


def _difference(row: Mapping[str, Any]) -> str:
    if row["variant"] == row["reference"]:
        return "reference"
    if "difference" not in row["f1"]:
        return NOTHING
    difference = row["f1"]["difference"]
    lowest, highest = difference["interval"]
    return f"{difference['mean']:+.4f} ({lowest:+.4f} to {highest:+.4f})"


def _cost_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    if "f1" not in row:
        return (row["variant"], *[""] * 6)
    figures = [row["speeds"].get(job, {}) for job in JOBS]
    speeds = [_number(figure.get("sentences_per_second")) for figure in figures]
    memories = [_number(memory_of(figure)) for figure in figures]
    fixed = f"{row['head_parameters']:,}", f"{row['minutes_trained']:.1f}"
    return (row["variant"], *fixed, *speeds, *memories)


def _number(value: float | None) -> str:
    if value is None:
        return NOTHING
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _setting(setting: Mapping[str, Any]) -> str:
    test = f"; F1 is on the {setting['test_texts']:,} texts of {plain(setting['test'] or '')}"
    blog = (
        ", as here"
        if setting["is_the_blogs"]
        else (": **other data and another encoder, not comparable with ours**")
    )
    return (
        f"{setting['texts']:,} texts of {plain(setting['data'])} to train on and "
        f"{setting['dev_texts']:,} to evaluate on, {plain(setting['encoder'])} with "
        f"{setting['layers']} layers of {setting['hidden']}{test if setting['test'] else ''}. The "
        "blog's figures are for full LIC2019 (some 170,000 texts to train on) and BERT base"
        f"{blog}."
    )


def _failures(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    runs = ((row, f"seed {run['seed']}", run) for row in rows for run in row["runs"])
    jobs = ((row, *measured) for row in rows for measured in row.get("speeds", {}).items())
    for row, what, outcome in (*runs, *jobs):
        if "failure" in outcome:
            yield f"- {row['variant']}, {what}: {plain(outcome['failure'])}"


def _measured(rounds: int, rows: Sequence[Mapping[str, Any]]) -> str:
    if not rounds:
        return "Speed and memory have not been measured."
    figures = (figures for row in rows for figures in row.get("speeds", {}).values())
    memory = (
        "the first GPU's peak, as TensorFlow counts it"
        if any(figure.get("gpu_peak_mebibytes") for figure in figures)
        else "the highest resident memory of the whole process, TensorFlow included"
    )
    return (
        f"Speeds are medians of {counted(rounds, 'round')} in which all models took turns, each "
        "time in a new process: 30 steps on batches of the data as in training, and extraction "
        f"from at most 512 dev texts, 32 at a time. Memory is the median of {memory}; in "
        "training, the longest batch of the data is among the steps."
    )


def _machine(machine: Mapping[str, Any]) -> str:
    memory = machine["memory_gibibytes"]
    parts = [machine["processor"], f"{machine['cores']} cores"]
    parts += [f"{memory:.0f} GiB"] if memory else []
    return plain(", ".join([*parts, *(machine["gpus"] or ["no GPU"]), machine["system"]]))


def _own_options(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        if row.get("own_options"):
            yield f"- Settings of {row['variant']} that differ: {_listed(row['own_options'])}"


def _listed(values: Mapping[str, Any]) -> str:
    return plain(", ".join(f"{name} {value}" for name, value in values.items()))
