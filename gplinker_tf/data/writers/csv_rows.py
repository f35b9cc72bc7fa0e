"""CSV rows as strings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any


def csv_row(cells: Iterable[Any]) -> str:
    """Return a row with its line end; `None` gives an empty cell.

    Example:

    >>> csv_row(["Tin, a novel", None, 21.5])
    '"Tin, a novel",,21.5\\n'
    """
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow(cells)
    return row.getvalue()
