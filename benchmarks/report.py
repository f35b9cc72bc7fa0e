"""Results as Markdown and CSV, with the machine and the versions."""

from __future__ import annotations

import csv
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from math import isnan
from pathlib import Path

from benchmarks.comparison import Ratio, Result
from gplinker_tf.comparison.machine import machine
from gplinker_tf.runs import versions

PEERS = ("tf_keras", "bert4keras", "bert4torch", "torch", "transformers")
UNITS = {
    "ms": "milliseconds",
    "MiB": "mebibytes",
    "sentences/s": "sentences_per_second",
    "tokens": "tokens",
}
RATIOS = {
    name: (name, f"{name}_lowest", f"{name}_highest") for name in ("ratio", "processor_ratio")
}
DIRECT = ("figure", "ours", "other", "ratio_of", "turns", "target", "reached")
COLUMNS = (
    *DIRECT,
    *(f"{side}_{unit}" for unit in UNITS.values() for side in ("ours", "other")),
    *chain(*RATIOS.values()),
    *("machine", "versions"),
)

#: The header of the table.
HEADER = """| measurement | compared with | ours | other | ratio | processor time | target | |
|---|---|---|---|---|---|---|---|"""


def _made_with() -> dict[str, str]:
    """Return the machine and the versions of Python and of the packages."""
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
    """Write one row per result, with units in the column names."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        made_with = _made_with()
        for result in results:
            row = {name: getattr(result, name) for name in DIRECT}
            if result.unit in UNITS:
                unit = UNITS[result.unit]
                row[f"ours_{unit}"] = f"{result.ours_value:.4g}"
                row[f"other_{unit}"] = f"{result.other_value:.4g}"
            for name, columns in RATIOS.items():
                if ratio := getattr(result, name):
                    row |= zip(columns, (f"{value:.4g}" for value in ratio), strict=True)
            writer.writerow(row | made_with)


def markdown(results: list[Result]) -> str:
    """Return a table of the results, followed by the machine and the versions."""
    made_with = _made_with()
    lines = [
        HEADER,
        *map(line, results),
        "",
        f"Machine: {made_with['machine']}. {made_with['versions']}.",
    ]
    return "\n".join(lines)


def line(result: Result) -> str:
    """Format a result as a row of the table."""
    reached = {True: "reached", False: "missed", None: ""}[result.reached]
    turns = [f"{result.turns} turns"] if result.turns > 1 else []
    ratios = [
        _ratio(result.ratio, result.ratio_of, *turns),
        _ratio(result.processor_ratio) if result.processor_ratio else "",
    ]
    values = [_value(value, result.unit) for value in (result.ours_value, result.other_value)]
    name = result.figure if result.ours == "gplinker_tf" else f"{result.figure} ({result.ours})"
    cells = [name, result.other, *values, *ratios, result.target, reached]
    return f"| {' | '.join(cells)} |"


def _ratio(ratio: Ratio, *words: str) -> str:
    """Format a ratio with its description and its range, if it has one."""
    middle, lowest, highest = map(_short, ratio)
    said = "; ".join(
        [*words, *([f"{lowest} to {highest}"] if ratio.lowest < ratio.highest else [])]
    )
    return f"**{middle}** ({said})" if said else f"**{middle}**"


def _value(value: float, unit: str) -> str:
    return "" if isnan(value) else f"{_short(value)} {unit}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
