"""Mixed precision, loss scaling and XLA give the same model with other arithmetic."""

import numpy as np
import pytest
from reference import in_one_generation
from tiny import as_dataset, tiny_batch, tiny_model

from gplinker_tf.backend import tf
from gplinker_tf.models._loss_scale import FIRST, GROWTH_STEPS, HIGHEST, LossScale
from gplinker_tf.precision import PRECISIONS, layers_compute_in
from gplinker_tf.training import AveragingAdam

pytestmark = pytest.mark.slow

HALF = [name for name in PRECISIONS if name != "float32"]


def model_in(precision, pointer="efficient"):
    with layers_compute_in(precision):
        return tiny_model(pointer)


def trained(model):
    return [weight.numpy() for weight in model.trainable_weights]


def step(model, inputs, labels):
    logs = model.fit(as_dataset(inputs, labels, 4), steps_per_epoch=1, verbose=0, shuffle=False)
    return {name: values[0] for name, values in logs.history.items()}


@pytest.mark.parametrize("precision", HALF)
@pytest.mark.parametrize("pointer", ["efficient", "standard"])
def test_factors_are_half_and_the_loss_is_float32(precision, pointer):
    inputs, labels = tiny_batch()
    model, exact = model_in(precision, pointer), tiny_model(pointer)
    factors = model.factors(inputs)
    assert factors.head.query.dtype == precision.removeprefix("mixed_")
    for name, loss in model.sample_losses(labels, factors).items():
        expected = exact.sample_losses(labels, exact.factors(inputs))[name]
        assert loss.dtype == tf.float32
        np.testing.assert_allclose(loss, expected, rtol=0.02)
    assert {weight.dtype for weight in map(tf.convert_to_tensor, model.weights)} == {tf.float32}


@in_one_generation
@pytest.mark.parametrize(
    ("precision", "pointer"), [("mixed_bfloat16", "standard"), ("mixed_float16", "efficient")]
)
def test_it_learns_in_half_precision(precision, pointer):
    inputs, labels = tiny_batch()
    model = model_in(precision, pointer)
    model.compile(AveragingAdam(0.02, averaging=None))
    history = model.fit(as_dataset(inputs, labels), epochs=30, steps_per_epoch=4, verbose=0).history
    assert history["loss"][-1] < history["loss"][0] / 5
    assert not any(history["nonfinite"])


def test_only_float16_scales_its_loss():
    scaled = {name: model_in(name).loss_scale is not None for name in PRECISIONS}
    assert scaled == {"float32": False, "mixed_bfloat16": False, "mixed_float16": True}


def test_the_step_does_not_depend_on_the_scale():
    inputs, labels = tiny_batch()
    results = []
    for scale in (64.0, 1024.0):
        model = model_in("mixed_float16")
        model.loss_scale.value.assign(scale)
        model.compile("sgd", run_eagerly=True)
        step(model, inputs, labels)
        results.append(trained(model))
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_an_overflow_halves_the_scale_and_leaves_the_weights():
    inputs, labels = tiny_batch()
    model = model_in("mixed_float16")
    model.loss_scale.value.assign(HIGHEST)
    model.compile("sgd", run_eagerly=True)
    before = trained(model)
    logs = step(model, inputs, labels)
    assert float(model.loss_scale.value) == HIGHEST / 2
    assert logs["nonfinite"] == 0, "the scale was too large, not the gradient"
    for old, new in zip(before, trained(model), strict=True):
        np.testing.assert_array_equal(old, new)


def test_what_no_scale_fixes_is_counted():
    inputs, labels = tiny_batch()
    model = model_in("mixed_float16")
    model.compile("sgd", run_eagerly=True)
    table = model.encoder.get_layer("tokens")
    table.set_weights([np.full_like(table.get_weights()[0], np.nan)])
    assert step(model, inputs, labels)["nonfinite"] == 1


def test_the_scale_grows_after_many_finite_steps():
    scale = LossScale()
    for _ in range(GROWTH_STEPS):
        scale.update(tf.constant(True))
    assert float(scale.value) == FIRST * 2
    scale.update(tf.constant(False))
    assert float(scale.value) == FIRST
    for _ in range(30):
        scale.update(tf.constant(False))
    assert float(scale.value) == 1 and bool(scale.at_lowest)


@in_one_generation
@pytest.mark.parametrize(
    ("precision", "pointer"), [("mixed_bfloat16", "standard"), ("float32", "efficient")]
)
def test_xla_takes_the_same_step(precision, pointer):
    inputs, labels = tiny_batch()
    results, losses = [], []
    for jit in (False, True):
        model = model_in(precision, pointer)
        model.compile("sgd", jit_compile=jit, run_eagerly=not jit)
        assert model.jit is jit
        losses.append(step(model, inputs, labels)["loss"])
        results.append(trained(model))
    tolerance = 1e-5 if precision == "float32" else 1e-2
    assert losses[0] == pytest.approx(losses[1], rel=tolerance)
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, atol=tolerance)


def test_infinities_of_the_encoder_never_reach_the_weights():
    inputs, labels = tiny_batch()
    model = tiny_model()
    model.compile(AveragingAdam(0.01), run_eagerly=True)
    table = model.encoder.get_layer("tokens")
    for value in (np.inf, -np.inf, np.nan):
        rows = table.get_weights()[0]
        rows[inputs[0][0, 2]] = value
        table.set_weights([rows])
        # Only this embedding itself may stay infinite; all states after it are not finite.
        model.encoder.get_layer("dense").activation = tf.identity
        assert step(model, inputs, labels)["nonfinite"] == 1
        for weight in trained(model)[1:]:
            assert np.isfinite(weight).all()


def test_an_unknown_precision_is_refused():
    with (
        pytest.raises(ValueError, match=r"Expected one of float32, .*precision='float8'"),
        layers_compute_in("float8"),
    ):
        pass
