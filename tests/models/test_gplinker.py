"""GPLinker: outputs, loss, training step and weights file."""

import numpy as np
import pytest
from reference import LEGACY, in_one_generation
from tiny import HIDDEN, PREDICATES, as_dataset, tiny_batch, tiny_encoder, tiny_model

from gplinker_tf.backend import keras, tf
from gplinker_tf.errors import InputError
from gplinker_tf.layers import pointer_logits
from gplinker_tf.losses import globalpointer_crossentropy
from gplinker_tf.models import GPLinker, load_weights, save_weights
from gplinker_tf.training import AveragingAdam

POINTERS = ["efficient", "standard"]


@pytest.mark.parametrize("pointer", POINTERS)
def test_outputs_are_masked_by_token_zero(pointer):
    inputs, _ = tiny_batch()
    logits = {name: value.numpy() for name, value in tiny_model(pointer)(inputs).items()}
    assert {name: value.shape for name, value in logits.items()} == {
        "entity": (4, 2, 9, 9),
        "head": (4, PREDICATES, 9, 9),
        "tail": (4, PREDICATES, 9, 9),
    }
    for value in logits.values():
        assert np.isneginf(value[-1, :, 6:]).all() and np.isneginf(value[-1, :, :, 6:]).all()
    assert np.isneginf(logits["entity"][0, :, 4, 3]).all(), "entities end after they start"
    assert np.isfinite(logits["head"][0]).all(), "an object may stand before its subject"


@pytest.mark.parametrize("pointer", POINTERS)
def test_factors_stand_for_the_outputs(pointer):
    inputs, _ = tiny_batch()
    model = tiny_model(pointer)
    logits, factors = model(inputs), model.factors(inputs)
    np.testing.assert_array_equal(factors.mask, inputs[0] != 0)
    for name in ("entity", "head", "tail"):
        from_factors = pointer_logits(getattr(factors, name), factors.mask, name == "entity")
        np.testing.assert_allclose(from_factors, logits[name], rtol=1e-5, atol=1e-6)


def test_the_loss_is_the_scripts_mean_of_sums():
    inputs, labels = tiny_batch()
    model = tiny_model()
    logits = model(inputs)
    parts = {name: globalpointer_crossentropy(labels[name], logits[name]) for name in labels}
    model.compile(AveragingAdam(), run_eagerly=True)
    values = model.evaluate(as_dataset(inputs, labels, 4).take(1), return_dict=True, verbose=0)
    for name, part in parts.items():
        assert values[f"{name}_loss"] == pytest.approx(np.mean(part), rel=1e-5)
    assert values["loss"] == pytest.approx(sum(map(np.mean, parts.values())), rel=1e-5)


def test_sample_weights_scale_each_texts_loss():
    inputs, labels = tiny_batch()
    model = tiny_model()
    model.compile(AveragingAdam())
    weight = np.array([2.0, 0.0, 1.0, 0.5], "float32")
    losses = model.sample_losses(labels, model.factors(inputs))
    expected = np.mean(weight * sum(loss.numpy() for loss in losses.values()))
    loss = model.compute_loss(inputs, labels, model.factors(inputs), weight)
    assert float(loss) == pytest.approx(expected, rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    "pointer", ["efficient", pytest.param("standard", marks=in_one_generation)]
)
def test_it_learns_a_batch_by_heart(pointer):
    inputs, labels = tiny_batch()
    model = tiny_model(pointer)
    model.compile(AveragingAdam(0.02, averaging=None))
    history = model.fit(as_dataset(inputs, labels), epochs=30, steps_per_epoch=4, verbose=0).history
    assert history["loss"][-1] < history["loss"][0] / 5
    assert not any(history["nonfinite"])


@pytest.mark.slow
def test_a_loss_that_is_no_number_leaves_the_weights_finite():
    inputs, labels = tiny_batch()
    model = tiny_model()
    model.compile(AveragingAdam(0.01, averaging=None), run_eagerly=True)
    data = as_dataset(inputs, labels)
    model.fit(data, steps_per_epoch=1, verbose=0)
    bias = model.entity.p_dense.bias
    bias.assign(tf.fill(bias.shape, np.float32("nan")))
    before = [weight.numpy() for weight in model.trainable_weights]
    logs = model.fit(data, steps_per_epoch=1, verbose=0).history
    assert logs["nonfinite"][0]
    others = [
        (old, new.numpy())
        for old, new in zip(before, model.trainable_weights, strict=True)
        if np.isfinite(old).all()
    ]
    assert len(others) == len(before) - 1
    assert all(np.isfinite(new).all() for _, new in others)


@pytest.mark.slow
def test_gradients_equal_those_of_the_plain_sum():
    inputs, labels = tiny_batch()
    model = tiny_model()
    model.compile(keras.optimizers.SGD(1.0), run_eagerly=True)
    with tf.GradientTape() as tape:
        logits = model(inputs)
        loss = tf.add_n(
            [tf.reduce_mean(globalpointer_crossentropy(labels[n], logits[n])) for n in labels]
        )
    gradients = tape.gradient(loss, model.trainable_weights)
    before = [w.numpy() for w in model.trainable_weights]
    model.fit(as_dataset(inputs, labels, 4), steps_per_epoch=1, verbose=0)
    for old, new, gradient in zip(before, model.trainable_weights, gradients, strict=True):
        step = old - new.numpy()
        np.testing.assert_allclose(step, tf.convert_to_tensor(gradient), atol=1e-5)


def test_weights_file_round_trip(tmp_path):
    inputs, _ = tiny_batch()
    model, other = tiny_model(seed=1), tiny_model(seed=2)
    save_weights(model, tmp_path / "model.safetensors")
    load_weights(other, tmp_path / "model.safetensors")
    for name, value in model(inputs).items():
        np.testing.assert_array_equal(other(inputs)[name], value)
    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]


OTHER_GENERATION = """
import sys
import numpy as np
from tiny import tiny_batch, tiny_model
from gplinker_tf.backend import KERAS_3
from gplinker_tf.models import load_weights
model = tiny_model(seed=5)
load_weights(model, sys.argv[1])
np.savez(sys.argv[2], keras_3=KERAS_3, **model(tiny_batch()[0]))
"""


@pytest.mark.slow
def test_weights_load_in_the_other_keras_generation(other_generation, tmp_path):
    model = tiny_model(seed=1)
    save_weights(model, tmp_path / "model.safetensors")
    arguments = [tmp_path / "model.safetensors", tmp_path / "logits.npz"]
    other_generation.run(OTHER_GENERATION, *arguments)
    other = np.load(tmp_path / "logits.npz")
    assert bool(other["keras_3"]) is LEGACY
    for name, value in model(tiny_batch()[0]).items():
        np.testing.assert_allclose(other[name], value, rtol=1e-6, atol=1e-6)


def test_weights_of_another_model_are_refused_whole(tmp_path):
    path = tmp_path / "model.safetensors"
    save_weights(tiny_model("standard"), path)
    model = tiny_model("efficient")
    before = model.get_weights()
    with pytest.raises(InputError, match=r"entity/0 of shape \[16, 16\].*\[16, 32\]"):
        load_weights(model, path)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_broken_or_missing_weights_file(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        load_weights(tiny_model(), tmp_path / "model.safetensors")
    (tmp_path / "cut.safetensors").write_bytes(b"\x10\x00")
    with pytest.raises(InputError, match=r"cut\.safetensors"):
        load_weights(tiny_model(), tmp_path / "cut.safetensors")


def test_the_whole_model_saves_as_keras_file(tmp_path):
    inputs, _ = tiny_batch()
    model = tiny_model("standard")
    expected = model(inputs)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert isinstance(loaded, GPLinker) and loaded.head_size == 8
    for name, value in loaded(inputs).items():
        np.testing.assert_array_equal(value, expected[name])


def test_errors_tell_the_way_out():
    with pytest.raises(ValueError, match=r"standard.*pointer='fast'"):
        GPLinker(tiny_encoder(), 3, pointer="fast")
    with pytest.raises(ValueError, match="num_predicates=0"):
        GPLinker(tiny_encoder(), 0)


def test_parameters_beside_the_encoder():
    model, encoder = tiny_model(), tiny_encoder()
    size = 8
    projection = HIDDEN * 2 * size + 2 * size
    heads = sum(2 * size * 2 * h + 2 * h for h in (2, PREDICATES, PREDICATES))
    own, encoders = (
        sum(int(np.prod(weight.shape)) for weight in part.trainable_weights)
        for part in (model, encoder)
    )
    assert own - encoders == 3 * projection + heads
