"""Reading and writing of vocabulary files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gplinker_tf.bert4keras.snippets import open as open_text
from gplinker_tf.bert4keras.token_text import is_redundant


def load_vocab(
    dict_path: str | Path,
    encoding: str = "utf-8",
    simplified: bool = False,
    startswith: Sequence[str] | None = None,
) -> Any:
    """Read a `vocab.txt` into a dict from token to id.

    Args:
        dict_path: the file, one token per line.
        encoding: encoding of the file.
        simplified: leave out tokens that no text can have, such as "##京", and renumber the rest.
        startswith: with `simplified`, the tokens that come first.

    Returns:
        The dict; with `simplified`, also the old ids of its tokens in order, to pass as
        `keep_tokens` to `build_transformer_model`.

    Raises:
        KeyError: the file lacks a token of `startswith`.
    """
    vocabulary: dict[str, int] = {}
    with open_text(dict_path, encoding=encoding) as lines:
        for line in lines:
            words = line.split()
            vocabulary[words[0] if words else line.strip()] = len(vocabulary)
    if not simplified:
        return vocabulary
    kept = dict.fromkeys(startswith or ())
    by_id = sorted(vocabulary, key=vocabulary.__getitem__)
    kept |= dict.fromkeys(token for token in by_id if not is_redundant(token))
    return {token: number for number, token in enumerate(kept)}, [vocabulary[t] for t in kept]


def save_vocab(dict_path: str | Path, token_dict: dict[str, int], encoding: str = "utf-8") -> None:
    """Write a vocabulary, one token per line, in the order of the ids."""
    with open_text(dict_path, "w", encoding=encoding) as file:
        file.writelines(f"{token}\n" for token in sorted(token_dict, key=token_dict.__getitem__))
