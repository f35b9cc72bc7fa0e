"""The encoder's layers, compared with float64 references written from their formulas."""

import math

import numpy as np
import pytest

from gplinker_tf.backend import keras, tf
from gplinker_tf.encoders.layers.dropout import Dropout
from gplinker_tf.encoders.layers.feed_forward import FeedForward
from gplinker_tf.encoders.layers.gelu import gelu
from gplinker_tf.encoders.layers.layer_normalization import LayerNormalization
from gplinker_tf.encoders.layers.position_embedding import PositionEmbedding
from gplinker_tf.encoders.layers.self_attention import SelfAttention
from gplinker_tf.encoders.layers.token_embedding import TokenEmbedding

RANDOM = np.random.default_rng(0)


def values(*shape):
    return RANDOM.normal(size=shape).astype("float32")


def fill(layer, *shapes):
    """Set random weights in a built layer, and return them in float64."""
    arrays = [values(*shape) for shape in shapes]
    layer.set_weights(arrays)
    return [array.astype("float64") for array in arrays]


def exact_gelu(x):
    return x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def test_gelu_and_its_derivative():
    x = np.linspace(-9, 9, 181)
    inputs = tf.constant(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = gelu(inputs)
    step = 1e-5
    slope = (exact_gelu(x + step) - exact_gelu(x - step)) / (2 * step)
    np.testing.assert_allclose(outputs, exact_gelu(x), atol=1e-6)
    np.testing.assert_allclose(tape.gradient(outputs, inputs), slope, atol=1e-5)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("activation", ["gelu", "gelu_new", "relu"])
def test_feed_forward(activation, training):
    layer = FeedForward(7, activation)
    x = values(2, 3, 5)
    layer(x)
    kernel, bias, out_kernel, out_bias = fill(layer, (5, 7), (7,), (7, 5), (5,))
    inner = x @ kernel + bias
    activate = {
        "gelu": exact_gelu,
        "gelu_new": lambda v: (
            0.5 * v * (1 + np.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v**3)))
        ),
        "relu": lambda v: np.maximum(v, 0),
    }[activation]
    np.testing.assert_allclose(
        layer(x, training=training), activate(inner) @ out_kernel + out_bias, atol=1e-4
    )


def test_feed_forward_refuses_an_unknown_activation():
    with pytest.raises(ValueError, match="Received: activation='swish'"):
        FeedForward(7, "swish")


def test_layer_normalization():
    layer = LayerNormalization(epsilon=1e-3)
    x = values(2, 3, 5) + 4
    layer(x)
    beta, gamma = fill(layer, (5,), (5,))
    exact = x.astype("float64")
    normal = (exact - exact.mean(-1, keepdims=True)) / np.sqrt(exact.var(-1, keepdims=True) + 1e-3)
    np.testing.assert_allclose(layer(x), normal * gamma + beta, atol=1e-5)


def test_layer_normalization_of_equal_values_is_finite():
    x = tf.fill([1, 4], 3.0)
    layer = LayerNormalization()
    with tf.GradientTape() as tape:
        tape.watch(x)
        outputs = layer(x)
    np.testing.assert_array_equal(outputs, np.zeros([1, 4]))
    assert np.isfinite(tape.gradient(outputs, x)).all()


def attention(x, weights, heads, mask):
    """Compute attention for one query and one head at a time."""
    query, key, value = (x @ weights[i] + weights[i + 1] for i in (0, 2, 4))
    size = query.shape[-1] // heads
    result = np.zeros_like(query)
    for b, i, h in np.ndindex(x.shape[0], x.shape[1], heads):
        part = slice(h * size, (h + 1) * size)
        scores = key[b, mask[b], part] @ query[b, i, part] / math.sqrt(size)
        shares = np.exp(scores - scores.max())
        result[b, i, part] = shares / shares.sum() @ value[b, mask[b], part]
    return result @ weights[6] + weights[7]


def test_self_attention():
    layer = SelfAttention(heads=3, head_size=4)
    x, token_ids = values(2, 5, 8), np.array([[0, 9, 9, 9, 9], [9, 9, 0, 9, 0]])
    layer([x, token_ids])
    weights = fill(layer, *[(8, 12), (12,)] * 3, (12, 8), (8,))
    mask = token_ids != 0
    mask[0, 0] = True
    np.testing.assert_allclose(layer([x, token_ids]), attention(x, weights, 3, mask), atol=1e-4)


def test_attention_weights_are_dropped_in_training():
    layer = SelfAttention(heads=1, head_size=8, dropout=0.5)
    inputs = [values(1, 6, 8), np.ones([1, 6])]
    assert np.abs(layer(inputs, training=True) - layer(inputs, training=False)).max() > 1e-5


@pytest.mark.parametrize("rate", [0.1, 0.5])
@pytest.mark.parametrize("compiled", [False, True])
def test_dropout_keeps_the_mean(rate, compiled):
    keras.utils.set_random_seed(5)
    layer = Dropout(rate)
    drop = tf.function(lambda x: layer(x, training=True)) if compiled else None
    x = tf.ones([301, 333])
    outputs = (drop or (lambda x: layer(x, training=True)))(x).numpy()
    assert set(np.unique(outputs.round(4))) == {0.0, np.float32(round(1 / (1 - rate), 4))}
    deviation = math.sqrt(rate * (1 - rate) / outputs.size)
    assert abs((outputs == 0).mean() - rate) < 5 * deviation
    for axis in (0, 1):
        spread = (outputs == 0).mean(axis)
        assert np.abs(spread - rate).max() < 6 * math.sqrt(rate * (1 - rate) / 301)


def test_dropout_repeats_with_the_seed_and_differs_without():
    x = tf.ones([40])
    draws = []
    for seed in (1, 1, 2):
        keras.utils.set_random_seed(seed)
        layer = Dropout(0.5)
        draws.append([layer(x, training=True).numpy() for _ in range(2)])
    np.testing.assert_array_equal(draws[0], draws[1])
    assert (draws[0][0] != draws[0][1]).any() and (draws[0][0] != draws[2][0]).any()


@pytest.mark.parametrize("jit_compile", [False, True])
def test_dropout_goes_on_from_its_state(jit_compile):
    layer, x = Dropout(0.5), tf.ones([40])
    drop = tf.function(lambda x: layer(x, training=True), jit_compile=jit_compile)
    drop(x)
    state = layer.seeds.state.numpy()
    expected = [drop(x).numpy() for _ in range(3)]
    layer.seeds.state.assign(state)
    np.testing.assert_array_equal([drop(x).numpy() for _ in range(3)], expected)
    assert not layer.weights and layer.get_weights() == []


def test_dropout_gradient_goes_where_the_values_went():
    x = tf.ones([50])
    with tf.GradientTape() as tape:
        tape.watch(x)
        outputs = Dropout(0.5)(x, training=True)
    np.testing.assert_array_equal(tape.gradient(outputs, x), outputs)


def test_embeddings():
    tokens, places = TokenEmbedding(9, 4, mask_zero=True), PositionEmbedding(6, 4)
    ids = np.array([[0, 3, 8, 0]])
    vectors = tokens(ids)
    summed = places(vectors)
    expected = tokens.get_weights()[0][ids] + places.get_weights()[0][:4]
    np.testing.assert_allclose(summed, expected, atol=1e-6)
    mask = tf.convert_to_tensor(tokens.compute_mask(ids))
    assert mask.numpy().tolist() == [[True, True, True, False]]


@pytest.mark.parametrize(
    "layer",
    [
        Dropout(0.2),
        FeedForward(7, "relu"),
        LayerNormalization(1e-6),
        PositionEmbedding(6, 4),
        SelfAttention(2, 3, dropout=0.1),
        TokenEmbedding(9, 4, mask_zero=True),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_layers_are_told_by_their_config(layer):
    again = keras.layers.deserialize(keras.layers.serialize(layer))
    assert type(again) is type(layer)
    assert again.get_config() == layer.get_config()
