"""The base class of the formats with one JSON object per text."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import Any

from gplinker_tf.data.writers.base import OutputFormat
from gplinker_tf.structures import Extraction


class JsonRows(OutputFormat):
    """Abstract: one line per text, an object with the key `text`, so that output can be resumed.

    Attributes:
        optional: the keys that a row may lack.
    """

    optional: frozenset[str] = frozenset()

    @abstractmethod
    def row(self, extraction: Extraction) -> dict[str, Any]:
        """Return the object for a text."""

    def parts(self, extraction: Extraction) -> tuple[str, ...]:
        return (json.dumps(self.row(extraction), ensure_ascii=False) + "\n",)

    def text_of(self, line: str) -> str:
        """Return the text that a line was written for.

        Raises:
            ValueError: this format did not write the line.
        """
        row = json.loads(line)
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise ValueError("no object with a text")
        if row.keys() - self.optional != self.row(Extraction("")).keys():
            raise ValueError(f"an object with {', '.join(row):.60}")
        return row["text"]
