"""The WordPiece tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer as LibraryTokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import WhitespaceSplit

from gplinker_tf.bert4keras.token_text import (
    is_punctuation,
    is_redundant,
    is_special,
    join_tokens,
    stem,
)
from gplinker_tf.bert4keras.tokenizers.tokenizer_base import TokenizerBase
from gplinker_tf.bert4keras.tokenizers.vocabulary import load_vocab
from gplinker_tf.tokenizers import Normalizer, is_cjk, lowered

#: Placeholder for a word outside the vocabulary; the word's own characters replace it.
UNKNOWN = "\ue000unknown"


class Tokenizer(TokenizerBase):
    """BERT's tokenizer, with bert4keras's arguments, ids and tokens.

    Args:
        token_dict: path of a `vocab.txt`, or a dict from token to id.
        do_lower_case: lowercase text and strip accents.
        word_maxlen: longer words become one unknown token.
        **kwargs: arguments of `TokenizerBase`.

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
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        vocabulary: dict[str, int] = (
            token_dict if isinstance(token_dict, dict) else load_vocab(token_dict)
        )
        self._token_dict = vocabulary
        self._token_dict_inv = {number: token for token, number in vocabulary.items()}
        self._vocab_size = len(vocabulary)
        self._do_lower_case = do_lower_case
        self._find_special_ids(vocabulary.get)
        self._normalizer = Normalizer(do_lower_case)
        known = {**vocabulary, UNKNOWN: max(vocabulary.values(), default=0) + 1}
        self._library = LibraryTokenizer(
            WordPiece(known, unk_token=UNKNOWN, max_input_chars_per_word=word_maxlen)
        )
        self._library.pre_tokenizer = WhitespaceSplit()

    def token_to_id(self, token: str) -> int:
        """Return the id of a token, or that of [UNK]."""
        return self._token_dict.get(token, self._token_unk_id)

    def id_to_token(self, i: int) -> str:
        """Return the token of an id."""
        return self._token_dict_inv[i]

    def rematch(self, text: str, tokens: Sequence[str]) -> list[list[int]]:
        """Return the characters of the text that each token came from; none for tokens like [CLS].

        Args:
            text: the text that was tokenized.
            tokens: the result of `tokenize` for it.

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
        """Return the readable text of ids, without tokens like [CLS].

        Args:
            ids: token ids.
            tokens: tokens to use instead of the ids.
        """
        return join_tokens(tokens or self.ids_to_tokens(ids))

    #: Returns a token without the ## that marks the continuation of a word.
    stem = staticmethod(stem)

    # Scripts call these, despite their private names.
    _is_cjk_character = staticmethod(is_cjk)
    _is_punctuation = staticmethod(is_punctuation)
    _is_redundant = staticmethod(is_redundant)
    _is_special = staticmethod(is_special)

    def _tokenize(self, text: str, pre_tokenize: bool = True) -> list[str]:
        if not pre_tokenize or self._pre_tokenize is None:
            return self._word_pieces(self._normalizer(text).text)
        pieces: list[str] = []
        for word in self._pre_tokenize(lowered(text) if self._do_lower_case else text):
            pieces += [word] if word in self._token_dict else self._tokenize(word, False)
        return pieces

    def _word_pieces(self, text: str) -> list[str]:
        found = self._library.encode(text)
        return [
            text[start:end] if token == UNKNOWN else token
            for token, (start, end) in zip(found.tokens, found.offsets, strict=True)
        ]
