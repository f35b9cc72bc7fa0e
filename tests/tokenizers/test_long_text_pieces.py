"""A long text is tokenized in pieces, with the same result in less memory."""

import random

import numpy as np
import pytest

from gplinker_tf.tokenizers import BertTokenizer, bert
from gplinker_tf.tokenizers import _text_pieces as pieces

LETTERS = [*"abAB喜剧，。 .'\u0301\u0345Σς\n", "é", "\u3000", "之王\u0300"]


@pytest.fixture(scope="module")
def tokenizer():
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"ab喜剧之王，.σς", "##a", "##b", "ab", "##ς"]
    return BertTokenizer(words)


@pytest.mark.parametrize("seed", range(20))
def test_it_gives_what_the_whole_text_gives(tokenizer, monkeypatch, seed):
    chance = random.Random(seed)
    texts = ["".join(chance.choices(LETTERS, k=chance.randrange(200))) for _ in range(5)]
    limits = None, 2, 3, 20, 400
    whole = [tokenizer.encode_batch(texts, limit) for limit in limits]
    for module in (pieces, bert):
        monkeypatch.setattr(module, "PIECE", chance.randrange(1, 12))
    for limit, expected in zip(limits, whole, strict=True):
        for found, wanted in zip(tokenizer.encode_batch(texts, limit), expected, strict=True):
            assert all(map(np.array_equal, found, wanted))
