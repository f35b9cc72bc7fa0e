"""Readers of annotated files and of texts; every error names file and line."""

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
    """The texts of an annotated file with their triples.

    Name and content tell the format, as `TextInput` says; `gplinker formats` lists those of other
    programs. CSV and TSV are tables with the columns `text`, `subject`, `predicate` and `object`;
    rows of the same text are one example. JSON is LIC2019's: each line, or each item of one array,
    is an object with `text` and `spo_list`, a list of objects with `subject`, `predicate` and
    `object`. Spans, types and scores, as `gplinker extract` writes them, are read where they are
    given. An object may be DuIE 2.0's `{"@value": ..., "inWork": ...}`: `@value` is read as the
    object, and each other slot as the object of a predicate `predicate_slot`. Empty lines are
    passed over.

    Args:
        source: the file, plain or gzipped, or an input that is open.
        schema: the predicates that are allowed, or `None` for any.
        limit: read the first so many examples only.

    Raises:
        InputError: a line is not that, a predicate is not the schema's, there is no line, or the
            limit is below 1.

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
    """As `read_examples`, each with the number of its first line, from 1.

    Args:
        source: the file, plain or gzipped, or an input that is open.
        schema: the predicates that are allowed, or `None` for any.
        limit: read the first so many examples only.

    Returns:
        The number of the line and the example, for each text.

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
    """As `read_numbered_examples`, one after the other where the format allows it."""
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
    """The lines, items or rows of an annotated input, as they stand.

    Raises:
        InputError: it is plain text, or one of them is not what its format promises.
    """
    source = _as_input(source)
    return source.kind.records(source)


def read_texts(source: str | Path | TextInput) -> Iterator[str]:
    """The texts of an input, one after the other, annotated or not.

    Plain text gives a text for each line, blank ones included, and whatever a line looks like.
    Objects of JSON and rows of a table give their `text`; in an annotated table rows of the same
    text are one, as in `read_examples`.

    Args:
        source: the file, or an input that is open.

    Raises:
        InputError: a line is not what the format promises. The texts before it came first.

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
    """Rows of one text, wherever they stand, as one record at the place of the first."""
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
