"""Annotated texts of other programs that are not read: known by their keys, so an error helps."""

from __future__ import annotations

from typing import Any

from gplinker_tf.data.formats.place import Place

#: Keys that a program's objects have, the most telling first, and the way to a format that is read.
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

#: What can be read in its place.
WAYS = {
    "text": "Write plain text, one text per line, or objects with 'text'.",
    "spo_list": "Write a CSV with the columns text, subject, predicate, object, one row per "
    "triple, or objects with 'text' and 'spo_list' (docs/data.md).",
}


def expect_own_format(row: dict[str, Any], place: Place, needed: str) -> None:
    """Raise where an object's keys are those of another program.

    Args:
        row: the object.
        place: where it stands.
        needed: the key that it lacks, `text` or `spo_list`.

    Raises:
        InputError: they are; it says which program's and what to do.
    """
    for keys, program, way in OTHER_FORMATS:
        if row.keys() >= set(keys):
            raise place.error(
                f"expected an object with {needed!r}. Received: {', '.join(map(repr, keys))}, "
                f"the format of {program}. The file may be valid, but this format is not "
                f"supported. {way or WAYS[needed]}"
            )
