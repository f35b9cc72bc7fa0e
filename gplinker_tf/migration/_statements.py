"""Text of a script in which whole statements can be replaced."""

from __future__ import annotations

import ast
import io
import re


class Statements:
    """Source of which statements can be replaced, by the places that their nodes name."""

    def __init__(self, source: str) -> None:
        # As Python counts lines: a form feed ends none.
        self._lines = [line.encode() for line in io.StringIO(source, newline="")]
        self._changes: list[tuple[tuple[int, int], ast.stmt, str, str]] = []

    def replace(self, node: ast.stmt, pattern: str, text: str) -> None:
        """Puts `text` where the pattern first matches the statement."""
        self._changes.append(((node.lineno, node.col_offset), node, pattern, text))

    def replace_all(self, node: ast.stmt, statements: list[str]) -> None:
        """Puts simple statements in the place of one, each on a line of its own if it can be."""
        line = self._lines[node.lineno - 1]
        before = line[: node.col_offset].decode()
        end = "\r\n" if line.endswith(b"\r\n") else "\n"
        separator = "; " if before.strip() else f"{end}{before}"
        self.replace(node, "(?s).+", separator.join(statements))

    def changed(self) -> str:
        """The source with every replacement."""
        lines = self._lines.copy()
        # From the last to the first: a change moves what is behind it, not what is before it.
        for (line, start), node, pattern, text in sorted(
            self._changes, key=lambda change: change[0], reverse=True
        ):
            last, column = node.end_lineno, node.end_col_offset
            assert last is not None and column is not None, "a parser says where a node ends"
            whole = b"".join(lines[line - 1 : last])
            end = len(whole) - len(lines[last - 1]) + column
            statement = whole[start:end].decode()
            if match := re.search(pattern, statement):
                statement = statement[: match.start()] + text + statement[match.end() :]
            lines[line - 1] = whole[:start] + statement.encode() + whole[end:]
            lines[line:last] = [b""] * (last - line)
        return b"".join(lines).decode()
