"""Vocabulary files, with one token per line, whose id is the line number from 0."""

from __future__ import annotations

import json
from pathlib import Path

from gplinker_tf.errors import InputError

PAD, UNKNOWN, START, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"


def read_vocabulary(path: str | Path) -> list[str]:
    """Return the tokens of a `vocab.txt`, in the order of their ids.

    Args:
        path: the file.

    Raises:
        InputError: the file is missing, not UTF-8 or empty, has a token twice, lacks a token that
            BERT requires, or does not begin with [PAD].

    Example:

    >>> from importlib.resources import files
    >>> vocabulary = read_vocabulary(files("gplinker_tf.data") / "sample" / "vocab.txt")
    >>> len(vocabulary), vocabulary[:4]
    (683, ['[PAD]', '[UNK]', '[CLS]', '[SEP]'])
    """
    path = Path(path)
    try:
        # Text mode ends lines at \n and \r only: real vocabularies contain other line separators.
        with path.open(encoding="utf-8") as file:
            tokens = [_token(line) for line in file]
    except OSError as error:
        raise InputError(f"Expected a vocabulary. Received: {path} ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: expected UTF-8. Received: {error}.") from error
    if not tokens:
        raise InputError(f"{path}: expected one token per line. Received: an empty file.")
    first_line: dict[str, int] = {}
    for number, token in enumerate(tokens, start=1):
        if first_line.setdefault(token, number) != number:
            raise InputError(
                f"{path}:{number}: expected each token once. Received: {token!r}, which is "
                f"already in line {first_line[token]}. Ids would shift; fix the vocabulary."
            )
    missing = [token for token in (PAD, UNKNOWN, START, END) if token not in first_line]
    if missing:
        raise InputError(
            f"{path}: expected a BERT vocabulary. Received: {len(tokens)} tokens without "
            f"{', '.join(missing)}."
        )
    if tokens[0] != PAD:
        raise InputError(
            f"{path}:{first_line[PAD]}: expected {PAD} in line 1, since id 0 is padding. "
            f"Received: {tokens[0]!r} there."
        )
    return tokens


def read_lowercase(path: str | Path) -> bool:
    """Return whether text must be lowercased: `do_lower_case` of a `tokenizer_config.json`.

    Defaults to True if the file or the entry does not exist.

    Args:
        path: the file, which need not exist.

    Raises:
        InputError: the file is not a JSON object.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "tokenizer_config.json"
    >>> read_lowercase(path)
    True
    >>> _ = path.write_text('{"do_lower_case": false}', "utf-8")
    >>> read_lowercase(path)
    False
    """
    path = Path(path)
    if not path.is_file():
        return True
    try:
        return bool(json.loads(path.read_text(encoding="utf-8")).get("do_lower_case", True))
    except (ValueError, AttributeError):
        raise InputError(f"{path}:1: Expected a JSON object.") from None


def _token(line: str) -> str:
    words = line.split()
    return words[0] if words else ""
