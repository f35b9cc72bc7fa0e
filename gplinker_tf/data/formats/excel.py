"""Excel workbooks, whose first sheet is a table."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.table_format import Row, TableFormat
from gplinker_tf.errors import InputError
from gplinker_tf.extras import require

if TYPE_CHECKING:
    from gplinker_tf.data.formats.text_input import TextInput

#: The member of a zip file that identifies a workbook.
WORKBOOK = "xl/workbook.xml"

#: The exceptions that openpyxl raises if a file is damaged.
DAMAGE = (
    *(AttributeError, LookupError, OSError, SyntaxError, TypeError, ValueError),
    *(zipfile.BadZipFile, zlib.error),
)


class Excel(TableFormat):
    """A workbook whose first sheet has a header and one row per triple."""

    name = "excel"
    title = "the first sheet of an Excel workbook"
    suffixes = (".xlsx",)

    def recognizes_path(self, path: Path) -> bool:
        if path.suffix.lower() in self.suffixes:
            return True
        if not path.is_file() or not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as packed:
            return WORKBOOK in packed.namelist()

    def rows(self, source: TextInput) -> Iterator[Row]:
        require("openpyxl", f"Reading {source.path}", "save the sheet as CSV in UTF-8")
        for number, cells in enumerate(_first_sheet(source.path), start=1):
            yield Place(source.path, number), number, [_shown(cell) for cell in cells]

    def stands_on_lines(self, source: TextInput) -> bool:
        return False


def _first_sheet(path: str | Path) -> Iterator[tuple[Any, ...]]:
    import openpyxl

    try:
        with Path(path).open("rb") as file:
            workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
            yield from workbook.worksheets[0].iter_rows(values_only=True)
    except DAMAGE as error:
        raise InputError(
            f"{path}: expected an Excel workbook with a sheet. Received: {error}. Save it again, "
            "or save the sheet as CSV in UTF-8."
        ) from error


def _shown(cell: Any) -> str:
    """Return the text of a cell; some programs store the integer 3 as 3.0."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
