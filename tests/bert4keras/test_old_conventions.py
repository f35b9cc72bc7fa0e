"""Behavior that published scripts rely on, which was missing when they were first run."""

import numpy as np
import pytest

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras.backend import K, keras
from gplinker_tf.bert4keras.layers import Loss

pytestmark = pytest.mark.slow


class OfSecondSegment(Loss):
    """A loss as in sequence-to-sequence scripts: the segments are its mask."""

    def compute_loss(self, inputs, mask=None):
        y_true, y_mask, y_pred = inputs
        loss = K.sparse_categorical_crossentropy(y_true, y_pred)
        return K.sum(loss * y_mask) / K.sum(y_mask)


def test_ids_and_segments_reach_a_loss_layer_as_floats():
    tokens, segments = (keras.layers.Input([None], dtype="int32") for _ in range(2))
    scores = keras.layers.Dense(3, activation="softmax")(keras.layers.Embedding(5, 4)(tokens))
    output = OfSecondSegment(2)([tokens, segments, scores])
    model = keras.models.Model([tokens, segments], output)
    model.compile(optimizer="sgd")
    ids, halves = np.array([[1, 2, 1, 0]]), np.array([[0, 0, 1, 1]])
    expected = -np.log(model.predict([ids, halves])[0, [2, 3], [1, 0]]).mean()
    assert model.fit([ids, halves], verbose=0).history["loss"][0] == pytest.approx(expected, 1e-5)


def test_labels_named_after_the_only_output():
    tokens = keras.layers.Input([3], name="Input-Token")
    model = keras.models.Model(tokens, keras.layers.Dense(1, name="Probas")(tokens))
    model.compile("sgd", "mse", metrics=["mae"])
    values = {"Input-Token": tf.ones([4, 3])}, {"Probas": tf.ones([4, 1])}
    batches = tf.data.Dataset.from_tensor_slices(values).batch(2)
    history = model.fit(batches, validation_data=batches, verbose=0).history
    assert np.isfinite([*history["loss"], *history["val_loss"]]).all()


def test_a_class_for_each_text():
    numbers = keras.layers.Input([3])
    model = keras.models.Model(numbers, keras.layers.Dense(4, activation="softmax")(numbers))
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    batch = [np.ones([2, 3])], np.array([[1], [3]])
    history = model.fit(iter([batch, batch]), steps_per_epoch=2, verbose=0).history
    assert history["loss"][0] > 0


class TwoParts(Loss):
    """As in SimBERT: two losses, reported separately, and similarities without the diagonal."""

    def compute_loss(self, inputs, mask=None):
        first = K.mean(inputs[0])
        others = K.dot(inputs[1], K.transpose(inputs[1])) * (1 - K.eye(K.shape(inputs[1])[0]))
        second = K.sum(others)
        self.add_metric(first, name="first")
        self.add_metric(second, name="second")
        return first + second


def test_a_loss_layer_shows_its_parts():
    a, b = keras.layers.Input([1]), keras.layers.Input([2])
    model = keras.models.Model([a, b], TwoParts(0)([a, b]))
    model.compile(optimizer="sgd")
    batch = [np.ones([2, 1]), np.array([[1.0, 2.0], [3.0, 4.0]])]
    for _ in range(2):
        history = model.fit(batch, epochs=2, verbose=0).history
        assert history == {"loss": [23.0] * 2, "first": [1.0] * 2, "second": [22.0] * 2}


@pytest.mark.filterwarnings("error:The structure of:UserWarning", "error:.*compile:UserWarning")
def test_generators_under_older_names_and_checkpoints_under_any_name(tmp_path):
    numbers = keras.layers.Input([3])
    model = keras.models.Model([numbers], keras.layers.Dense(1)(numbers))
    model.compile("sgd", "mse")
    x, y = np.ones([2, 3]), np.ones([2, 1])
    paths = [tmp_path / name for name in ("best.weights", "epoch-{epoch}.hdf5")]
    best = {"monitor": "loss", "save_best_only": True, "save_weights_only": True, "mode": "min"}
    callbacks = [
        keras.callbacks.ModelCheckpoint(str(paths[0]), **best),
        keras.callbacks.ModelCheckpoint(str(paths[1]), period=2),
    ]
    model.fit_generator(iter([([x], y)] * 4), 2, 2, 0, callbacks)
    expected = model.predict(x)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.weights", "epoch-2.hdf5"]
    saved = keras.models.load_model(str(tmp_path / "epoch-2.hdf5"))
    np.testing.assert_allclose(saved.predict_generator(iter([[x]]), steps=1, workers=2), expected)
    assert saved.evaluate_generator(iter([([x], y)]), 1) == model.evaluate(x, y, verbose=0)
    model.load_weights(str(paths[0]))


def test_a_loaded_model_whose_loss_is_not_known_by_name(tmp_path):
    def mean_score(y_true, y_pred):
        return K.mean(y_pred)

    numbers = keras.layers.Input([3])
    model = keras.models.Model(numbers, keras.layers.Dense(1)(numbers))
    model.compile("sgd", mean_score)
    model.save(tmp_path / "model.h5")
    with pytest.warns(UserWarning, match="without loss and optimizer"):
        loaded = keras.models.load_model(tmp_path / "model.h5")
    x = np.ones([2, 3])
    np.testing.assert_array_equal(loaded.predict(x), model.predict(x))
