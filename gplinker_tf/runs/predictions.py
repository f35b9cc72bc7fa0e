"""The original script's `dev_pred.json`: triples annotated, found, new and missing in each text."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.errors import InputError
from gplinker_tf.metrics.matching import distinct, tokenized_key
from gplinker_tf.structures import Example, Extraction, Triple


def write_predictions(
    path: str | Path,
    examples: Sequence[Example],
    extractions: Sequence[Extraction],
    tokenize: Callable[[str], Sequence[str]],
) -> None:
    """Write one indented JSON object per text, in the original script's format.

    `spo_list` is the annotation, `spo_list_pred` what was found, `new` what was found but not
    annotated, `lack` what was annotated but not found, by the tokenized match. In addition to these
    lists, `places` has the spans and the score of each triple in `spo_list_pred` and, if the model
    was tuned, its probability. If there are any, `removed` has the triples that `consistent_types`
    removed, and `left_out` is the number of further triples that were found.
    An existing file is replaced only when the new one is complete.

    Args:
        path: the file.
        examples: the annotated texts.
        extractions: what was found in them, in the same order.
        tokenize: a function from a word to its tokens.

    Raises:
        InputError: the folder to write to does not exist, or `path` is a folder.

    Example:

    >>> import tempfile
    >>> from gplinker_tf.structures import Span
    >>> gold = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    >>> path = Path(tempfile.mkdtemp()) / "dev_pred.json"
    >>> write_predictions(path, [Example("…", (gold,))], [Extraction("…")], list)
    >>> json.loads(path.read_text("utf-8"))["lack"]
    [['喜剧之王', '主演', '周星驰']]
    """
    path = Path(path)
    expect_target(path)
    key = tokenized_key(tokenize)
    with whole_file(path) as unfinished, unfinished.open("w", encoding="utf-8") as file:
        for example, extraction in zip(examples, extractions, strict=True):
            gold, found = (distinct(item.triples, key) for item in (example, extraction))
            row: dict[str, Any] = {
                "text": example.text,
                "spo_list": _words(gold.values()),
                "spo_list_pred": _words(found.values()),
                "new": _words(found[kind] for kind in found if kind not in gold),
                "lack": _words(gold[kind] for kind in gold if kind not in found),
                "places": [_place(triple) for triple in found.values()],
            }
            if extraction.removed:
                row["removed"] = _words(distinct(extraction.removed, key).values())
            if extraction.left_out:
                row["left_out"] = extraction.left_out
            file.write(json.dumps(row, ensure_ascii=False, indent=4) + "\n")


def expect_target(path: Path) -> None:
    """Check before a long computation that its result can be written to a file.

    Args:
        path: the file, which need not exist.

    Raises:
        InputError: the folder of the file does not exist, or the path is a folder.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> expect_target(folder / "dev_pred.json")
    >>> expect_target(folder / "nowhere" / "dev_pred.json")
    Traceback (most recent call last):
    ...
    gplinker_tf.errors.InputError: Expected a file in a folder that exists. Received: ...
    """
    if path.is_dir():
        raise InputError(f"Expected a file to write. Received: {path}, which is a folder.")
    if not Path(os.path.realpath(path)).parent.is_dir():
        raise InputError(
            f"Expected a file in a folder that exists. Received: {path}. Create the folder."
        )


def _words(triples: Iterable[Triple]) -> list[tuple[str, str, str]]:
    return [triple.words for triple in triples]


def _place(triple: Triple) -> dict[str, Any]:
    place = {
        "subject_span": [triple.subject.start, triple.subject.end],
        "object_span": [triple.object.start, triple.object.end],
        "score": None if triple.score is None else round(triple.score, 4),
    }
    if triple.probability is not None:
        place["probability"] = round(triple.probability, 4)
    return place
