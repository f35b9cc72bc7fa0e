"""Readers of annotated files and of texts, with errors that name file and line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from gplinker_tf._counted import counted
from gplinker_tf.data.formats.place import shown_name
from gplinker_tf.data.formats.record import Record, unlinked_in
from gplinker_tf.data.formats.text_input import TextInput
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Example, Schema


def read_examples(
    source: str | Path | TextInput, schema: Schema | None = None, limit: int | None = None
) -> list[Example]:
    """Return the texts of an annotated file with their triples.

    The format is detected from name and content, see `TextInput`; `gplinker formats` lists all
    formats. CSV and TSV are tables with the columns `text`, `subject`, `predicate` and `object`;
    rows with the same text form one example. JSON is in LIC2019's format: each line, or each item
    of one array, is an object with `text` and `spo_list`, a list of objects with `subject`,
    `predicate` and `object`. Spans, types and scores are read if given, as `gplinker extract`
    writes them. An object may be DuIE 2.0's `{"@value": ..., "inWork": ...}`: `@value` is read as
    the object, and each other slot as the object of a predicate `predicate_slot`. Empty lines are
    skipped.

    Args:
        source: the file, plain or gzipped, or an open input.
        schema: the allowed predicates, or `None` for any.
        limit: the maximum number of examples to read.

    Raises:
        InputError: a line violates the format, a predicate is not in the schema, there are no
            lines, or the limit is below 1.

    Example:

    >>> from importlib.resources import files
    >>> sample = files("gplinker_tf.data") / "sample"
    >>> [example] = read_examples(sample / "dev_data.json", limit=1)
    >>> example.text, [triple.words for triple in example.triples]
    ('读者叶远书很喜欢林博秋写的《棠城之恋》。', [('棠城之恋', '作者', '林博秋')])
    """
    return [example for _, example in read_numbered_examples(source, schema, limit)]


def read_numbered_examples(
    source: str | Path | TextInput, schema: Schema | None = None, limit: int | None = None
) -> list[tuple[int, Example]]:
    """Return the examples of `read_examples` with the number of their first line, from 1.

    Args:
        source: the file, plain or gzipped, or an open input.
        schema: the allowed predicates, or `None` for any.
        limit: the maximum number of examples to read.

    Returns:
        The line number and the example of each text.

    Raises:
        InputError: as `read_examples`.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "train.csv"
    >>> _ = path.write_text("text,subject,predicate,object\\nAda wrote Tin,Ada,wrote,Tin\\n")
    >>> read_numbered_examples(path)
    [(2, Example('Ada wrote Tin', 1 triple))]
    """
    return list(stream_examples(source, schema, limit))


def stream_examples(
    source: str | Path | TextInput, schema: Schema | None = None, limit: int | None = None
) -> Iterator[tuple[int, Example]]:
    """Yield the items of `read_numbered_examples`, one by one if the format allows it."""
    if limit is not None and limit < 1:
        raise InputError(f"Expected a number of lines, at least 1. Received: limit={limit!r}.")
    source = _as_input(source)
    records = read_records(source)
    if schema is not None:
        records = source.read_each(records, lambda record: _expect_predicates(record, schema))
    if source.kind.merges_texts:
        records = _one_a_text(records)
    examples = (
        (r.place.number, Example(r.text, r.triples, unlinked_in(r.entities, r.triples)))
        for r in records
    )
    nothing = True
    for numbered in islice(examples, limit):
        nothing = False
        yield numbered
    if nothing:
        aside = f"{counted(source.left_out, 'item')}, all set aside"
        raise InputError(
            f"{shown_name(source.path)}: expected texts with their triples: JSON objects with "
            "text and spo_list, or a table with one row per triple. Received: "
            f"{aside if source.left_out else 'no lines'}."
        )


def read_records(source: str | Path | TextInput) -> Iterator[Record]:
    """Return the records of an annotated input, one per line, item or row.

    Raises:
        InputError: the input is plain text, or a record violates the format.
    """
    source = _as_input(source)
    return source.kind.records(source)


def read_texts(source: str | Path | TextInput) -> Iterator[str]:
    """Yield the texts of an input, annotated or not.

    In plain text, each line is a text, including blank lines. In JSON and in tables, the texts are
    the values of `text`; in an annotated table, rows with the same text give one text, as in
    `read_examples`.

    Args:
        source: the file, or an open input.

    Raises:
        InputError: a line violates the format; the texts before it are yielded first.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "texts"
    >>> _ = path.write_text("周星驰主演\\n{喜剧之王}", "utf-8")
    >>> list(read_texts(path))
    ['周星驰主演', '{喜剧之王}']
    """
    source = _as_input(source)
    yield from source.kind.texts(source)


def _as_input(source: str | Path | TextInput) -> TextInput:
    return source if isinstance(source, TextInput) else TextInput(source)


def _one_a_text(records: Iterable[Record]) -> Iterator[Record]:
    """Merge records with the same text, wherever they are, into one at the place of the first."""
    of_text: dict[str, list[Record]] = {}
    for record in records:
        of_text.setdefault(record.text, []).append(record)
    for rows in of_text.values():
        triples = tuple(triple for row in rows for triple in row.triples)
        entities = [entity for row in rows for entity in row.entities]
        yield rows[0]._replace(triples=triples, entities=entities)


def _expect_predicates(record: Record, schema: Schema) -> Record:
    for triple in record.triples:
        if triple.predicate not in schema.index:
            near = difflib.get_close_matches(triple.predicate, schema.predicates, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise record.place.error(
                f"expected one of the schema's {len(schema.predicates)} predicates. "
                f"Received: {triple.predicate!r}.{hint} Add it to the schema or fix the line."
            )
    return record
