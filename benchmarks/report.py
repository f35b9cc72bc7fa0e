"""Results as Markdown and CSV, with what they were measured on."""

from __future__ import annotations

import csv
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from math import isnan
from pathlib import Path

from benchmarks.comparison import Result
from gplinker_tf.comparison.machine import machine
from gplinker_tf.runs import versions

PEERS = ("tf_keras", "bert4keras", "bert4torch", "torch", "transformers")
UNITS = {
    "ms": "milliseconds",
    "MiB": "mebibytes",
    "sentences/s": "sentences_per_second",
    "tokens": "tokens",
    "min": "minutes",
}
COLUMNS = (
    "figure",
    *(f"{side}_{unit}" for unit in UNITS.values() for side in ("ours", "other")),
    *("ours", "other", "ratio", "ratio_of", "ratio_lowest", "ratio_highest", "turns"),
    *("wanted", "reached", "machine", "versions"),
)


def _made_with() -> dict[str, str]:
    """The machine; Python and the packages that take part."""
    known = machine()
    found = versions()
    for package in PEERS:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return {
        "machine": f"{known['processor']}, {known['cores']} cores, {known['system']}",
        "versions": ", ".join(f"{name} {value}" for name, value in found.items()),
    }


def write_csv(results: list[Result], path: Path) -> None:
    """A row a result, units in the column names."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        made_with = _made_with()
        for result in results:
            row = {name: getattr(result, name) for name in COLUMNS if hasattr(result, name)}
            if result.unit in UNITS:
                unit = UNITS[result.unit]
                row[f"ours_{unit}"] = f"{result.ours_value:.4g}"
                row[f"other_{unit}"] = f"{result.other_value:.4g}"
            for name in ("ratio", "ratio_lowest", "ratio_highest"):
                row[name] = f"{row[name]:.4g}"
            writer.writerow(row | made_with)


def markdown(results: list[Result]) -> str:
    """A table, the machine and the versions."""
    made_with = _made_with()
    lines = [
        "| what | against | ours | other | ratio | wanted | |",
        "|---|---|---|---|---|---|---|",
        *map(line, results),
        "",
        f"Machine: {made_with['machine']}. {made_with['versions']}.",
    ]
    return "\n".join(lines)


def line(result: Result) -> str:
    """A row of the table."""
    reached = {True: "reached", False: "missed", None: ""}[result.reached]
    ratio = f"**{_short(result.ratio)}** ({result.ratio_of}"
    if result.turns > 1:
        ratio += f"; {result.turns} turns, {_short(result.ratio_lowest)} to "
        ratio += _short(result.ratio_highest)
    values = [_value(value, result.unit) for value in (result.ours_value, result.other_value)]
    name = result.figure if result.ours == "gplinker_tf" else f"{result.figure} ({result.ours})"
    cells = [name, result.other, *values, ratio + ")", result.wanted, reached]
    return f"| {' | '.join(cells)} |"


def _value(value: float, unit: str) -> str:
    return "" if isnan(value) else f"{_short(value)} {unit}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
