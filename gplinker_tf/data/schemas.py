"""Schemas, read from a file or taken from annotated texts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.data.formats.json_values import json_object, text_of
from gplinker_tf.data.formats.lic2019 import slot_predicate, slots_of
from gplinker_tf.data.formats.place import Place
from gplinker_tf.data.formats.readers import read_records
from gplinker_tf.data.formats.text_lines import open_text
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Schema

#: Subject type, predicate and object type.
Row = tuple[str, str, str]


def read_schema(path: str | Path) -> Schema:
    """Return the schema in a file, plain or gzipped.

    Either each line is a JSON object with `predicate` and, if known, `subject_type` and
    `object_type`, as in LIC2019's `all_50_schemas`, or each line is the name of a predicate; the
    first line decides which. An `object_type` with DuIE 2.0's slots gives one predicate per slot,
    as in `read_examples`.

    Args:
        path: the file.

    Raises:
        InputError: a line has another form, or the file has no lines.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "schema.txt"
    >>> _ = path.write_text("author\\ndirector\\n")
    >>> read_schema(path).predicates
    ('author', 'director')
    """
    rows: list[Row] = []
    of_objects = None
    for number, line in enumerate(open_text(path), start=1):
        line, place = line.strip(), Place(path, number)
        if not line:
            continue
        is_object = line.startswith("{")
        if of_objects is None:
            of_objects = is_object
        if of_objects:
            rows += _rows_of(line, place)
        elif is_object or line.startswith("["):
            raise place.error(
                f"expected the name of a predicate. Received: {line[:60]!r}. A schema has one "
                "name or one JSON object per line."
            )
        else:
            rows.append(("", line, ""))
    if not rows:
        raise InputError(f"{path}: expected a schema, one predicate per line. Received: no lines.")
    return Schema(tuple(rows))


def schema_from_data(
    paths: Iterable[str | Path], report: Callable[[str], None] = lambda line: None
) -> Schema:
    """Return the predicates of annotated files as a schema, in the order of first occurrence.

    Subject and object types are taken from the spans of the triples, if the files give them.

    Args:
        paths: the files.
        report: a function that is called with a line that lists the predicates with their counts.

    Raises:
        InputError: the files have no triples, or `read_examples` does not accept a line.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "train.csv"
    >>> _ = path.write_text("text,subject,predicate,object\\nAda wrote Tin,Ada,wrote,Tin\\n")
    >>> schema_from_data([path], report=print).predicates
    Predicates in the data (1): wrote (1)
    ('wrote',)
    """
    paths = list(paths)
    counts: Counter[str] = Counter()
    rows: dict[Row, None] = {}
    for path in paths:
        for record in read_records(path):
            for triple in record.triples:
                counts[triple.predicate] += 1
                rows[triple.subject.type, triple.predicate, triple.object.type] = None
    if not counts:
        raise InputError(
            "Expected triples to take the predicates from. Received: "
            f"{' and '.join(map(str, paths))}, which have none. Annotate them, or name a schema."
        )
    shown = ", ".join(f"{predicate} ({count:,})" for predicate, count in counts.items())
    report(f"Predicates in the data ({len(counts)}): {shown}")
    typed = {predicate for first, predicate, last in rows if first or last}
    order = {predicate: place for place, predicate in enumerate(counts)}
    kept = (row for row in rows if row[0] or row[2] or row[1] not in typed)
    return Schema(tuple(sorted(kept, key=lambda row: order[row[1]])))


def write_schema(path: str | Path, schema: Schema) -> None:
    """Write a schema file for `read_schema`, one JSON object per row.

    Args:
        path: the file; an existing file is replaced only when the new one is complete.
        schema: the schema.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "schema.jsonl"
    >>> write_schema(path, Schema((("Book", "author", "Person"), ("", "wrote", ""))))
    >>> read_schema(path).rows
    (('Book', 'author', 'Person'), ('', 'wrote', ''))
    """
    names = ("subject_type", "predicate", "object_type")
    with whole_file(Path(path)) as unfinished:
        rows = (
            {name: value for name, value in zip(names, row, strict=True) if value}
            for row in schema.rows
        )
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        unfinished.write_text("".join(lines), "utf-8")


def _rows_of(line: str, place: Place) -> Iterator[Row]:
    row = json_object(line, place)
    predicate = text_of(row, "predicate", place)
    subject_type = str(row.get("subject_type") or "")
    for slot, object_type in slots_of(row.get("object_type")).items():
        yield subject_type, slot_predicate(predicate, slot), str(object_type or "")
