"""docs/compatibility.csv, and the table of docs/compatibility.md made from it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from benchmarks.compatibility.cases import CASES, COMMITS, Case

KERAS = ("keras3", "legacy")
START, END = "<!-- made by make compatibility -->", "<!-- end -->"
TITLES = {"keras3": "Keras 3", "legacy": "legacy Keras"}


@dataclass(frozen=True)
class Outcome:
    """The outcome of running a script.

    Args:
        case: the script.
        keras: `"keras3"` or `"legacy"`.
        error: the error, if it failed.
    """

    case: Case
    keras: str
    error: str = ""


def merge(found: list[Outcome], docs: Path) -> None:
    """Add new outcomes to the known ones, and update the CSV file and the table.

    Args:
        found: the new outcomes.
        docs: the folder of compatibility.csv and compatibility.md.
    """
    table = docs / "compatibility.csv"
    known = read(table) if table.exists() else {}
    for outcome in found:
        row = known.setdefault(outcome.case.name, {})
        row[outcome.keras] = "fails" if outcome.error else "runs"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["script", *KERAS])
        for case in CASES:
            if case.name in known:
                writer.writerow([case.name, *(known[case.name].get(keras, "") for keras in KERAS)])
    page = docs / "compatibility.md"
    text = page.read_text("utf-8")
    before, after = text.partition(START)[0], text.partition(END)[2]
    page.write_text(f"{before}{START}\n{markdown(known)}{END}{after}", "utf-8")


def read(path: Path) -> dict[str, dict[str, str]]:
    """Read the outcomes of a CSV file, by script and generation of Keras."""
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8")))
    return {row.pop("script"): row for row in rows}


def markdown(known: dict[str, dict[str, str]]) -> str:
    """Return the table, with one row per script."""
    lines = [
        f"\n| script | {' | '.join(TITLES.values())} | notes |",
        "|---|---|---|---|",
    ]
    repository = None
    for case in CASES:
        if case.repository != repository:
            repository = case.repository
            link = f"[{repository}](https://github.com/{repository}/tree/{COMMITS[repository]})"
            lines.append(f"| **{link}** | | | |")
        outcomes = known.get(case.name, {})
        cells = [_cell(case, outcomes.get(keras, "")) for keras in KERAS]
        lines.append(f"| {case.script} | {' | '.join(cells)} | {case.reason} |")
    return "\n".join(lines) + "\n\n"


def _cell(case: Case, outcome: str) -> str:
    if outcome == "runs" and case.edits:
        number = len(case.edits)
        return f"runs, {number} line{'s' if number > 1 else ''} changed by hand"
    return {"runs": "runs", "fails": "no"}.get(outcome, "not tried")
