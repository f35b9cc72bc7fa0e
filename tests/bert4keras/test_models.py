"""Models that behave as in Keras 2.3: lists, integers, generators, no output, any file name."""

import h5py
import numpy as np
import pytest

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras import keras
from gplinker_tf.bert4keras.backend import search_layer
from gplinker_tf.bert4keras.models import BERT, build_transformer_model
from gplinker_tf.errors import InputError

pytestmark = pytest.mark.slow

SIZES = dict(
    vocab_size=30,
    hidden_size=8,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=12,
    dropout_rate=0.0,
    attention_dropout_rate=0.0,
    max_position=16,
)


def two_inputs(units=3, name=None):
    a, b = keras.layers.Input([None, 4]), keras.layers.Input([None, 4])
    first = keras.layers.Dense(units, name=name)(keras.layers.Add()([a, b]))
    second = keras.layers.Dense(2)(first)
    return keras.models.Model([a, b], [first, second])


def batch(length=5, dtype="int64"):
    rng = np.random.default_rng(length)
    inputs = [rng.normal(size=[2, length, 4]).astype("float32") for _ in range(2)]
    return inputs, [rng.integers(0, 5, [2, length, size]).astype(dtype) for size in (3, 2)]


def products(y_true, y_pred):
    return tf.reduce_mean(y_true * y_pred)  # fails for integers, as bert4keras's loss does


def test_models_are_instances_of_model():
    model = two_inputs()
    assert isinstance(model, keras.models.Model) and isinstance(model, keras.Model)
    assert isinstance(model, tf.keras.Model)

    class Own(keras.models.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, inputs):
            return self.dense(inputs)

    own = Own()
    own.compile("sgd", "mse")
    own.fit(np.ones([4, 2]), np.ones([4, 1], int), verbose=0)
    stack = keras.models.Sequential([keras.layers.Dense(1)])
    stack.compile("sgd", "mse")
    assert stack.predict(np.ones([4, 2])).shape == (4, 1)


def test_generators_of_lists_with_whole_numbers_and_any_length():
    def generator():
        for length in (5, 5, 5, 9, 3, 7):  # the first ones are alike, which Keras takes for a rule
            yield batch(length)

    model = two_inputs()
    model.compile("sgd", products)
    history = model.fit(
        generator(), steps_per_epoch=3, epochs=2, workers=1, verbose=0, validation_data=batch()
    )
    assert len(history.history["loss"]) == len(history.history["val_loss"]) == 2
    model.fit_generator(iter([batch(4)]), 1, 1, 0)
    model.fit(*batch(), verbose=0)
    assert np.isfinite(model.evaluate(*batch(), verbose=0)).all()
    assert np.isfinite(model.train_on_batch(*batch())).all()
    assert np.isfinite(model.test_on_batch(*batch())).all()


@pytest.mark.parametrize("dtype", ["float64", "float16", "int32", "bool"])
def test_labels_of_any_type_reach_losses_and_metrics_as_floatx(dtype):
    seen = []

    def share(y_true, y_pred):
        seen.append(tf.as_dtype(y_true.dtype))
        return tf.reduce_sum(y_true * tf.cast(y_pred > 0, tf.float32))

    inputs, labels = batch(dtype=dtype)
    tensor = keras.layers.Input([None, 4])
    model = keras.models.Model(tensor, [keras.layers.Dense(3)(tensor)])
    model.compile("sgd", products, metrics=[share])
    rows = (inputs[0], labels[0])
    model.fit(
        iter([rows] * 2),
        steps_per_epoch=2,
        verbose=0,
        validation_data=iter([rows]),
        validation_steps=1,
    )
    model.fit(*rows, verbose=0, validation_data=rows)
    model.evaluate(*rows, verbose=0)
    model.evaluate(iter([rows]), steps=1, verbose=0)
    model.train_on_batch(*rows), model.test_on_batch(*rows)
    assert set(seen) == {tf.float32}


def test_a_list_of_one_output_is_that_output():
    tensor = keras.layers.Input([4])
    model = keras.models.Model(inputs=[tensor], outputs=[keras.layers.Dense(3)(tensor)])
    assert tuple(model.output.shape) == (None, 3)
    assert model.predict(np.ones([2, 4])).shape == (2, 3)


def test_an_error_in_a_generator_comes_out_as_itself():
    def generator():
        yield batch()
        raise LookupError("no such entity")

    model = two_inputs()
    model.compile("sgd", products)
    with pytest.raises(LookupError, match="no such entity"):
        model.fit(generator(), steps_per_epoch=3, verbose=0)
    with pytest.raises(ValueError, match=r"steps_per_epoch=len\(generator\)"):
        model.fit(generator())


def test_predict_is_silent_and_takes_lists(capsys):
    model = two_inputs()
    inputs, _ = batch()
    small = model.predict(inputs)
    large = model.predict([np.repeat(part, 40, axis=0) for part in inputs])
    assert capsys.readouterr().out == ""
    np.testing.assert_allclose(small[1], large[1][::40], rtol=1e-5)


def test_weights_under_any_name(tmp_path):
    model, other = two_inputs(), two_inputs()
    path = tmp_path / "best_model.weights"
    model.save_weights(str(path))
    assert h5py.is_hdf5(path) and [p.name for p in tmp_path.iterdir()] == [path.name]
    other.load_weights(str(path))
    for ours, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    with pytest.raises(InputError, match="overwrite=True"):
        model.save_weights(path, overwrite=False)


def test_weights_that_do_not_fit(tmp_path):
    path = tmp_path / "best_model.weights"
    two_inputs(name="scores").save_weights(path)
    other = two_inputs(units=4, name="scores")
    before = other.get_weights()
    with pytest.raises(
        InputError,
        match=r"'scores'. Expected weights of \(4, 4\) \(4,\). Received: \(4, 3\) \(3,\)",
    ):
        other.load_weights(path)
    with pytest.raises(InputError, match=r"expected 1 layers with weights\. Received: 2"):
        tensor = keras.layers.Input([4])
        keras.models.Model(tensor, keras.layers.Dense(3)(tensor)).load_weights(path)
    for now, then in zip(other.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_weights_by_name(tmp_path):
    path = tmp_path / "some.h5"
    model = two_inputs(name="scores")
    model.save_weights(path)
    tensor = keras.layers.Input([4])
    other = keras.models.Model(
        tensor, keras.layers.Dense(3, name="scores")(keras.layers.Dense(4, name="own")(tensor))
    )
    own = other.get_layer("own").get_weights()
    other.load_weights(path, by_name=True)
    np.testing.assert_array_equal(
        other.get_layer("scores").get_weights()[0], model.get_layer("scores").get_weights()[0]
    )
    np.testing.assert_array_equal(other.get_layer("own").get_weights()[0], own[0])


@pytest.mark.parametrize("content", [b"", b"no weights", None])
def test_files_that_hold_no_weights(tmp_path, content):
    path = tmp_path / "best_model.weights"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"best_model\.weights"):
        two_inputs().load_weights(path)


def test_names_too_long_for_one_attribute(tmp_path):
    tensor = x = keras.layers.Input([1])
    for number in range(400):
        x = keras.layers.Dense(1, name=f"{number}-" + "x" * 200)(x)
    model = keras.models.Model(tensor, x)
    model.save_weights(tmp_path / "weights")
    with h5py.File(tmp_path / "weights") as file:
        assert "layer_names" not in file.attrs and "layer_names0" in file.attrs
    model.load_weights(tmp_path / "weights")


def test_bert_with_its_layers_in_reach():
    bert = build_transformer_model(**SIZES, return_keras_model=False)
    assert isinstance(bert, BERT) and isinstance(bert.model, keras.models.Model)
    last = bert.model.layers[-2]
    assert last.get_output_at(-1) is last.output
    assert len(last.get_input_at(0)) == 2
    assert bert.initializer.stddev == 0.02 and len(bert.inputs) == 2
    found = search_layer(bert.model.output, "Transformer-0-FeedForward")
    assert found is bert.layers["Transformer-0-FeedForward"]
    assert search_layer(bert.model, "Embedding-Token") is bert.layers["Embedding-Token"]
    assert search_layer(bert.model.output, "Nothing") is None
    first, seen = bert.layers["Embedding-Norm"], set()
    assert search_layer(bert.model.output, "Embedding-Token", {first}) is None
    search_layer(bert.model.output, "Embedding-Token", seen)
    assert first in seen and bert.layers["Transformer-1-FeedForward-Norm"] in seen


def test_roberta_is_a_bert():
    tf.keras.utils.set_random_seed(1)
    model = build_transformer_model(**SIZES, model="roberta")
    tf.keras.utils.set_random_seed(1)
    same = build_transformer_model(**SIZES)
    inputs = [np.array([[2, 5, 3]]), np.zeros([1, 3], int)]
    np.testing.assert_array_equal(model.predict(inputs), same.predict(inputs))


def test_a_loss_layer_sees_the_mask_of_bert():
    from gplinker_tf.bert4keras.layers import Loss

    class TokensLeft(Loss):
        def compute_loss(self, inputs, mask=None):
            assert mask[0] is None and mask[1] is not None
            return tf.reduce_sum(inputs[0]) + tf.reduce_sum(tf.cast(mask[1], tf.float32))

    bert = build_transformer_model(**SIZES, return_keras_model=False)
    extra = keras.layers.Input([1])
    output = TokensLeft(output_axis=1)([extra, bert.model.output])
    model = keras.models.Model([*bert.model.inputs, extra], output)
    model.compile("sgd")
    ids = np.array([[2, 5, 9, 3], [2, 5, 3, 0]])
    inputs = [ids, np.zeros_like(ids), np.zeros([2, 1], "float32")]
    assert model.test_on_batch(inputs) == pytest.approx(7.0)


def test_layers_of_one_name_are_told_apart():
    from gplinker_tf.backend import keras
    from gplinker_tf.bert4keras.layers import LayerNormalization as OldNormalization
    from gplinker_tf.encoders.layers.layer_normalization import LayerNormalization

    for layer in (LayerNormalization(), OldNormalization()):
        again = keras.layers.deserialize(keras.layers.serialize(layer))
        assert type(again) is type(layer)
