"""Fixtures that make commands in this process share a loaded run, which saves seconds each time."""

import functools

import pytest


@pytest.fixture(scope="session")
def load_once():
    from gplinker_tf import RelationExtractor

    return functools.cache(RelationExtractor.load)


@pytest.fixture
def loaded_once(load_once, monkeypatch):
    """Load and trace a run only for the first command that needs it, if no test changes the run."""
    monkeypatch.setattr("gplinker_tf.RelationExtractor.load", load_once)
