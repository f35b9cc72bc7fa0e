"""A record of the input items that could not be read."""

from __future__ import annotations

import json
from pathlib import Path

from gplinker_tf._counted import counted
from gplinker_tf.data.writers.output import expect_new
from gplinker_tf.errors import InputError


class BadLines:
    """A file with a line of JSON for each item that was set aside: its location and its error.

    Args:
        path: the file.
        replace: whether to replace an existing file. When an extraction is resumed, this loses
            nothing, since the whole input is read again.

    Raises:
        InputError: the file can't be written, or is not empty.

    Example:

    >>> import tempfile
    >>> from gplinker_tf.data import Place
    >>> path = Path(tempfile.mkdtemp()) / "bad.jsonl"
    >>> bad_lines = BadLines(path)
    >>> bad_lines.add(Place("texts.jsonl", 3).error("expected a JSON object."))
    >>> print(path.read_text("utf-8"), end="")
    {"path": "texts.jsonl", "line": 3, "error": "texts.jsonl:3: expected a JSON object."}
    >>> print(bad_lines.summary.replace(str(path), path.name))
    1 item set aside, with its error in bad.jsonl.
    """

    def __init__(self, path: Path, replace: bool = False) -> None:
        if not replace:
            expect_new(path)
        self.path = path
        self.count = 0
        try:
            path.write_bytes(b"")
        except OSError as error:
            raise InputError(
                f"Expected a file that can be written. Received: {path} ({error.strerror}). "
                "Create its folder, or name another file."
            ) from error

    def __repr__(self) -> str:
        return f"BadLines({counted(self.count, 'item')})"

    def add(self, error: InputError) -> None:
        """Write the location and error of an item."""
        path, line = (str(error.place.path), error.place.number) if error.place else (None, None)
        row = {"path": path, "line": line, "error": str(error)}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.count += 1

    @property
    def summary(self) -> str:
        """A sentence on how many items were set aside, and where to find them."""
        its = "its error" if self.count == 1 else "their errors"
        return f"{counted(self.count, 'item')} set aside, with {its} in {self.path}."
