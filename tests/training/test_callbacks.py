"""A user's Keras callbacks in `train`."""

import numpy as np
import pytest
from test_trainer import run

from gplinker_tf import RelationExtractor
from gplinker_tf.backend import keras
from gplinker_tf.training import TrainingOptions

pytestmark = pytest.mark.slow


class Recorder(keras.callbacks.Callback):
    """A callback that records its calls, and raises an error after a given number of batches."""

    def __init__(self, raise_at=None):
        super().__init__()
        self.told = []
        self.logs = []
        self.batches = 0
        self.raise_at = raise_at

    def on_train_begin(self, logs=None):
        self.told.append("begin")

    def on_train_end(self, logs=None):
        self.told.append("end")

    def on_epoch_begin(self, epoch, logs=None):
        self.told.append(epoch)

    def on_epoch_end(self, epoch, logs=None):
        self.logs.append(dict(logs))

    def on_train_batch_end(self, batch, logs=None):
        self.batches += 1
        assert np.isfinite(logs["loss"])
        if self.batches == self.raise_at:
            raise RuntimeError("mine")


def test_callbacks_see_scores_end_the_run_and_see_a_resumed_one_as_one(sample, tmp_path):
    folder = tmp_path / "run"
    options = TrainingOptions(
        **{"epochs": 4, "batch_size": 4, "learning_rate": 1e-3, "recipe": "blog"},
        **{"model": "casrel", "limit": 8, "dev_limit": 2, "encoder_layers": 1},
    )
    with pytest.raises(RuntimeError, match="mine"):
        run(sample, folder, options, callbacks=[Recorder(raise_at=3)])
    assert RelationExtractor.load(folder)(["北京"]), "the best model so far stays"
    recorder = Recorder()
    # In so short a run, F1 is 0 in each epoch.
    stopping = keras.callbacks.EarlyStopping("val_f1", mode="max", patience=1)
    result = run(sample, folder, options, callbacks=[recorder, stopping], resume=True)
    # The checkpoint is from the end of the first epoch, which had already been evaluated.
    assert recorder.told == ["begin", 1, 2, "end"] and recorder.batches == 4
    assert [record["epoch"] for record in result.records] == [1, 2, 3]
    for logs, record in zip(recorder.logs, result.records[1:], strict=True):
        assert logs["loss"] == pytest.approx(record["loss"])
        for name in ("f1", "precision", "recall", "exact_f1"):
            assert logs[f"val_{name}"] == record[name]
