"""The contract of Keras models, checked for every model."""

import warnings
from itertools import cycle

import numpy as np
import pytest
from tiny import tiny_batch_for, tiny_model, tiny_of_kind

from gplinker_tf.backend import KERAS_3, keras, tf
from gplinker_tf.models import MODELS
from gplinker_tf.precision import layers_compute_in, policy_of
from gplinker_tf.training import AveragingAdam

pytestmark = pytest.mark.slow

MAKERS = {
    **{kind: lambda kind=kind, **kwargs: tiny_of_kind(kind, **kwargs) for kind in MODELS},
    "gplinker-standard": lambda **kwargs: tiny_model("standard", **kwargs),
}
HALF = ("mixed_bfloat16", "mixed_float16")
WEIGHTS = np.array([2.0, 0.0, 1.0, 0.5], "float32")

every_model = pytest.mark.parametrize("kind", MODELS)
#: For GPLinker with each pointer type, because their weights differ.
every_saved_model = pytest.mark.parametrize("kind", MAKERS)


def compiled(kind, optimizer="sgd", **kwargs):
    """Return a model, inputs and labels; steps are traced for one kind only, to save time."""
    model = MAKERS[kind]()
    model.compile(optimizer, **{"run_eagerly": kind != "casrel", **kwargs})
    inputs, labels = tiny_batch_for(model)
    return model, list(inputs), labels


def weights_of(model):
    return [weight.numpy() for weight in model.trainable_weights]


def assert_same_outputs(got, expected, **tolerance):
    assert set(got) == set(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(got[name], value, rtol=1e-5, atol=1e-6, err_msg=name)


def weighted_loss(model, inputs, labels):
    """Return the mean of the weighted losses over the texts, computed by hand."""
    losses = model.sample_losses(labels, model.factors(inputs, training=True))
    return tf.reduce_mean(WEIGHTS * tf.add_n(list(losses.values())))


@every_model
def test_weights_mean_the_same_in_every_form(kind):
    model, inputs, labels = compiled(kind)
    expected = pytest.approx(float(weighted_loss(model, inputs, labels)), rel=1e-5)
    triples = tf.data.Dataset.from_tensor_slices((tuple(inputs), labels, WEIGHTS)).batch(4)
    told = {"return_dict": True, "verbose": 0}
    assert model.evaluate(inputs, labels, sample_weight=WEIGHTS, **told)["loss"] == expected
    assert model.evaluate(triples, **told)["loss"] == expected
    assert model.test_on_batch(inputs, labels, WEIGHTS, return_dict=True)["loss"] == expected
    factors = model.factors(inputs)
    for form in (WEIGHTS[:, None], dict.fromkeys(labels, WEIGHTS)):
        assert float(model.compute_loss(inputs, labels, factors, form)) == expected


def test_a_label_of_gplinker_may_have_a_weight_of_its_own():
    model, inputs, labels = compiled("gplinker")
    factors = model.factors(inputs)
    losses = model.sample_losses(labels, factors)
    weights = {"entity": WEIGHTS, "head": None, "tail": 3 * WEIGHTS}
    expected = np.mean(WEIGHTS * losses["entity"] + losses["head"] + 3 * WEIGHTS * losses["tail"])
    assert float(model.compute_loss(inputs, labels, factors, weights)) == pytest.approx(expected)


@every_model
def test_a_weighted_step_is_the_gradient_of_the_weighted_mean(kind):
    model, inputs, labels = compiled(kind, keras.optimizers.SGD(0.1))
    with tf.GradientTape() as tape:
        loss = weighted_loss(model, inputs, labels)
    gradients = tape.gradient(loss, model.trainable_weights)
    before = weights_of(model)
    expected = [
        old - 0.1 * tf.convert_to_tensor(gradient)
        for old, gradient in zip(before, gradients, strict=True)
    ]
    triples = tf.data.Dataset.from_tensor_slices((tuple(inputs), labels, WEIGHTS)).batch(4)
    for step in (
        lambda: model.fit(inputs, labels, sample_weight=WEIGHTS, shuffle=False, verbose=0),
        lambda: model.fit(triples, verbose=0),
        lambda: model.train_on_batch(inputs, labels, WEIGHTS),
    ):
        for weight, value in zip(model.trainable_weights, before, strict=True):
            weight.assign(value)
        step()
        for got, wanted in zip(weights_of(model), expected, strict=True):
            np.testing.assert_allclose(got, wanted, atol=1e-5)


def test_the_loss_of_an_evaluation_does_not_depend_on_the_batch_size():
    model, inputs, labels = compiled("gplinker", run_eagerly=True)
    losses = [
        model.evaluate(inputs, labels, batch_size=size, return_dict=True, verbose=0)["loss"]
        for size in (4, 3)
    ]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


@every_model
def test_a_batch_trains_without_weights_before_and_after_fit(kind, tmp_path):
    model, inputs, labels = compiled(kind, AveragingAdam(0.01))
    losses = [model.train_on_batch(inputs, labels, return_dict=True)["loss"]]
    callbacks = [
        keras.callbacks.EarlyStopping("val_loss", restore_best_weights=True),
        keras.callbacks.ModelCheckpoint(str(tmp_path / "best.keras")),
        keras.callbacks.ModelCheckpoint(str(tmp_path / "x.weights.h5"), save_weights_only=True),
    ]
    history = model.fit(
        inputs, labels, epochs=2, validation_split=0.5, callbacks=callbacks, verbose=0
    ).history
    assert {"loss", "val_loss", *(f"val_{name}_loss" for name in model.loss_parts)} <= set(history)
    losses.append(model.train_on_batch(inputs, labels, return_dict=True)["loss"])
    assert losses[1] < losses[0]
    assert len(model.test_on_batch(inputs, labels)) == len(model.metrics)
    assert (tmp_path / "best.keras").exists() and (tmp_path / "x.weights.h5").exists()


@every_model
def test_inputs_go_by_order_or_by_name_and_segments_may_be_left_out(kind):
    model, inputs, labels = compiled(kind)
    token_ids, segment_ids = inputs
    expected = model(inputs)
    named = {"segment_ids": segment_ids, "token_ids": token_ids}
    for form in (inputs, tuple(inputs), named, token_ids, [token_ids], {"token_ids": token_ids}):
        assert_same_outputs(model(form), expected)
        assert_same_outputs(model.predict_on_batch(form), expected)
    assert_same_outputs(model.predict(named, batch_size=2, verbose=0), expected)
    model.fit(named, labels, verbose=0)
    model.test_on_batch(token_ids, labels)


def test_wrong_inputs_are_told():
    model, (token_ids, segment_ids), _ = compiled("gplinker")
    for wrong, message in (
        ({"ids": token_ids}, r"token_ids and segment_ids.*Received: \['ids'\]"),
        ([token_ids, segment_ids, segment_ids], "Received: 3 inputs"),
        ([token_ids[0], segment_ids[0]], r"\[B, L\].*token_ids=\(9,\).*\[1, L\]"),
        ([token_ids, segment_ids[:, :3]], r"segment_ids=\(4, 3\)"),
    ):
        with pytest.raises(ValueError, match=message):
            model.factors(wrong)


@every_model
def test_wrong_labels_are_told_while_the_step_is_traced(kind):
    model, inputs, labels = compiled(kind)
    first, *_ = labels
    array = labels[first]
    factors = model.factors(inputs)
    for wrong, received in (
        (None, "no labels"),
        (tuple(labels.values()), "tuple"),
        ({name: labels[name] for name in labels if name != first}, "a dict of "),
        ({**labels, "more": array}, "more"),
        ({**labels, first: array[..., 0]}, f"{first} of shape"),
        ({**labels, first: np.concatenate([array, array], axis=-1)}, f"{first} of shape"),
    ):
        with pytest.raises(ValueError, match=f"Expected labels as a dict: .*{received}"):
            model.compute_loss(inputs, wrong, factors)
    with pytest.raises(ValueError, match="Expected labels as a dict"):
        model.train_on_batch(inputs, {"more": array})
    with pytest.raises(ValueError, match=r"one weight per text, \[B\].*\[4, 9\]"):
        model.compute_loss(inputs, labels, factors, np.ones([4, 9]))
    with pytest.raises(ValueError, match="sample_weight, one number per text"):
        model.fit(inputs, labels, class_weight={0: 1.0, 1: 2.0})


def test_a_loss_of_ones_own_is_refused():
    model = tiny_model()
    with pytest.raises(ValueError, match="Received: loss='mse'"):
        model.compile("sgd", loss="mse")
    with pytest.raises(ValueError, match="Expected no metrics"):
        model.compile("sgd", metrics=["accuracy"])


@every_saved_model
def test_a_keras_file_brings_back_model_optimizer_and_options(kind, tmp_path):
    model, inputs, labels = compiled(
        kind, AveragingAdam(0.01, averaging=0.9), accumulation=2, run_eagerly=True
    )
    model.train_on_batch(inputs, labels)
    model.save(tmp_path / "model.keras")
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*compile.*")
        loaded = keras.models.load_model(tmp_path / "model.keras")
    assert (loaded.accumulation, loaded.jit, loaded.optimizer.averaging) == (2, False, 0.9)
    assert_same_outputs(loaded(inputs), model(inputs))
    for one in (model, loaded):
        one.train_on_batch(inputs, labels)
    for one, other in zip(weights_of(model), weights_of(loaded), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


@every_saved_model
def test_weights_are_saved_in_every_format_of_keras(kind, tmp_path):
    model, inputs, _ = compiled(kind)
    expected = model(inputs)
    names = ["w.weights.h5"] if KERAS_3 else ["w.weights.h5", "w.h5", "checkpoint"]
    for name in names:
        model.save_weights(str(tmp_path / name))
        other = MAKERS[kind](seed=5)
        other.load_weights(str(tmp_path / name))
        assert_same_outputs(other(inputs), expected)
    with pytest.raises(ValueError, match=r"Expected a \.keras file.*m\.h5"):
        model.save(tmp_path / "m.h5")
    clone = keras.models.clone_model(model)
    assert type(clone) is type(model)
    clone.set_weights(model.get_weights())
    assert_same_outputs(clone(inputs), expected)
    parts = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert model.count_params() == parts


@every_saved_model
def test_an_exported_model_takes_batches_and_texts_of_any_size(kind, tmp_path):
    model, inputs, labels = compiled(kind)
    longer = [np.tile(part, [2, 2]) for part in inputs]
    if kind == "tplinker":  # the others are exported before the first call
        model.train_on_batch(inputs, labels)
        model(inputs)
    model.export(str(tmp_path / "export"))
    exported = tf.saved_model.load(str(tmp_path / "export"))
    for batch in (inputs, longer):
        assert_same_outputs(exported.serve(batch), model(batch))
    signature = exported.signatures["serving_default"]
    named = dict(zip(("token_ids", "segment_ids"), map(tf.constant, longer), strict=True))
    assert set(signature.structured_input_signature[1]) == set(named)
    tf.saved_model.save(model, str(tmp_path / "saved"))
    saved = tf.saved_model.load(str(tmp_path / "saved"))
    assert_same_outputs(saved.signatures["serving_default"](**named), model(longer))


@pytest.mark.skipif(not KERAS_3, reason="export takes no arguments in legacy Keras")
def test_an_export_may_have_a_signature_of_its_own(tmp_path):
    model, inputs, labels = compiled("casrel")
    specs = [tf.TensorSpec([None, None], tf.int32)] * 2 + [tf.TensorSpec([None, 2], tf.int32)]
    model.export(str(tmp_path / "export"), input_signature=[specs], verbose=False)
    batch = [*inputs, labels["chosen"]]
    exported = tf.saved_model.load(str(tmp_path / "export"))
    assert_same_outputs(exported.serve(batch), model(batch))


@pytest.mark.skipif(KERAS_3, reason="in Keras 3, `save` writes no SavedModel")
def test_a_saved_folder_predicts_the_same(tmp_path):
    model, inputs, _ = compiled("gplinker")
    model.save(str(tmp_path / "folder"))
    loaded = keras.models.load_model(str(tmp_path / "folder"))
    longer = [np.tile(part, [2, 2]) for part in inputs]
    for batch in (inputs, longer):
        assert_same_outputs(loaded(batch), model(batch))


@pytest.mark.parametrize(("kind", "precision"), list(zip(MAKERS, cycle(HALF))))
def test_precision_comes_back_with_the_configuration(kind, precision, tmp_path):
    with layers_compute_in(precision):
        model = MAKERS[kind]()
    model.compile("sgd", run_eagerly=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for one in (loaded, keras.models.clone_model(model)):
        assert {policy_of(getattr(one, name)) for name in one.parts} == {precision}
        assert (one.loss_scale is None) == (precision == "mixed_bfloat16")
    inputs, labels = tiny_batch_for(model)
    assert_same_outputs(loaded(list(inputs)), model(list(inputs)))
    assert np.isfinite(loaded.train_on_batch(list(inputs), labels, WEIGHTS)).all()
