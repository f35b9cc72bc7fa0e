"""The training data of a student: the triples that a teacher finds in unlabeled texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from math import ceil
from pathlib import Path

from gplinker_tf._counted import counted
from gplinker_tf.data import DataFolder, create_data_folder, read_examples
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.structures import Example

#: One text in this many is held out to compare the student with the teacher.
HELD_OUT = 20


def label_texts(
    teacher: RelationExtractor,
    texts: Iterable[str],
    folder: Path,
    progress: bool = True,
    keep: bool = False,
) -> DataFolder:
    """Write a data folder of texts with the triples that a teacher finds in them.

    One text in 20 is held out for the dev set.

    Args:
        teacher: the teacher.
        texts: the texts; empty texts and duplicates are left out.
        folder: the folder to write.
        progress: whether to show a progress bar.
        keep: whether to leave a folder with the same texts unchanged, so that a resumed run uses
            the labels it started with.

    Raises:
        InputError: there are too few texts, or the teacher finds nothing in them.

    Example, with a run folder and texts in a file:

        texts = read_texts("texts.jsonl")
        label_texts(RelationExtractor.load("run"), texts, Path("labels"))
    """
    distinct = [text for text in dict.fromkeys(texts) if text.strip()]
    if len(distinct) < HELD_OUT:
        raise InputError(
            f"Expected at least {HELD_OUT} different texts. Received: "
            f"{counted(len(distinct), 'text')}. A student needs some thousands."
        )
    if keep and _texts_of(folder) == set(distinct):
        return DataFolder.open(folder)
    extractions = teacher(distinct, progress=progress)
    examples = [Example(found.text, found.triples) for found in extractions]
    held_out = _held_out(distinct)
    dev = [example for example in examples if example.text in held_out]
    train = [example for example in examples if example.text not in held_out]
    for part in (train, dev):
        if not any(example.triples for example in part):
            raise InputError(
                "Expected texts in which the teacher finds triples. Received: none in "
                f"{counted(len(part), 'text')}. Use more texts, and texts like those that the "
                "teacher was trained on."
            )
    return create_data_folder(folder, train, dev, teacher.schema, overwrite=True)


def _held_out(texts: Sequence[str]) -> set[str]:
    """Return one text in 20, regardless of their order, so that a repeated run gets the same."""
    by_digest = sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())
    return set(by_digest[: ceil(len(texts) / HELD_OUT)])


def _texts_of(folder: Path) -> set[str]:
    """Return the texts already in a folder."""
    try:
        data = DataFolder.open(folder)
        return {example.text for path in (data.train, data.dev) for example in read_examples(path)}
    except InputError:  # not written yet, or only in part
        return set()
