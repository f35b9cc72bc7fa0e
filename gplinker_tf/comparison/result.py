"""The result of a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gplinker_tf._counted import counted
from gplinker_tf._tabular import Table, Tabular

#: The interval is a 95 % bootstrap interval.
SCORES = ("f1", "f1_from", "f1_to", "exact_f1", "precision", "recall")
COLUMNS = ("variant", "seeds", *SCORES, "blog_f1")


@dataclass(frozen=True)
class TableResult(Tabular):
    """The result of a comparison; `to_dataframe` and a notebook show one row per variant.

    Args:
        summary: the content of `table.json`.
        failures: the reasons why runs asked for failed, by run name.

    Example:

    >>> result = TableResult({"rows": []}, failures={"casrel-1": "Probably out of memory."})
    >>> for name, why in result.failures.items():
    ...     print(f"{name}: {why}")
    casrel-1: Probably out of memory.
    """

    summary: dict[str, Any]
    failures: dict[str, str]

    def __repr__(self) -> str:
        variants = counted(len(self.summary["rows"]), "variant")
        return f"TableResult({variants}, {counted(len(self.failures), 'failure')})"

    def _table(self) -> Table:
        return Table(COLUMNS, [_row(row) for row in self.summary["rows"]])


def _row(row: Mapping[str, Any]) -> tuple[Any, ...]:
    finished = sum(run["state"] == "finished" for run in row["runs"])
    scores: list[Any] = [None] * len(SCORES)
    if finished:
        f1 = row["f1"]
        scores = [f1["mean"], *f1["interval"], row["exact_f1"]["mean"]]
        scores += [row["precision"], row["recall"]]
    return row["variant"], finished, *scores, row["blog_f1"]
