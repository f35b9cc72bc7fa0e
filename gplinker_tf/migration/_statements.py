"""The text of a script, in which statements can be replaced."""

from __future__ import annotations

import ast
import io
import re


class Statements:
    """Source code whose statements can be replaced at the positions of their nodes."""

    def __init__(self, source: str) -> None:
        # As Python counts lines: a form feed does not end one.
        self._lines = [line.encode() for line in io.StringIO(source, newline="")]
        self._changes: list[tuple[tuple[int, int], ast.stmt, str, str]] = []

    def replace(self, node: ast.stmt, pattern: str, text: str) -> None:
        """Replace the first match of the pattern in the statement with `text`."""
        self._changes.append(((node.lineno, node.col_offset), node, pattern, text))

    def replace_all(self, node: ast.stmt, statements: list[str]) -> None:
        """Replace a statement with simple statements, each on its own line if possible."""
        line = self._lines[node.lineno - 1]
        before = line[: node.col_offset].decode()
        end = "\r\n" if line.endswith(b"\r\n") else "\n"
        separator = "; " if before.strip() else f"{end}{before}"
        self.replace(node, "(?s).+", separator.join(statements))

    def changed(self) -> str:
        """Return the source with every replacement."""
        lines = self._lines.copy()
        # From the last to the first: a change moves what comes after it, not what comes before.
        for (line, start), node, pattern, text in sorted(
            self._changes, key=lambda change: change[0], reverse=True
        ):
            last, column = node.end_lineno, node.end_col_offset
            assert last is not None and column is not None, "the parser records where a node ends"
            whole = b"".join(lines[line - 1 : last])
            end = len(whole) - len(lines[last - 1]) + column
            statement = whole[start:end].decode()
            if match := re.search(pattern, statement):
                statement = statement[: match.start()] + text + statement[match.end() :]
            lines[line - 1] = whole[:start] + statement.encode() + whole[end:]
            lines[line:last] = [b""] * (last - line)
        return b"".join(lines).decode()
