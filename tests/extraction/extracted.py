"""Extractions in comparable form, and an untrained extractor."""

import pytest
from tiny import tiny_model

from gplinker_tf import RelationExtractor, Schema
from gplinker_tf.tokenizers import BertTokenizer

BORDERS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def as_rows(extractions):
    return [
        [(t.subject, t.predicate, t.object, round(t.score, 3)) for t in extraction.triples]
        for extraction in extractions
    ]


def assert_same(found, expected):
    """Check for the same triples, best first; those with nearly equal scores may be swapped."""
    for got, want in zip(found, expected, strict=True):
        scores, wanted = (
            {(t.subject, t.predicate, t.object): t.score for t in e.triples} for e in (got, want)
        )
        assert scores == pytest.approx(wanted, abs=1e-3)
        assert list(scores.values()) == sorted(scores.values(), reverse=True)


def as_triples(extractions):
    return {
        (extraction.text, triple.subject, triple.predicate, triple.object): triple.score
        for extraction in extractions
        for triple in extraction.triples
    }


def tiny_extractor(model=None):
    vocabulary = [*BORDERS, *"甲乙丙丁"]
    schema = Schema(tuple(("", name, "") for name in "xyz"))
    return RelationExtractor(model or tiny_model(), BertTokenizer(vocabulary), schema)
