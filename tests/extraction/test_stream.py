"""A stream keeps only one window of texts in memory, however many there are."""

import weakref

import numpy as np
import pytest

from gplinker_tf import RelationExtractor, Schema
from gplinker_tf.extraction import Predictor
from gplinker_tf.extraction.predictor import Prediction
from gplinker_tf.tokenizers import BertTokenizer

WINDOW = 4


class OneTriple(Predictor):
    """A predictor of one triple per text, between the first two tokens."""

    kind, num_predicates = "one", 1

    def __call__(self, token_ids, segment_ids, threshold, max_pairs, max_triples):
        texts = np.arange(len(token_ids))
        ends = np.ones([len(texts), 2], int)
        zeros, ones = np.zeros_like(texts), np.ones_like(texts)
        scores = ones.astype(float)
        flags = zeros.astype(bool), zeros, ones.astype(bool)
        return Prediction(texts, ends, zeros, ends + 1, scores, scores, *flags)


@pytest.fixture
def extractor(monkeypatch):
    monkeypatch.setattr("gplinker_tf.extraction.portions.TEXTS_TOGETHER", WINDOW)
    tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b"])
    return RelationExtractor(OneTriple(), tokenizer, Schema((("", "p", ""),)))


def test_a_stream_reads_a_window_ahead_and_keeps_no_result(extractor):
    asked, alive = [], []

    def texts():
        for number in range(10 * WINDOW):
            asked.append(number)
            yield "a b"

    for given, extraction in enumerate(extractor.stream(texts()), start=1):
        assert len(extraction.triples) == 1
        alive.append(weakref.ref(extraction))
        assert len(asked) - given < WINDOW
        assert sum(reference() is not None for reference in alive) <= 2
    assert given == len(asked) == 10 * WINDOW
