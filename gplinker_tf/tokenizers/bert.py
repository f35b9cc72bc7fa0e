"""BERT's WordPiece tokenizer, with bert4keras's token ids and the characters of each token."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from tokenizers import Encoding as LibraryEncoding
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import WhitespaceSplit

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Encoding
from gplinker_tf.tokenizers._text_pieces import PIECE, text_pieces
from gplinker_tf.tokenizers.normalizer import Normalized, Normalizer
from gplinker_tf.tokenizers.vocabulary import END, START, UNKNOWN, read_lowercase, read_vocabulary

#: The longest word, in characters, that is tokenized; longer words are unknown, as in bert4keras.
LONGEST_WORD = 200

#: The number of texts tokenized at a time; the library's objects take much memory.
BATCH = 1024


class BertTokenizer:
    """A tokenizer that splits text into the tokens of a BERT vocabulary.

    For any text, the ids are the same as from `Tokenizer` of bert4keras 0.11.5. WordPiece is that
    of the `tokenizers` library; the normalization is our own, so that offsets refer to the text.

    Args:
        vocabulary: the tokens in the order of their ids.
        lowercase: whether to lowercase text and strip accents, like `do_lower_case`.

    Raises:
        ValueError: a token occurs twice.

    Example:

    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "喜", "剧", "king", "##s"])
    >>> encoding = tokenizer.encode("喜剧 KINGS")
    >>> encoding.token_ids.tolist()
    [2, 4, 5, 6, 7, 3]
    >>> encoding.offsets.tolist()
    [[0, 0], [0, 1], [1, 2], [3, 7], [7, 8], [0, 0]]

    Source: Devlin et al., "BERT", https://arxiv.org/abs/1810.04805; bert4keras 0.11.5.
    """

    def __init__(self, vocabulary: Sequence[str], lowercase: bool = True) -> None:
        self.vocabulary = tuple(vocabulary)
        self.lowercase = lowercase
        self._ids = {token: number for number, token in enumerate(self.vocabulary)}
        if len(self._ids) < len(self.vocabulary):
            again = next(t for i, t in enumerate(self.vocabulary) if self._ids[t] != i)
            raise ValueError(
                f"Expected each token once. Received: {again!r} more than once. Ids would be "
                "ambiguous; fix the vocabulary."
            )
        self._normalizer = Normalizer(lowercase)
        self._library = Tokenizer(
            WordPiece(self._ids, unk_token=UNKNOWN, max_input_chars_per_word=LONGEST_WORD)
        )
        self._library.pre_tokenizer = WhitespaceSplit()

    @classmethod
    def from_vocab_file(cls, path: str | Path, lowercase: bool = True) -> BertTokenizer:
        """Return the tokenizer for a `vocab.txt`.

        Raises:
            InputError: the file is not a BERT vocabulary.
        """
        return cls(read_vocabulary(path), lowercase)

    @classmethod
    def from_folder(cls, folder: str | Path) -> BertTokenizer:
        """Return the tokenizer for an encoder folder, from `vocab.txt` and `tokenizer_config.json`.

        Raises:
            InputError: the folder does not exist, or has no BERT vocabulary.
        """
        folder = Path(folder)
        if not folder.is_dir():
            raise InputError(f"{folder}: Expected an encoder folder. There is no such folder.")
        lowercase = read_lowercase(folder / "tokenizer_config.json")
        return cls.from_vocab_file(folder / "vocab.txt", lowercase)

    def save_vocab(self, path: str | Path) -> None:
        """Write the vocabulary, one token per line."""
        text = "".join(f"{token}\n" for token in self.vocabulary)
        with whole_file(path) as unfinished:
            unfinished.write_text(text, encoding="utf-8", newline="\n")

    @property
    def vocab_size(self) -> int:
        """The number of tokens in the vocabulary."""
        return len(self.vocabulary)

    def encode(self, text: str, max_length: int | None = None) -> Encoding:
        """Return token ids, segment ids and offsets of one text.

        Args:
            text: any text, which may be empty.
            max_length: the maximum number of tokens, with [CLS] and [SEP]; the rest is cut off.

        Raises:
            ValueError: `max_length` leaves no room for [CLS] and [SEP].
        """
        return self.encode_batch([text], max_length)[0]

    def encode_batch(self, texts: Sequence[str], max_length: int | None = None) -> list[Encoding]:
        """Encode many texts, which is faster than one by one."""
        room = _room(max_length)
        encodings: list[Encoding] = []
        for first in range(0, len(texts), BATCH):
            some = texts[first : first + BATCH]
            normalized = [self._normalizer(text) for text in some if len(text) <= PIECE]
            found = self._library.encode_batch([item.text for item in normalized])
            short = map(self._with_borders, found, normalized, [room] * len(found))
            encodings += (
                next(short) if len(text) <= PIECE else self._encode_long(text, room)
                for text in some
            )
        return encodings

    def _encode_long(self, text: str, room: int | None) -> Encoding:
        parts, truncated = [], False
        for start, piece in text_pieces(text):
            normalized = self._normalizer(piece)
            part = self._with_borders(self._library.encode(normalized.text), normalized, room)
            parts.append((part.token_ids[1:-1], part.offsets[1:-1] + start))
            room = None if room is None else room - len(parts[-1][0])
            if truncated := part.truncated:
                break
        borders = part.token_ids[:1], part.token_ids[-1:]
        nowhere = np.zeros([1, 2], np.int32)
        token_ids = np.concatenate([borders[0], *(ids for ids, _ in parts), borders[1]])
        offsets = np.concatenate([nowhere, *(places for _, places in parts), nowhere])
        return Encoding(token_ids, np.zeros_like(token_ids), offsets, truncated)

    def tokenize(self, text: str, max_length: int | None = None) -> list[str]:
        """Return the tokens, including [CLS] and [SEP]; unknown words are kept instead of [UNK].

        Two words are equal in the blog's F1 if this returns the same tokens for both.
        """
        room = _room(max_length)
        normalized = self._normalizer(text)
        found = self._library.encode(normalized.text)
        unknown = self._ids[UNKNOWN]
        tokens = [
            normalized.text[start:end] if number == unknown else token
            for number, token, (start, end) in zip(
                found.ids, found.tokens, found.offsets, strict=True
            )
        ]
        return [START, *tokens[:room], END]

    def ids_to_tokens(self, ids: Iterable[int]) -> list[str]:
        """Return the tokens of ids, including [CLS], [SEP] and [PAD], as in bert4keras.

        Unknown words are [UNK]; `Encoding.offsets` gives the characters that it stands for.

        Args:
            ids: integers `[L]`, as a list, an array or a tensor.

        Raises:
            ValueError: an id is not in the vocabulary, or the ids have more than one axis.

        Example:

        >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "喜", "剧"])
        >>> tokenizer.ids_to_tokens(tokenizer.encode("喜喜剧").token_ids)
        ['[CLS]', '喜', '喜', '剧', '[SEP]']
        """
        numbers = np.asarray(ids)
        if numbers.ndim != 1 or (numbers.size and not np.issubdtype(numbers.dtype, np.integer)):
            raise ValueError(
                "Expected the ids of one text, integers [L]. Received: ids of shape "
                f"{list(numbers.shape)} and dtype {numbers.dtype}. Pass one row at a time."
            )
        strange = (numbers < 0) | (numbers >= self.vocab_size)
        if strange.any():
            raise ValueError(
                f"Expected ids from 0 to below {self.vocab_size}, the size of the vocabulary. "
                f"Received: {numbers[strange][0]} at index {np.argmax(strange)}. Use the "
                "tokenizer that made them."
            )
        return [self.vocabulary[number] for number in numbers.tolist()]

    def __repr__(self) -> str:
        return f"BertTokenizer({self.vocab_size:,} tokens, lowercase={self.lowercase})"

    def __reduce__(self) -> tuple:
        """Pickle only the vocabulary, since the tables are large and are filled again."""
        return type(self), (self.vocabulary, self.lowercase)

    def _with_borders(
        self, found: LibraryEncoding, normalized: Normalized, room: int | None
    ) -> Encoding:
        ids, places = found.ids[:room], found.offsets[:room]
        token_ids = np.array([self._ids[START], *ids, self._ids[END]], np.int32)
        offsets = np.zeros([len(token_ids), 2], np.int32)
        if places:
            flat = np.fromiter(chain.from_iterable(places), np.int32, 2 * len(places))
            first, behind = flat.reshape(-1, 2).T
            offsets[1:-1, 0] = normalized.start[first]
            offsets[1:-1, 1] = normalized.end[behind - 1]
        return Encoding(token_ids, np.zeros_like(token_ids), offsets, len(found) > len(ids))


def _room(max_length: int | None) -> int | None:
    """Return the number of tokens that fit between [CLS] and [SEP]."""
    if max_length is None:
        return None
    if max_length < 2:
        raise ValueError(
            f"Expected room for {START} and {END}. Received: max_length={max_length}. Pass 2 or "
            "more, or None for no limit."
        )
    return max_length - 2
