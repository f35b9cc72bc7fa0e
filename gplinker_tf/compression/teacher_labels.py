"""The triples that a teacher finds in texts without labels, as the data of its student's run."""

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

#: One text in so many is held out: the student is compared with the teacher in it.
HELD_OUT = 20


def label_texts(
    teacher: RelationExtractor,
    texts: Iterable[str],
    folder: Path,
    progress: bool = True,
    keep: bool = False,
) -> DataFolder:
    """Writes texts with what a teacher finds in them, as a data folder.

    One text in 20 is held out as a dev text.

    Args:
        teacher: the teacher.
        texts: the texts; empty ones and repetitions are left out.
        folder: where to write.
        progress: show a progress bar.
        keep: a folder that has the same texts already stays as it is, so that a run that is
            resumed finds the labels it began with.

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
                f"{counted(len(part), 'text')}. Take texts like those that it was trained on, "
                "and more of them."
            )
    return create_data_folder(folder, train, dev, teacher.schema, overwrite=True)


def _held_out(texts: Sequence[str]) -> set[str]:
    """One text in 20, the same ones in any order: a run that is made again has its own texts."""
    by_digest = sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())
    return set(by_digest[: ceil(len(texts) / HELD_OUT)])


def _texts_of(folder: Path) -> set[str]:
    """The texts that a folder has from before."""
    try:
        data = DataFolder.open(folder)
        return {example.text for path in (data.train, data.dev) for example in read_examples(path)}
    except InputError:  # nothing was written yet, or not all of it
        return set()
