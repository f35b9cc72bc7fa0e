"""Extractions as a table with one row per triple."""

from __future__ import annotations

from gplinker_tf.data.writers.base import OutputFormat
from gplinker_tf.data.writers.csv_rows import csv_row
from gplinker_tf.data.writers.rounding import rounded
from gplinker_tf.structures import Extraction

COLUMNS = (
    *("text", "subject", "predicate", "object", "subject_type", "object_type"),
    *("subject_start", "subject_end", "object_start", "object_end"),
    *("score", "probability"),
)


class CsvOutput(OutputFormat):
    """CSV with a header; a text without triples is a row with only the text filled in."""

    name = "csv"
    title = "CSV, one row per triple"

    def head(self) -> tuple[str, ...]:
        return (csv_row(COLUMNS),)

    def parts(self, extraction: Extraction) -> tuple[str, ...]:
        if not extraction.triples:
            return (csv_row((extraction.text, *[""] * (len(COLUMNS) - 1))),)
        rows = (
            (
                *(extraction.text, *triple.words, triple.subject.type, triple.object.type),
                *(triple.subject.start, triple.subject.end),
                *(triple.object.start, triple.object.end),
                *map(rounded, (triple.score, triple.probability)),
            )
            for triple in extraction.triples
        )
        return ("".join(map(csv_row, rows)),)
