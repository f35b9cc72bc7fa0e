"""Training in a notebook cell: Keras callbacks, and running the cell again."""

import json

import pytest
from reference import in_one_generation

from gplinker_tf import RelationExtractor
from gplinker_tf.backend import keras, tf
from gplinker_tf.data import DataFolder, create_data_folder, read_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.models import CasRel
from gplinker_tf.training import TrainingOptions, prepare
from gplinker_tf.training._users_callbacks import UsersCallbacks

QUIET = {"progress": False, "report": lambda line: None}


def new_plan(sample, folder, data=None, build_model=None, **changes):
    sizes = {"limit": 8, "dev_limit": 2, "encoder_layers": 1}
    settings = {"model": "casrel", "epochs": 4, "batch_size": 4, "learning_rate": 1e-3, **sizes}
    options = TrainingOptions(**(settings | changes), recipe="blog")
    encoder = EncoderFolder.open(sample, weights_required=False)
    return prepare(
        data or sample, encoder, folder / "run", options, build_model=build_model, **QUIET
    )


def interrupt_at(batches):
    """Return a callback that simulates Ctrl-C after a number of batches."""

    class Interrupt(keras.callbacks.Callback):
        left = batches

        def on_train_batch_end(self, batch, logs=None):
            self.left -= 1
            if not self.left:
                raise KeyboardInterrupt

    return Interrupt()


class ExperimentLogger(keras.callbacks.Callback):
    """A callback like those of experiment trackers, such as Weights & Biases' for Keras.

    It reads the learning rate from the optimizer as an array, writes logs as JSON, and uses the
    older name of the batch method.
    """

    def __init__(self):
        super().__init__()
        self.lines = []

    def _log(self, kind, number, logs):
        rate = self.model.optimizer.learning_rate.numpy().item()
        self.lines.append(json.loads(json.dumps({kind: number, "rate": rate, **logs})))

    def on_batch_end(self, batch, logs=None):
        self._log("batch", batch, {"loss": float(logs["loss"])})

    def on_train_batch_end(self, batch, logs=None):
        self.on_batch_end(batch, logs)

    def on_epoch_end(self, epoch, logs=None):
        self._log("epoch", epoch, logs)


def told(callback, *scores):
    """Call a callback for epochs with these scores, as `fit` would; return the model."""
    model = keras.Sequential([keras.Input([1]), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0))
    model.stop_training = False
    users = UsersCallbacks([callback], model, epochs=9, steps=1)
    users.begin_run()
    for epoch, score in enumerate(scores):
        if model.stop_training:
            break
        users.on_epoch_end(epoch, {"loss": 1.0, "val_f1": score})
    users.end_run()
    return model


@pytest.mark.parametrize("settings", [{}, {"min_delta": 0.01}, {"mode": "max"}, {"mode": "min"}])
def test_early_stopping_looks_for_the_highest_score(settings):
    stopping = keras.callbacks.EarlyStopping("val_f1", patience=2, **settings)
    told(stopping, 0.1, 0.3, 0.2, 0.25, 0.9)
    assert stopping.stopped_epoch == 3 and stopping.best == 0.3


def test_a_checkpoint_of_keras_is_of_the_highest_score(tmp_path):
    path = str(tmp_path / "{epoch}.weights.h5")
    settings = {"save_best_only": True, "save_weights_only": True}
    told(keras.callbacks.ModelCheckpoint(path, "val_f1", **settings), 0.1, 0.3, 0.2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.weights.h5", "2.weights.h5"]


def test_the_learning_rate_falls_when_the_score_does_not_rise():
    slower = keras.callbacks.ReduceLROnPlateau("val_f1", factor=0.5, patience=1)
    assert float(told(slower, 0.1, 0.2, 0.3, 0.3).optimizer.learning_rate) == 0.5


def test_what_is_no_score_is_left_to_keras():
    stopping = keras.callbacks.EarlyStopping("loss", patience=1)
    told(stopping, 0.1, 0.2, 0.3)
    assert stopping.stopped_epoch == 1


@pytest.mark.slow
def test_lists_are_trained_on_with_callbacks(sample, tmp_path):
    train, dev = (read_examples(sample / f"{part}_data.json", limit=8) for part in ("train", "dev"))
    schema = DataFolder.open(sample).read_schema()
    data = create_data_folder(tmp_path / "data", train, dev, schema)
    logs = tmp_path / "logs"
    board = keras.callbacks.TensorBoard(str(logs), update_freq=1, histogram_freq=1)
    logger = ExperimentLogger()
    # In so short a run, F1 is 0 in each epoch.
    stopping = keras.callbacks.EarlyStopping(monitor="val_f1", patience=1)
    plan = new_plan(sample, tmp_path, data, warm_up=4)
    result = plan.fit(**QUIET, callbacks=[board, logger, stopping])
    assert len(result.to_dataframe()) == 2
    steps = {}
    for path in logs.rglob("events.*"):
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            for value in event.summary.value:
                steps.setdefault(f"{path.parent.name}/{value.tag}", []).append(event.step)
    for tag in ("train/epoch_loss", "train/epoch_subject_loss", "validation/epoch_f1"):
        assert steps[tag] == [0, 1]
    assert "train/epoch_learning_rate" in steps
    assert any("kernel" in tag and step == [0, 1] for tag, step in steps.items()), "histograms"
    kinds = ["epoch" if "epoch" in line else "batch" for line in logger.lines]
    assert kinds == 2 * ["batch", "batch", "epoch"]
    rates = [line["rate"] for line in logger.lines]
    assert rates == sorted(rates) and rates[0] < rates[-1] == pytest.approx(1e-3)
    assert {"loss", "val_f1", "val_exact_recall"} <= logger.lines[-1].keys()


@in_one_generation
@pytest.mark.slow
def test_the_cell_run_again_goes_on(sample, tmp_path):
    plan = new_plan(sample, tmp_path, epochs=2)
    result = plan.fit(**QUIET, callbacks=[interrupt_at(3)])
    assert result.interrupted and "Interrupted" in result._repr_html_()
    assert RelationExtractor.load(result.folder)("北京").text == "北京"
    assert plan.extractor("北京").text == "北京", "the session is usable"
    lines = []
    result = plan.fit(progress=False, report=lines.append)
    assert "Resumed at step 3." in lines
    assert not result.interrupted and len(result.records) == 2
    with pytest.raises(ValueError, match="Received: overwrite=True"):
        plan.fit(**QUIET, overwrite=True)
    another = new_plan(sample, tmp_path, epochs=2)
    for _ in range(2):  # a run of another session is resumed only on request
        with pytest.raises(ValueError, match="not empty"):
            another.fit(**QUIET)


@in_one_generation
@pytest.mark.slow
def test_a_model_on_layers_above_the_encoder_is_loaded_with_them(sample, tmp_path):
    def build_model(encoder, num_predicates):
        more = keras.layers.Dense(16, name="projection")(encoder.output)
        more = keras.layers.LayerNormalization(name="normalization")(more)
        return CasRel(keras.Model(encoder.inputs, more), num_predicates)

    plan = new_plan(sample, tmp_path, build_model=build_model, epochs=1)
    plan.fit(**QUIET)
    extractor = RelationExtractor.load(tmp_path / "run")
    assert extractor.model.encoder.output_shape[-1] == 16
    with pytest.raises(TypeError, match=r"build_model to return a model.*Received: NoneType"):
        new_plan(sample, tmp_path, build_model=lambda encoder, num_predicates: None)
