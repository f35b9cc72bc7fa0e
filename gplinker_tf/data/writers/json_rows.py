"""What the formats of one JSON object per text have in common."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import Any

from gplinker_tf.data.writers.base import OutputFormat
from gplinker_tf.structures import Extraction


class JsonRows(OutputFormat):
    """Abstract: an object with `text` on a line for each text, so that an output can be resumed.

    Attributes:
        optional: the keys that not every row has.
    """

    optional: frozenset[str] = frozenset()

    @abstractmethod
    def row(self, extraction: Extraction) -> dict[str, Any]:
        """The object of a text."""

    def parts(self, extraction: Extraction) -> tuple[str, ...]:
        return (json.dumps(self.row(extraction), ensure_ascii=False) + "\n",)

    def text_of(self, line: str) -> str:
        """The text that a line was written for.

        Raises:
            ValueError: this format did not write the line.
        """
        row = json.loads(line)
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise ValueError("no object with a text")
        if row.keys() - self.optional != self.row(Extraction("")).keys():
            raise ValueError(f"an object with {', '.join(row):.60}")
        return row["text"]
