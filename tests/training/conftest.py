"""Training in these tests draws no curves, which saves half a second per epoch."""

import pytest


@pytest.fixture(autouse=True)
def no_curves(monkeypatch):
    """Write an empty file instead of curves, except in runs that several tests share."""
    monkeypatch.setattr(
        "gplinker_tf.training.epoch_evaluation.draw_curves", lambda path, records: path.touch()
    )
