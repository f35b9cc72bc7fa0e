"""Both pointer layers: parity with bert4keras, factors, and the contract of Keras layers."""

from pathlib import Path

import numpy as np
import pytest
from pointer_cases import (
    CASES,
    bert4keras_logits,
    case_arguments,
    case_inputs,
    case_name,
    case_weights,
)
from reference import load_bert4keras, requires_legacy

import gplinker_tf.layers
from gplinker_tf.backend import KERAS_3, keras, tf
from gplinker_tf.layers import (
    EfficientGlobalPointer,
    GlobalPointer,
    pointer_logits,
    rotate,
    rotate_apart,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "pointer_layers.npz"
LAYERS = [GlobalPointer, EfficientGlobalPointer]


def built(case):
    layer = getattr(gplinker_tf.layers, case[0])(**case_arguments(case))
    hidden, mask = case_inputs()
    layer.build(hidden.shape)
    layer.set_weights(case_weights(case))
    return layer, tf.constant(hidden), tf.constant(mask) if case[-1] else None


def assert_same_logits(got, expected):
    np.testing.assert_array_equal(np.isneginf(got), np.isneginf(expected))
    finite = np.isfinite(expected)
    assert finite.any()
    np.testing.assert_allclose(got[finite], expected[finite], atol=1e-5, rtol=0)


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_matches_bert4keras_golden(case):
    layer, hidden, mask = built(case)
    assert_same_logits(layer(hidden, mask=mask).numpy(), np.load(GOLDEN)[case_name(case)])


@requires_legacy
@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_matches_bert4keras_live(case):
    layer, hidden, mask = built(case)
    expected = bert4keras_logits(load_bert4keras(), case)
    assert_same_logits(layer(hidden, mask=mask).numpy(), expected)


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_factors_follow_their_formula(case):
    layer, hidden, mask = built(case)
    query, key, start_bias, end_bias = (
        None if part is None else part.numpy().astype("float64") for part in layer.factors(hidden)
    )
    expected = np.zeros([2, layer.heads, hidden.shape[1], hidden.shape[1]])
    for b, h, m, n in np.ndindex(*expected.shape):
        if start_bias is None:
            score = query[b, m, h] @ key[b, n, h] / layer.head_size**0.5
        else:
            score = query[b, m] @ key[b, n] / layer.head_size**0.5
            score += start_bias[b, h, m] + end_bias[b, h, n]
        padded = mask is not None and not (mask[b, m] and mask[b, n])
        expected[b, h, m, n] = -np.inf if padded or (layer.tril_mask and m > n) else score
    assert_same_logits(layer(hidden, mask=mask).numpy(), expected)


def test_parameters_in_the_blogs_setting():
    def parameters(layer):
        layers = [layer(2, 64), layer(49, 64, RoPE=False), layer(49, 64, RoPE=False)]
        for each in layers:
            each.build([None, None, 768])
        return sum(each.count_params() for each in layers)

    assert parameters(GlobalPointer) == 9_843_200
    assert parameters(EfficientGlobalPointer) == 321_096


def test_rotation_makes_scores_depend_on_distance_only():
    vectors = np.random.default_rng(0).normal(size=[2, 1, 1, 16]).astype("float32")
    query, key = (rotate(tf.repeat(tf.constant(v[None, 0]), 40, axis=1)) for v in vectors)
    scores = tf.einsum("bls,bms->blm", query, key).numpy()[0]
    for distance in (-7, 0, 3, 30):
        diagonal = np.diagonal(scores, distance)
        np.testing.assert_allclose(diagonal, diagonal[0], atol=1e-4)
    assert np.ptp(scores) > 1


@pytest.mark.parametrize("axes", [None, [1, 0, 2], [2, 0, 1]])
def test_both_rotations_multiply_pairs_by_a_complex_number(axes):
    vectors = np.random.default_rng(0).normal(size=[2, 5, 3, 8]).astype("float32")
    angles = np.arange(5)[:, None, None] * 10000.0 ** (-np.arange(4) / 4)
    turned = vectors.view("complex64") * np.exp(1j * angles)
    expected = np.stack([turned.real, turned.imag], axis=-1).reshape(vectors.shape)
    np.testing.assert_allclose(rotate(tf.constant(vectors)), expected, atol=1e-6)
    apart = np.concatenate([turned.real, turned.imag], axis=-1)
    apart = np.transpose(apart, [*(axes or [0, 1, 2]), 3])
    np.testing.assert_allclose(rotate_apart(tf.constant(vectors), axes), apart, atol=1e-6)


@pytest.mark.parametrize("layer_class", LAYERS)
class TestContract:
    def test_config_round_trip(self, layer_class):
        layer = layer_class(
            4,
            6,
            RoPE=False,
            use_bias=False,
            tril_mask=False,
            kernel_initializer="zeros",
            name="pointer",
        )
        twin = layer_class.from_config(layer.get_config())
        assert twin.get_config() == layer.get_config()
        assert (twin.heads, twin.head_size, twin.tril_mask) == (4, 6, False)

    def test_symbolic_shape_and_model_file(self, layer_class, tmp_path):
        inputs = keras.Input([None, 10])
        masked = keras.layers.Masking()(inputs)
        outputs = layer_class(3, 4, name="pointer")(masked)
        assert tuple(outputs.shape) == (None, 3, None, None)
        model = keras.Model(inputs, outputs)
        hidden = np.random.default_rng(1).normal(size=[2, 6, 10]).astype("float32")
        hidden[1, 4:] = 0
        expected = model(hidden).numpy()
        assert np.isneginf(expected[1, :, :, 4:]).all(), "the Keras mask must reach the layer"
        model.save(tmp_path / "model.keras")
        loaded = keras.models.load_model(tmp_path / "model.keras")
        np.testing.assert_array_equal(loaded(hidden).numpy(), expected)

    def test_output_carries_no_mask(self, layer_class):
        masked = keras.layers.Masking()(tf.zeros([1, 3, 10]))
        outputs = layer_class(2, 4)(masked)
        assert getattr(outputs, "_keras_mask", None) is None

    def test_parts_start_with_different_numbers(self, layer_class):
        layer = layer_class(6, 12, kernel_initializer=keras.initializers.get("lecun_normal"))
        layer.build([None, None, 24])
        kernels = [weight.numpy() for weight in layer.weights if len(weight.shape) == 2]
        assert all(kernel.std() > 0 for kernel in kernels)
        assert len(kernels) == 1 or not np.array_equal(
            kernels[0].ravel()[:9], kernels[1].ravel()[:9]
        )

    @pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float16"])
    def test_low_precision(self, layer_class, policy):
        layer = layer_class(
            2, 8, dtype=keras.mixed_precision.Policy(policy) if not KERAS_3 else policy
        )
        reference = layer_class(2, 8)
        hidden, mask = tf.random.stateless_normal([2, 5, 16], [1, 2]), tf.constant([[True] * 5] * 2)
        logits = layer(hidden, mask=mask)
        reference.build(hidden.shape)
        reference.set_weights(layer.get_weights())
        assert logits.dtype == (tf.bfloat16 if "bfloat16" in policy else tf.float16)
        expected = reference(hidden, mask=mask).numpy()
        got = tf.cast(logits, tf.float32).numpy()
        np.testing.assert_array_equal(np.isneginf(got), np.isneginf(expected))
        finite = np.isfinite(expected)
        assert np.abs(got[finite] - expected[finite]).max() < 0.1

    def test_gradients_reach_every_weight_and_stay_finite(self, layer_class):
        layer = layer_class(2, 8)
        hidden = tf.random.stateless_normal([2, 5, 16], [3, 4])
        mask = tf.constant([[True] * 5, [True] * 3 + [False] * 2])
        layer.build(hidden.shape)
        with tf.GradientTape() as tape:
            logits = layer(hidden, mask=mask)
            total = tf.reduce_sum(tf.where(tf.math.is_inf(logits), 0.0, tf.square(logits)))
        for gradient in tape.gradient(total, layer.trainable_variables):
            assert np.isfinite(gradient).all() and np.abs(gradient).max() > 0

    def test_padding_changes_nothing_for_tokens(self, layer_class):
        layer = layer_class(2, 8)
        hidden = tf.random.stateless_normal([1, 4, 16], [5, 6])
        padded = tf.concat([hidden, tf.fill([1, 3, 16], 9.0)], axis=1)
        mask = tf.constant([[True] * 4 + [False] * 3])
        np.testing.assert_allclose(layer(padded, mask=mask)[:, :, :4, :4], layer(hidden), atol=1e-6)
        assert np.isneginf(layer(padded, mask=mask)[:, :, 4:]).all()

    def test_errors_tell_the_way_out(self, layer_class):
        with pytest.raises(ValueError, match=r"head_size=5.*RoPE=False"):
            layer_class(2, 5)
        with pytest.raises(ValueError, match="heads=0"):
            layer_class(0, 4)


def test_logits_from_factors_are_the_layers():
    layer = EfficientGlobalPointer(3, 8)
    hidden = tf.random.stateless_normal([2, 5, 16], [7, 8])
    layer.build(hidden.shape)
    np.testing.assert_array_equal(
        pointer_logits(layer.factors(hidden), tril_mask=True), layer(hidden)
    )
