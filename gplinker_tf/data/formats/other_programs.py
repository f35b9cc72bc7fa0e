"""Formats of other programs that are not supported, recognized by their keys for better errors."""

from __future__ import annotations

from typing import Any

from gplinker_tf.data.formats.place import Place

#: The keys of a program's objects, the program, and how to get a supported format from it.
OTHER_FORMATS = (
    (
        ("text", "annotator", "annotation_id"),
        "Label Studio (JSON-MIN), which lacks the relations",
        "Export the project as JSON.",
    ),
    (
        ("text", "label"),
        "doccano without relations",
        "Export a project that labels relations as JSONL.",
    ),
    (("text", "tokens", "relations"), "Prodigy", ""),
    (("token", "relation", "subj_start"), "TACRED", ""),
)

#: Advice on a supported format, by the key that is missing.
WAYS = {
    "text": "Write plain text, one text per line, or objects with 'text'.",
    "spo_list": "Write a CSV with the columns text, subject, predicate, object, one row per "
    "triple, or objects with 'text' and 'spo_list' (docs/data.md).",
}


def expect_own_format(row: dict[str, Any], place: Place, needed: str) -> None:
    """Raise an error if an object has the keys of another program's format.

    Args:
        row: the object.
        place: the location of the object.
        needed: the key that is missing, `text` or `spo_list`.

    Raises:
        InputError: the keys match; the message names the program and what to do.
    """
    for keys, program, way in OTHER_FORMATS:
        if row.keys() >= set(keys):
            raise place.error(
                f"expected an object with {needed!r}. Received: {', '.join(map(repr, keys))}, "
                f"the format of {program}. The file may be valid, but this format is not "
                f"supported. {way or WAYS[needed]}"
            )
