"""One annotated file as two, to train on and to evaluate on, that share no text."""

from __future__ import annotations

import codecs
import gzip
import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from gplinker_tf.data.data_folder import SUFFIXES, present, text_names
from gplinker_tf.data.readers import read_records
from gplinker_tf.data.text_lines import byte_lines
from gplinker_tf.errors import InputError

PARTS = ("train", "dev")


class Piece(NamedTuple):
    """The lines of one record, and what decides where they go."""

    first_line: int
    last_line: int
    key: str
    predicates: tuple[str, ...]


def text_key(text: str) -> str:
    """What is equal in texts that differ in case, width or the white space around them only.

    Example:

    >>> text_key(" Ｈeat, 1995 ") == text_key("heat, 1995")
    True
    """
    return unicodedata.normalize("NFKC", text).strip().lower()


def split_file(
    path: str | Path,
    output: str | Path,
    dev_share: float = 0.1,
    seed: int = 42,
    overwrite: bool = False,
    report: Callable[[str], None] = print,
) -> tuple[Path, Path]:
    """Writes the lines of an annotated file to a train and a dev file, in their order.

    Texts of equal `text_key` go to the same side. The lines stay as they are, byte for byte; what
    stands before the first, as a table's header, begins both files. Chance decides, but as far as
    the share allows no predicate is left without a text to train on. The same seed gives the same
    files, on every machine.

    Args:
        path: a file that `read_examples` reads; the others are named after its suffix.
        output: the folder to write to; it is made.
        dev_share: the share of the texts that go to dev, at least one text.
        seed: decides which.
        overwrite: replace the files of an earlier split.
        report: is told how many texts each side has, and which predicates it lacks.

    Returns:
        The two files, train first.

    Raises:
        InputError: the file can't be read or has less than two texts, the share is not between 0
            and 1, or the folder has files to train or evaluate on already.
    """
    path, output = Path(path), Path(output)
    if not 0 < dev_share < 1:
        raise InputError(f"Expected a share between 0 and 1. Received: dev_share={dev_share!r}.")
    targets = _targets(path, output, overwrite)
    pieces = [
        Piece(
            record.place.number,
            record.last_line,
            text_key(record.text),
            tuple(triple.predicate for triple in record.triples),
        )
        for record in read_records(path)
    ]
    dev = _dev_keys(pieces, dev_share, seed, path)
    sides = ([p for p in pieces if p.key not in dev], [p for p in pieces if p.key in dev])
    lines = list(byte_lines(path))
    mark = codecs.BOM_UTF8 if lines[0].startswith(codecs.BOM_UTF8) else b""
    lines[0] = lines[0].removeprefix(mark)
    head = mark + b"".join(lines[: pieces[0].first_line - 1])
    _write(targets, [[head, *(_bytes(piece, lines) for piece in side)] for side in sides])
    for line in _summary(targets, sides):
        report(line)
    return targets


def _targets(path: Path, output: Path, overwrite: bool) -> tuple[Path, Path]:
    if output.exists() and not output.is_dir():
        raise InputError(f"Expected a folder to write to. Received: {output}, which is a file.")
    name = path.name.lower()
    zipped = ".gz" if name.endswith(".gz") else ""
    suffix = Path(name.removesuffix(".gz")).suffix
    suffix = (suffix if suffix in SUFFIXES else ".jsonl") + zipped
    train, dev = (output / (part + suffix) for part in PARTS)
    there = [found for part in PARTS for found in present(output, text_names(part))]
    if any(found.samefile(path) for found in there if path.exists()):
        raise InputError(
            f"Expected a folder without the file that is split. Received: {output}, which has "
            f"{path.name}. Name another folder."
        )
    others = [found for found in there if found not in (train, dev)]
    if others or (there and not overwrite):
        shown = ", ".join(found.name for found in others or there)
        mend = "Name another folder" + ("" if others else ", or replace them with --overwrite")
        raise InputError(
            f"Expected a folder without texts to train or evaluate on. Received: {output}, which "
            f"has {shown}. {mend}."
        )
    return train, dev


def _dev_keys(pieces: Sequence[Piece], dev_share: float, seed: int, path: Path) -> set[str]:
    """The texts that go to dev."""
    predicates_of: dict[str, set[str]] = {}
    for piece in pieces:
        predicates_of.setdefault(piece.key, set()).update(piece.predicates)
    if len(predicates_of) < 2:
        raise InputError(
            f"{path}: expected two different texts or more, one for each side. "
            f"Received: {len(predicates_of)}."
        )
    # Of all that Random gives, only random() is promised to stay the same in later Pythons.
    random = Random(seed)
    order = sorted(predicates_of, key=lambda key: random.random())
    wanted = min(max(round(dev_share * len(order)), 1), len(order) - 1)
    left = Counter(predicate for found in predicates_of.values() for predicate in found)
    taken, needed = [], []
    for key in order:
        if len(taken) == wanted:
            break
        if all(left[predicate] > 1 for predicate in predicates_of[key]):
            taken.append(key)
            left.subtract(predicates_of[key])
        else:
            needed.append(key)
    return {*taken, *needed[: wanted - len(taken)]}


def _bytes(piece: Piece, lines: Sequence[bytes]) -> bytes:
    return b"".join(lines[piece.first_line - 1 : piece.last_line])


def _write(targets: Sequence[Path], contents: Sequence[Iterable[bytes]]) -> None:
    """Writes both files or none."""
    unfinished = [path.with_name(path.name + ".unfinished") for path in targets]
    try:
        targets[0].parent.mkdir(parents=True, exist_ok=True)
        for path, target, content in zip(unfinished, targets, contents, strict=True):
            with path.open("wb") as file:
                if target.suffix == ".gz":
                    # Neither name nor time, so that equal texts make equal files.
                    with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                        packed.writelines(content)
                else:
                    file.writelines(content)
        # The old dev goes first: never does one split's train stand beside another's dev.
        targets[1].unlink(missing_ok=True)
        for path, target in zip(unfinished, targets, strict=True):
            os.replace(path, target)
    except OSError as error:
        raise InputError(f"{targets[0].parent}: can't be written to ({error.strerror}).") from error
    finally:
        for path in unfinished:
            path.unlink(missing_ok=True)


def _summary(targets: Sequence[Path], sides: Sequence[Sequence[Piece]]) -> Iterable[str]:
    counts = [Counter(p for piece in side for p in piece.predicates) for side in sides]
    for target, side, count in zip(targets, sides, counts, strict=True):
        yield (
            f"{target}: {len({piece.key for piece in side}):,} texts, "
            f"{len(side):,} lines, {count.total():,} triples"
        )
    everything = list(dict.fromkeys([*counts[0], *counts[1]]))
    for part, count in zip(PARTS, counts, strict=True):
        lacking = [predicate for predicate in everything if predicate not in count]
        if lacking:
            yield (
                f"{part} lacks {len(lacking)} of the {len(everything)} predicates: "
                f"{', '.join(lacking)}"
            )
