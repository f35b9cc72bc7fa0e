"""Decoded triples as dicts, and their comparison."""

import pytest


def as_dicts(triples, texts):
    found = [{} for _ in range(texts)]
    columns = triples.batch, triples.subject, triples.predicate, triples.object, triples.score
    for b, s, p, o, score in zip(*(column.numpy().tolist() for column in columns), strict=True):
        key = (tuple(s), p, tuple(o))
        assert key not in found[b], "a triple was given twice"
        found[b][key] = score
    return found


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for key, score in expected.items():
        assert found[key] == pytest.approx(score, abs=1e-4)
