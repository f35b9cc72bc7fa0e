"""`bert4keras.tokenizers`: WordPiece and SentencePiece with bert4keras's methods."""

from __future__ import annotations

from typing import NoReturn

from gplinker_tf.bert4keras.names import missing
from gplinker_tf.bert4keras.tokenizers.sp_tokenizer import SpTokenizer
from gplinker_tf.bert4keras.tokenizers.tokenizer import Tokenizer
from gplinker_tf.bert4keras.tokenizers.tokenizer_base import TokenizerBase
from gplinker_tf.bert4keras.tokenizers.vocabulary import load_vocab, save_vocab

__all__ = ["SpTokenizer", "Tokenizer", "TokenizerBase", "load_vocab", "save_vocab"]


def __getattr__(name: str) -> NoReturn:
    missing(__name__, name)
