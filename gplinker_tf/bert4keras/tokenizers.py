"""`bert4keras.tokenizers`: the WordPiece tokenizer under bert4keras's methods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from tokenizers import Tokenizer as LibraryTokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import WhitespaceSplit

from gplinker_tf.bert4keras.names import missing
from gplinker_tf.bert4keras.snippets import open as open_text
from gplinker_tf.bert4keras.snippets import truncate_sequences
from gplinker_tf.bert4keras.token_text import is_redundant, is_special, join_tokens, stem
from gplinker_tf.tokenizers import Normalizer, lowered

__all__ = ["Tokenizer", "load_vocab", "save_vocab"]

#: Stands for a word that the vocabulary has not; its own characters take its place.
UNKNOWN = "\ue000unknown"


def __getattr__(name: str) -> NoReturn:
    missing(__name__, name)


def load_vocab(
    dict_path: str | Path,
    encoding: str = "utf-8",
    simplified: bool = False,
    startswith: Sequence[str] | None = None,
) -> Any:
    """Token to id, from a `vocab.txt`.

    Args:
        dict_path: the file, one token a line.
        encoding: of its text.
        simplified: leave out tokens that no text has, as "##京", and number the others anew.
        startswith: with `simplified`, the tokens that come first.

    Returns:
        The dict; with `simplified` also the old ids of its tokens, in order: `keep_tokens` of
        `build_transformer_model`.

    Raises:
        KeyError: the file has not a token of `startswith`.
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
    """Writes a vocabulary, one token a line, in the order of the ids."""
    with open_text(dict_path, "w", encoding=encoding) as file:
        file.writelines(f"{token}\n" for token in sorted(token_dict, key=token_dict.__getitem__))


class Tokenizer:
    """BERT's tokenizer, with bert4keras's arguments, ids and tokens.

    Args:
        token_dict: path of a `vocab.txt`, or a dict from token to id.
        do_lower_case: lower-case text and strip accents.
        word_maxlen: a longer word is one unknown token.
        token_start: first token, or `None` for none.
        token_end: last token, or `None` for none.
        pre_tokenize: a function from text to pieces, which are tokenized one by one.
        token_translate: tokens that others take the place of.

    Example:

    >>> names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "喜", "剧", "king", "##s"]
    >>> tokenizer = Tokenizer({name: i for i, name in enumerate(names)}, do_lower_case=True)
    >>> tokenizer.encode("喜剧 KINGS")
    ([2, 4, 5, 6, 7, 3], [0, 0, 0, 0, 0, 0])
    >>> tokenizer.rematch("喜剧 KINGS", tokenizer.tokenize("喜剧 KINGS"))
    [[], [0], [1], [3, 4, 5, 6], [7], []]

    Source: bert4keras 0.11.5, `tokenizers.Tokenizer`.
    """

    _token_unk_id: int

    def __init__(
        self,
        token_dict: str | Path | dict[str, int],
        do_lower_case: bool = False,
        word_maxlen: int = 200,
        token_start: str | None = "[CLS]",
        token_end: str | None = "[SEP]",
        pre_tokenize: Callable[[str], Sequence[str]] | None = None,
        token_translate: dict[str, str] | None = None,
    ) -> None:
        vocabulary: dict[str, int] = (
            token_dict if isinstance(token_dict, dict) else load_vocab(token_dict)
        )
        self._token_dict = vocabulary
        self._token_dict_inv = {number: token for token, number in vocabulary.items()}
        self._vocab_size = len(vocabulary)
        self._do_lower_case = do_lower_case
        self._token_pad, self._token_unk, self._token_mask = "[PAD]", "[UNK]", "[MASK]"
        self._token_start, self._token_end = token_start, token_end
        self._pre_tokenize = pre_tokenize
        self._token_translate = token_translate or {}
        for part in ("pad", "unk", "mask", "start", "end"):
            token = getattr(self, f"_token_{part}")
            if token in vocabulary:
                setattr(self, f"_token_{part}_id", vocabulary[token])
        self._normalizer = Normalizer(do_lower_case)
        known = {**vocabulary, UNKNOWN: max(vocabulary.values(), default=0) + 1}
        self._library = LibraryTokenizer(
            WordPiece(known, unk_token=UNKNOWN, max_input_chars_per_word=word_maxlen)
        )
        self._library.pre_tokenizer = WhitespaceSplit()

    def tokenize(self, text: str, maxlen: int | None = None) -> list[str]:
        """The tokens, start and end included; a word that is not known stands as itself.

        Args:
            text: any text.
            maxlen: tokens at most; those before the end are left out.
        """
        tokens = [self._token_translate.get(token) or token for token in self._pieces(text)]
        if self._token_start is not None:
            tokens.insert(0, self._token_start)
        if self._token_end is not None:
            tokens.append(self._token_end)
        if maxlen is not None:
            truncate_sequences(maxlen, -1 - (self._token_end is not None), tokens)
        return tokens

    def encode(
        self,
        first_text: str | list[str],
        second_text: str | list[str] | None = None,
        maxlen: int | None = None,
        pattern: str = "S*E*E",
        truncate_from: str | int = "right",
    ) -> tuple[list[int], list[int]]:
        """Token ids and segment ids of one text, or of two behind each other.

        Args:
            first_text: a text, or its tokens.
            second_text: another one, or `None`.
            maxlen: tokens at most.
            pattern: `"S*E*E"` gives the second text no start token of its own; `"S*ES*E"` does.
            truncate_from: the end that is cut, `"right"` or `"left"`, or the place of the token
                that is taken out.
        """
        first = self.tokenize(first_text) if isinstance(first_text, str) else first_text
        second = self.tokenize(second_text) if isinstance(second_text, str) else second_text
        joined = second is not None and pattern == "S*E*E"
        if maxlen is not None:
            ends = {
                "right": -1 - (self._token_end is not None),
                "left": int(bool(self._token_start)),
            }
            place = ends[truncate_from] if isinstance(truncate_from, str) else truncate_from
            truncate_sequences(maxlen + joined, place, first, second)
        if second is not None and joined and self._token_start:
            second = second[1:]
        parts = [self.tokens_to_ids(part) for part in (first, second or [])]
        segments = [number for number, part in enumerate(parts) for _ in part]
        return parts[0] + parts[1], segments

    def token_to_id(self, token: str) -> int:
        """The id of a token, or that of [UNK]."""
        return self._token_dict.get(token, self._token_unk_id)

    def tokens_to_ids(self, tokens: Sequence[str]) -> list[int]:
        """The ids of tokens."""
        return [self.token_to_id(token) for token in tokens]

    def id_to_token(self, i: int) -> str:
        """The token of an id."""
        return self._token_dict_inv[i]

    def ids_to_tokens(self, ids: Sequence[int]) -> list[str]:
        """The tokens of ids."""
        return [self.id_to_token(i) for i in ids]

    def rematch(self, text: str, tokens: Sequence[str]) -> list[list[int]]:
        """The characters of the text that each token came from; none for [CLS] and its like.

        Args:
            text: what was tokenized.
            tokens: what `tokenize` gave for it.

        Raises:
            ValueError: a token is not in the rest of the text.
        """
        normalized, place = self._normalizer(text), 0
        found: list[list[int]] = []
        for token in tokens:
            if is_special(token):
                found.append([])
                continue
            piece = stem(token)
            start = normalized.text.find(piece, place)
            if start < 0:
                raise ValueError(
                    f"Expected the tokens of the text. Received: token {token!r}, which does not "
                    f"occur in the text after character {place}. Pass what tokenize returned for "
                    "this text."
                )
            place = start + len(piece)
            found.append(normalized.start[start:place].tolist())
        return found

    def decode(self, ids: Sequence[int], tokens: Sequence[str] | None = None) -> str:
        """Readable text of ids, without [CLS] and its like.

        Args:
            ids: token ids.
            tokens: the tokens, which then count in place of the ids.
        """
        return join_tokens(tokens or self.ids_to_tokens(ids))

    #: A token without the ## of what continues a word.
    stem = staticmethod(stem)

    def _pieces(self, text: str) -> list[str]:
        if self._pre_tokenize is None:
            return self._word_pieces(self._normalizer(text).text)
        pieces: list[str] = []
        for word in self._pre_tokenize(lowered(text) if self._do_lower_case else text):
            known = word in self._token_dict
            pieces += [word] if known else self._word_pieces(self._normalizer(word).text)
        return pieces

    def _word_pieces(self, text: str) -> list[str]:
        found = self._library.encode(text)
        return [
            text[start:end] if token == UNKNOWN else token
            for token, (start, end) in zip(found.tokens, found.offsets, strict=True)
        ]
