"""Objects that a notebook shows as a table and pandas takes as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gplinker_tf._html import html_block, html_line, html_table
from gplinker_tf.extras import is_there, way_to

if TYPE_CHECKING:
    import pandas


class Table(NamedTuple):
    """Plain values in rows.

    Args:
        columns: the names of the columns.
        rows: a value for each column; `None` where it is not known.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


class Tabular:
    """Abstract: a subclass gives `_table`; where a notebook shows another one, `_shown_table`.

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
        """All rows as a pandas DataFrame.

        Raises:
            ImportError: pandas is not installed.
        """
        if not is_there("pandas"):
            raise ImportError(
                "Expected pandas for to_dataframe(). Received: it is not installed. Install it: "
                f"{way_to('pandas')}."
            )
        import pandas

        columns, rows = self._table()
        return pandas.DataFrame(list(rows), columns=list(columns))

    def _table(self) -> Table:
        raise NotImplementedError

    def _shown_table(self) -> Table:
        return self._table()

    def _heading(self) -> str:
        """HTML that stands above the table."""
        return html_line(repr(self))

    def _repr_html_(self) -> str:
        return html_block(self._heading(), html_table(*self._shown_table()))
