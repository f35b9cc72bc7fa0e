"""Commands of this process that share what takes each of them seconds."""

import functools

import pytest


@pytest.fixture(scope="session")
def load_once():
    from gplinker_tf import RelationExtractor

    return functools.cache(RelationExtractor.load)


@pytest.fixture
def loaded_once(load_once, monkeypatch):
    """A run that no test changes is loaded and traced for the first command that asks for it."""
    monkeypatch.setattr("gplinker_tf.RelationExtractor.load", load_once)
