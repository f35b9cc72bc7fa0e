"""The SentencePiece tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gplinker_tf.bert4keras.tokenizers.tokenizer_base import TokenizerBase
from gplinker_tf.extras import require


class SpTokenizer(TokenizerBase):
    """A tokenizer for a SentencePiece model, with the methods of `Tokenizer`.

    Args:
        sp_model_path: path of the `.model` file.
        **kwargs: arguments of `TokenizerBase`; the model's own start and end tokens are often
            `"<s>"` and `"</s>"`.

    Raises:
        ImportError: the package sentencepiece is not installed; the message says how to install it.

    Example:

    >>> tokenizer = SpTokenizer("spiece.model", token_end="</s>")  # doctest: +SKIP
    >>> tokenizer.encode("一个例子")  # doctest: +SKIP

    Source: bert4keras 0.11.5, `tokenizers.SpTokenizer`.
    """

    def __init__(self, sp_model_path: str | Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        require("sentencepiece", "SpTokenizer")
        from sentencepiece import SentencePieceProcessor

        self.sp_model = SentencePieceProcessor()
        self.sp_model.Load(str(sp_model_path))
        if self.sp_model.pad_id() >= 0:
            self._token_pad = self.sp_model.id_to_piece(self.sp_model.pad_id())
        self._token_unk = self.sp_model.id_to_piece(self.sp_model.unk_id())
        self._vocab_size = self.sp_model.get_piece_size()
        self._find_special_ids(self.sp_model.piece_to_id)

    def token_to_id(self, token: str) -> int:
        """Return the id of a token, or that of the unknown token."""
        return self.sp_model.piece_to_id(token)

    def id_to_token(self, i: int) -> str:
        """Return the token of an id; empty for ids beyond the model's last."""
        return self.sp_model.id_to_piece(i) if i < self._vocab_size else ""

    def decode(self, ids: Sequence[int]) -> str:
        """Return the readable text of ids."""
        tokens = self.ids_to_tokens([int(i) for i in ids])
        return self.sp_model.decode_pieces(
            [self._token_translate_inv.get(token) or token for token in tokens]
        )

    def _tokenize(self, text: str) -> list[str]:
        if self._pre_tokenize is not None:
            text = " ".join(self._pre_tokenize(text))
        return self.sp_model.encode_as_pieces(text)

    # Scripts call these, despite their private names.
    def _is_special(self, i: int) -> bool:
        """Return whether an id belongs to a control, unknown or unused token."""
        model = self.sp_model
        return model.is_control(i) or model.is_unknown(i) or model.is_unused(i)

    def _is_decodable(self, i: int) -> bool:
        """Return whether an id has text."""
        return i < self._vocab_size and not self._is_special(i)
