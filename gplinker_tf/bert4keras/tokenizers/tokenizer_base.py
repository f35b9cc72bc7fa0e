"""The common base of bert4keras's tokenizers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gplinker_tf.bert4keras.snippets import truncate_sequences


class TokenizerBase:
    """Abstract: converts a text, or a pair of texts, to token ids.

    A subclass defines `_tokenize(text)`, `token_to_id`, `id_to_token` and `decode`.

    Args:
        token_start: first token, or `None` for none.
        token_end: last token, or `None` for none.
        pre_tokenize: a function from text to pieces, which are tokenized one by one.
        token_translate: tokens to replace, each with its replacement.

    Source: bert4keras 0.11.5, `tokenizers.TokenizerBase`.
    """

    def __init__(
        self,
        token_start: str | None = "[CLS]",
        token_end: str | None = "[SEP]",
        pre_tokenize: Callable[[str], Sequence[str]] | None = None,
        token_translate: dict[str, str] | None = None,
    ) -> None:
        self._token_pad, self._token_unk, self._token_mask = "[PAD]", "[UNK]", "[MASK]"
        self._token_start, self._token_end = token_start, token_end
        self._pre_tokenize = pre_tokenize
        self._token_translate = token_translate or {}
        self._token_translate_inv = {new: old for old, new in self._token_translate.items()}

    def _find_special_ids(self, token_to_id: Callable[[Any], int | None]) -> None:
        """Set `_token_start_id` and the like for the special tokens that have an id."""
        for part in ("pad", "unk", "mask", "start", "end"):
            token = getattr(self, f"_token_{part}")
            number = None if token is None else token_to_id(token)
            if number is not None:
                setattr(self, f"_token_{part}_id", number)

    def tokenize(self, text: str, maxlen: int | None = None) -> list[str]:
        """Return the tokens, including start and end; an unknown word is kept as it is.

        Args:
            text: any text.
            maxlen: maximum number of tokens; those just before the end token are dropped.
        """
        tokens = [self._token_translate.get(token) or token for token in self._tokenize(text)]
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
        """Return token ids and segment ids of one text, or of two, concatenated.

        Args:
            first_text: a text, or its tokens.
            second_text: a second text or its tokens, or `None`.
            maxlen: maximum number of tokens.
            pattern: `"S*E*E"` gives the second text no start token of its own; `"S*ES*E"` does.
            truncate_from: the end to truncate, `"right"` or `"left"`, or the index at which tokens
                are removed.
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
        """Return the id of a token."""
        raise NotImplementedError

    def tokens_to_ids(self, tokens: Sequence[str]) -> list[int]:
        """Return the ids of tokens."""
        return [self.token_to_id(token) for token in tokens]

    def id_to_token(self, i: int) -> str:
        """Return the token of an id."""
        raise NotImplementedError

    def ids_to_tokens(self, ids: Sequence[int]) -> list[str]:
        """Return the tokens of ids."""
        return [self.id_to_token(i) for i in ids]

    def decode(self, ids: Sequence[int]) -> str:
        """Return the readable text of ids."""
        raise NotImplementedError

    def _tokenize(self, text: str) -> list[str]:
        """Return the tokens of a text, without start and end."""
        raise NotImplementedError
