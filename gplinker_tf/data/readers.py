"""Readers of annotated files and of texts; every error names file and line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from gplinker_tf.data.json_lines import json_object, json_records, text_of
from gplinker_tf.data.place import Place
from gplinker_tf.data.record import Record
from gplinker_tf.data.tables import table_delimiter, table_records
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Example, Schema, Triple


def read_examples(
    path: str | Path, schema: Schema | None = None, limit: int | None = None
) -> list[Example]:
    """The texts of an annotated file with their triples.

    The name tells the format. `.csv` and `.tsv` are tables with the columns `text`, `subject`,
    `predicate` and `object`; rows of the same text are one example. Any other file is LIC2019's:
    each line is a JSON object with `text` and `spo_list`, a list of objects with `subject`,
    `predicate` and `object`. Spans and scores, as `gplinker extract` writes them, are read where
    they are given. An object may be DuIE 2.0's `{"@value": ..., "inWork": ...}`: `@value` is read
    as the object, and each other slot as the object of a predicate `predicate_slot`. Empty lines
    are passed over.

    Args:
        path: the file, plain or gzipped.
        schema: the predicates that are allowed, or `None` for any.
        limit: read the first so many examples only.

    Raises:
        InputError: a line is not that, a predicate is not the schema's, there is no line, or the
            limit is below 1.
    """
    return [example for _, example in read_numbered_examples(path, schema, limit)]


def read_numbered_examples(
    path: str | Path, schema: Schema | None = None, limit: int | None = None
) -> list[tuple[int, Example]]:
    """As `read_examples`, each with the number of its first line, from 1."""
    return list(stream_examples(path, schema, limit))


def stream_examples(
    path: str | Path, schema: Schema | None = None, limit: int | None = None
) -> Iterator[tuple[int, Example]]:
    """As `read_numbered_examples`, one after the other where the format allows it."""
    if limit is not None and limit < 1:
        raise InputError(f"Expected a number of lines from 1 on. Received: limit={limit!r}.")
    records = read_records(path)
    if schema is not None:
        records = (_expect_predicates(record, schema) for record in records)
    if table_delimiter(path) is not None:
        examples = _one_a_text(records)
    else:
        examples = ((r.place.number, Example(r.text, r.triples)) for r in records)
    nothing = True
    for numbered in islice(examples, limit):
        nothing = False
        yield numbered
    if nothing:
        raise InputError(
            f"{path}: expected texts with their triples: one JSON object a line, with text and "
            "spo_list, or in a .csv or .tsv one row a triple. Received: no line."
        )


def read_records(path: str | Path) -> Iterator[Record]:
    """The lines or rows of an annotated file, as they stand."""
    delimiter = table_delimiter(path)
    return json_records(path) if delimiter is None else table_records(path, delimiter)


def read_texts(lines: Iterable[str], name: str) -> Iterator[str]:
    """The text of each line: the line itself, or where it is a JSON object its `text`.

    Args:
        lines: the lines.
        name: where they come from, for errors.

    Raises:
        InputError: a line starts with `{` and is no JSON object with a text.

    Example:

    >>> list(read_texts(["周星驰主演", '{"text": "喜剧之王"}', ""], "lines"))
    ['周星驰主演', '喜剧之王', '']
    """
    for number, line in enumerate(lines, start=1):
        line = line.rstrip("\r\n")
        if line.lstrip().startswith("{"):
            place = Place(name, number)
            yield text_of(json_object(line, place), "text", place)
        else:
            yield line


def _one_a_text(records: Iterable[Record]) -> Iterator[tuple[int, Example]]:
    """Rows of one text, wherever they stand, as one example at the place of the first."""
    number: dict[str, int] = {}
    triples: dict[str, list[Triple]] = {}
    for record in records:
        number.setdefault(record.text, record.place.number)
        triples.setdefault(record.text, []).extend(record.triples)
    return ((number[text], Example(text, tuple(found))) for text, found in triples.items())


def _expect_predicates(record: Record, schema: Schema) -> Record:
    for triple in record.triples:
        if triple.predicate not in schema.index:
            near = difflib.get_close_matches(triple.predicate, schema.predicates, n=1)
            hint = f" Is {near[0]!r} meant?" if near else ""
            raise record.place.error(
                f"expected one of the schema's {len(schema.predicates)} predicates. "
                f"Received: {triple.predicate!r}.{hint} Add it to the schema or mend the line."
            )
    return record
