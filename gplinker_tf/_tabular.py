"""Objects that notebooks show as a table and that convert to a DataFrame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gplinker_tf._html import html_block, html_line, html_table
from gplinker_tf.extras import require

if TYPE_CHECKING:
    import pandas


class Table(NamedTuple):
    """A table of plain values.

    Args:
        columns: the column names.
        rows: one value per column; `None` if unknown.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


class Tabular:
    """Abstract: subclasses define `_table`, and `_shown_table` if notebooks show another table.

    Example:

    >>> class Squares(Tabular):
    ...     def _table(self):
    ...         return Table(("n", "square"), [(n, n * n) for n in range(9)])
    ...     def __repr__(self):
    ...         return "Squares(9 rows)"
    >>> int(Squares().to_dataframe()["square"].sum())
    204
    >>> Squares()._repr_html_()[:67]
    '<div style="overflow-x:auto"><div dir="auto">Squares(9 rows)</div><'
    """

    def to_dataframe(self) -> pandas.DataFrame:
        """Return all rows as a pandas DataFrame.

        Raises:
            ImportError: pandas is not installed.
        """
        require("pandas", "to_dataframe()")
        import pandas

        columns, rows = self._table()
        return pandas.DataFrame(list(rows), columns=list(columns))

    def _table(self) -> Table:
        raise NotImplementedError

    def _shown_table(self) -> Table:
        return self._table()

    def _heading(self) -> str:
        """Return the HTML above the table."""
        return html_line(repr(self))

    def _repr_html_(self) -> str:
        return html_block(self._heading(), html_table(*self._shown_table()))
