"""Triples as a nested column of a table: plain rows, and their type in Arrow and Spark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gplinker_tf.structures import Extraction

if TYPE_CHECKING:
    import pyarrow

#: The fields of a triple, and their types by Spark's names.
FIELDS = {
    **dict.fromkeys(("subject", "predicate", "object", "subject_type", "object_type"), "string"),
    **dict.fromkeys(("subject_start", "subject_end", "object_start", "object_end"), "int"),
    **dict.fromkeys(("score", "probability"), "double"),
}

#: The column's type in a schema for Spark.
SPARK_TYPE = f"array<struct<{','.join(f'{name}:{kind}' for name, kind in FIELDS.items())}>>"


def triple_rows(extraction: Extraction) -> list[dict[str, Any]]:
    """Return the triples of a text as plain values, best first.

    Spans are half-open character offsets. Unknown values are `None`: a type that the schema does
    not define, or the probability if the run was not tuned.

    Args:
        extraction: a text with its triples.

    Example:

    >>> from gplinker_tf.structures import Span, Triple
    >>> found = Triple(Span("Tin", 10, 13, "book"), "author", Span("Ada", 0, 3), 21.5)
    >>> [row] = triple_rows(Extraction("Ada wrote Tin.", (found,)))
    >>> row["subject"], row["subject_start"], row["subject_type"], row["object_type"], row["score"]
    ('Tin', 10, 'book', None, 21.5)
    """
    rows = []
    for triple in extraction.triples:
        subject, object_ = triple.subject, triple.object
        values = (
            *(*triple.words, subject.type or None, object_.type or None),
            *(subject.start, subject.end, object_.start, object_.end),
            *(triple.score, triple.probability),
        )
        rows.append(dict(zip(FIELDS, values, strict=True)))
    return rows


def arrow_type() -> pyarrow.DataType:
    """Return the column's type in Arrow: a list of structs.

    Raises:
        ImportError: pyarrow is not installed.

    Example:

    >>> arrow_type().value_type.field("subject_start").type
    DataType(int32)
    """
    import pyarrow

    types = {"string": pyarrow.string(), "int": pyarrow.int32(), "double": pyarrow.float64()}
    return pyarrow.list_(pyarrow.struct([(name, types[kind]) for name, kind in FIELDS.items()]))
