"""Split of an annotated file into a train and a dev file that share no text."""

from __future__ import annotations

import codecs
import gzip
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from gplinker_tf._atomic_write import whole_file
from gplinker_tf._counted import counted
from gplinker_tf.data.folder import present, text_names
from gplinker_tf.data.formats.encodings import UTF_8
from gplinker_tf.data.formats.json_objects import JsonObjects
from gplinker_tf.data.formats.readers import read_records
from gplinker_tf.data.formats.record import Record
from gplinker_tf.data.formats.text_input import TextInput
from gplinker_tf.data.formats.text_lines import byte_lines
from gplinker_tf.errors import InputError

PARTS = ("train", "dev")

#: The suffix for the items of an array, and for a file whose suffix is not one of its format's.
LINES = ".jsonl"


class Piece(NamedTuple):
    """The bytes to write for one record, and what decides which side it goes to."""

    content: bytes
    key: str
    predicates: tuple[str, ...]


def text_key(text: str) -> str:
    """Return a key that ignores case, character width and surrounding whitespace.

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
    """Split the lines of an annotated file into a train and a dev file, and keep their order.

    Texts with equal `text_key` go to the same side. Lines in UTF-8 are copied byte for byte; what
    precedes the first, such as a table's header, begins both files. The items of a JSON array
    become the lines of a `.jsonl` file. The split is random, but as far as the share allows, every
    predicate keeps a training text. The same seed gives the same files on every machine.

    Args:
        path: a file that `read_examples` reads; the new files have its suffix.
        output: the folder to write to; created if it does not exist.
        dev_share: the share of the texts that go to dev, at least one text.
        seed: the seed of the random split.
        overwrite: replace the files of an earlier split.
        report: a function that is called with each line about the sizes and missing predicates.

    Returns:
        The two files, train first.

    Raises:
        InputError: the file can't be read or has fewer than two different texts, the share is not
            between 0 and 1, or the folder already has train or dev files.

    Example:

    >>> import tempfile
    >>> from gplinker_tf.data import read_examples
    >>> folder = Path(tempfile.mkdtemp())
    >>> rows = [f"Ada wrote book {n},Ada,wrote,book {n}\\n" for n in range(10)]
    >>> _ = (folder / "all.csv").write_text("text,subject,predicate,object\\n" + "".join(rows))
    >>> train, dev = split_file(folder / "all.csv", folder, dev_share=0.2, report=lambda line: None)
    >>> [(path.name, len(read_examples(path))) for path in (train, dev)]
    [('train.csv', 8), ('dev.csv', 2)]
    """
    path, output = Path(path), Path(output)
    if not 0 < dev_share < 1:
        raise InputError(f"Expected a share between 0 and 1. Received: dev_share={dev_share!r}.")
    source = TextInput(path)
    if not path.is_file():
        raise InputError(f"Expected a file, since it is read twice. Received: {path}. Name a file.")
    targets = _targets(path, output, overwrite, source)
    if source.kind.stands_on_lines(source):
        head, pieces = _lines(source)
    else:
        head, pieces = b"", _items(source)
    dev = _dev_keys(pieces, dev_share, seed, path)
    sides = ([p for p in pieces if p.key not in dev], [p for p in pieces if p.key in dev])
    _write(targets, [[head, *(piece.content for piece in side)] for side in sides])
    for line in _summary(targets, sides):
        report(line)
    return targets


def _lines(source: TextInput) -> tuple[bytes, list[Piece]]:
    """Return the lines before the first record, and one piece per record with its lines."""
    records, lines = list(read_records(source)), list(byte_lines(source.path))
    if source.encoding != UTF_8:
        lines = [line.encode() for line in TextInput(source.path).lines()]
    if not records:
        return b"", []
    mark = codecs.BOM_UTF8 if lines[0].startswith(codecs.BOM_UTF8) else b""
    lines[0] = lines[0].removeprefix(mark)
    pieces = [
        _piece(b"".join(lines[record.place.number - 1 : record.last_line]), record)
        for record in records
    ]
    return mark + b"".join(lines[: records[0].place.number - 1]), pieces


def _items(source: TextInput) -> list[Piece]:
    """Return the objects of an array as pieces of one line each."""
    kind = source.kind
    if not isinstance(kind, JsonObjects):
        raise InputError(
            f"Expected a file with lines or JSON. Received: {source.path}, {kind.title}. Use "
            "gplinker import, which also splits this format."
        )
    return [
        _piece(json.dumps(row, ensure_ascii=False).encode() + b"\n", kind.record(row, place))
        for place, row in kind.items(source)
    ]


def _piece(content: bytes, record: Record) -> Piece:
    predicates = tuple(triple.predicate for triple in record.triples)
    return Piece(content, text_key(record.text), predicates)


def _targets(path: Path, output: Path, overwrite: bool, source: TextInput) -> tuple[Path, Path]:
    if output.exists() and not output.is_dir():
        raise InputError(f"Expected a folder to write to. Received: {output}, which is a file.")
    name = path.name.lower()
    zipped = ".gz" if name.endswith(".gz") else ""
    suffix = Path(name.removesuffix(".gz")).suffix
    suffixes = source.kind.suffixes
    if not source.kind.stands_on_lines(source):
        suffix = LINES
    elif suffix not in suffixes:
        suffix = next(iter(suffixes), LINES)
    train, dev = (output / (part + suffix + zipped) for part in PARTS)
    there = [found for part in PARTS for found in present(output, text_names(part))]
    if any(found.samefile(path) for found in there if path.exists()):
        raise InputError(
            f"Expected a folder other than the one of the file to split. Received: {output}, "
            f"which contains {path.name}. Name another folder."
        )
    others = [found for found in there if found not in (train, dev)]
    if others or (there and not overwrite):
        shown = ", ".join(found.name for found in others or there)
        advice = "Name another folder" + ("" if others else ", or replace them with --overwrite")
        raise InputError(
            f"Expected a folder without training or dev texts. Received: {output}, which "
            f"contains {shown}. {advice}."
        )
    return train, dev


def _dev_keys(pieces: Sequence[Piece], dev_share: float, seed: int, path: Path) -> set[str]:
    """Return the keys of the texts that go to dev."""
    predicates_of: dict[str, set[str]] = {}
    for piece in pieces:
        predicates_of.setdefault(piece.key, set()).update(piece.predicates)
    if len(predicates_of) < 2:
        raise InputError(
            f"{path}: expected at least two different texts, one for each side. Received: "
            f"{len(predicates_of)}."
        )
    # random() is the only method of Random that is guaranteed not to change in later Pythons.
    random = Random(seed)
    order = sorted(predicates_of, key=lambda key: random.random())
    wanted = min(max(round(dev_share * len(order)), 1), len(order) - 1)
    left = Counter(predicate for found in predicates_of.values() for predicate in found)
    taken: list[str] = []
    needed: list[str] = []
    for key in order:
        if len(taken) == wanted:
            break
        if all(left[predicate] > 1 for predicate in predicates_of[key]):
            taken.append(key)
            left.subtract(predicates_of[key])
        else:
            needed.append(key)
    return {*taken, *needed[: wanted - len(taken)]}


def _write(targets: Sequence[Path], contents: Sequence[Iterable[bytes]]) -> None:
    """Write both files or neither."""
    train, dev = targets
    try:
        train.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(dev) as new_dev, whole_file(train) as new_train:
            for path, content in zip((new_train, new_dev), contents, strict=True):
                _write_lines(path, content, packed=train.suffix == ".gz")
            # The old dev file is removed first, so train and dev never come from different splits.
            if dev.is_file():
                dev.resolve().unlink()
    except OSError as error:
        raise InputError(f"{train.parent}: can't be written to ({error.strerror}).") from error


def _write_lines(path: Path, content: Iterable[bytes], packed: bool) -> None:
    with path.open("wb") as file:
        if packed:
            # Without a name and a time, so that equal texts make equal files.
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as pack:
                pack.writelines(content)
        else:
            file.writelines(content)


def _summary(targets: Sequence[Path], sides: Sequence[Sequence[Piece]]) -> Iterable[str]:
    counts = [Counter(p for piece in side for p in piece.predicates) for side in sides]
    for target, side, count in zip(targets, sides, counts, strict=True):
        yield (
            f"{target}: {counted(len({piece.key for piece in side}), 'text')}, "
            f"{counted(len(side), 'line')}, {counted(count.total(), 'triple')}"
        )
    everything = list(dict.fromkeys([*counts[0], *counts[1]]))
    for part, count in zip(PARTS, counts, strict=True):
        lacking = [predicate for predicate in everything if predicate not in count]
        if lacking:
            yield (
                f"{part} lacks {len(lacking)} of the {counted(len(everything), 'predicate')}: "
                f"{', '.join(lacking)}"
            )
