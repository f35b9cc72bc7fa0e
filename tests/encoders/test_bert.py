"""The encoder, compared with bert4keras and transformers, and as a Keras model."""

import ast
import sys
from pathlib import Path

import numpy as np
import pytest
from reference import LEGACY
from tiny_bert import SIZES, batch, google_tensors, write_google

from gplinker_tf.backend import keras, tf
from gplinker_tf.encoders import (
    Bert,
    BertConfig,
    EncoderFolder,
    bert_from_config,
    build_transformer_model,
)

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_google(tmp_path_factory.mktemp("google"))


def build(folder, **kwargs):
    return build_transformer_model(
        folder / "bert_config.json", folder / "bert_model.ckpt", **kwargs
    )


@pytest.fixture(scope="module")
def model(folder):
    return build(folder)


@pytest.fixture(scope="module")
def bert4keras(folder):
    """bert4keras's output, layer names and weights: live under legacy Keras, otherwise recorded."""
    if not LEGACY:
        return np.load(GOLDEN / "encoder_bert4keras.npz")
    sys.path.append(str(GOLDEN))
    from make_encoder_bert4keras import bert4keras_facts

    return bert4keras_facts(folder)


def test_output_is_bert4keras(model, bert4keras):
    np.testing.assert_allclose(model.predict(batch(), verbose=0), bert4keras["output"], atol=1e-4)


def test_layers_are_bert4keras(model, bert4keras):
    assert [layer.name for layer in model.layers] == list(bert4keras["layers"])
    for layer, shapes in zip(model.layers, bert4keras["shapes"], strict=True):
        assert [tuple(weight.shape) for weight in layer.weights] == ast.literal_eval(str(shapes))
    sums = [np.sum(weight) for layer in model.layers for weight in layer.get_weights()]
    np.testing.assert_allclose(sums, bert4keras["weights"], rtol=1e-5)


@pytest.mark.parametrize("num_layers, key", [(None, "last"), (2, "after_two_layers")])
def test_real_encoder_is_transformers(zh_encoder, num_layers, key):
    golden = np.load(GOLDEN / "encoder_transformers.npz")
    model = EncoderFolder.open(zh_encoder).build(num_layers=num_layers)
    outputs = model.predict([golden["token_ids"], golden["segment_ids"]], verbose=0)
    places = golden[key].shape[1]
    np.testing.assert_allclose(outputs[:, :places], golden[key], atol=1e-4)


def test_sum_before_the_last_normalization(model):
    sums = keras.Model(model.inputs, model.layers[-2].output)(batch()).numpy()
    tensors = google_tensors()
    gamma, beta = (
        tensors[f"bert/encoder/layer_2/output/LayerNorm/{name}"] for name in ("gamma", "beta")
    )
    normal = (sums - sums.mean(-1, keepdims=True)) / sums.std(-1, keepdims=True)
    np.testing.assert_allclose(normal * gamma + beta, model(batch()).numpy(), atol=1e-4)


def test_padding_changes_nothing_for_tokens(model):
    token_ids, segment_ids = batch()
    short = model([token_ids[1:2, :6], segment_ids[1:2, :6]])
    long = model([token_ids[1:2], segment_ids[1:2]])
    np.testing.assert_allclose(short, long[:, :6], atol=1e-5)
    assert np.abs(long[:, :6]).max() > 0.1


def test_no_token_reads_what_padding_embeds(folder):
    bert = build(folder, return_keras_model=False)
    before = bert.model(batch()).numpy()
    table = bert.layers["Embedding-Token"].get_weights()[0]
    table[0] += np.linspace(-5, 5, SIZES["hidden_size"])
    bert.layers["Embedding-Token"].set_weights([table])
    after, is_token = bert.model(batch()).numpy(), batch()[0] != 0
    np.testing.assert_allclose(after[is_token], before[is_token], atol=1e-5)
    assert np.abs(after - before)[~is_token].max() > 0.1


def test_first_layers_only(folder, model):
    first = build(folder, num_hidden_layers=2)
    inner = keras.Model(model.inputs, model.get_layer("Transformer-1-FeedForward-Norm").output)
    np.testing.assert_allclose(first(batch()), inner(batch()), atol=1e-6)
    assert len(first.layers) == len(model.layers) - 8


def test_gradients_reach_every_weight(model):
    direction = np.random.default_rng(2).normal(size=[4, 9, SIZES["hidden_size"]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(batch(), training=True) * direction.astype("float32"))
    gradients = tape.gradient(loss, model.trainable_variables)
    for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
        values = tf.convert_to_tensor(gradient).numpy()
        assert np.isfinite(values).all() and np.abs(values).max() > 0, variable.name


def test_dropout_only_in_training(model, folder):
    tf.random.set_seed(3)
    one, two = model(batch(), training=True).numpy(), model(batch(), training=True).numpy()
    assert np.abs(one - two).max() > 0.01
    np.testing.assert_array_equal(model(batch()), model(batch(), training=False))
    still = build(folder, dropout_rate=0.0, attention_dropout_rate=0.0)
    np.testing.assert_allclose(still(batch(), training=True), model(batch()), atol=1e-5)


def test_saves_and_loads(model, tmp_path):
    path = tmp_path / "encoder.keras"
    model.save(path)
    loaded = keras.models.load_model(path)
    np.testing.assert_array_equal(loaded(batch()), model(batch()))


def test_trains_with_fit(folder):
    keras.utils.set_random_seed(1)
    encoder = build(folder)
    scores = keras.layers.Dense(1)(encoder.output)
    model = keras.Model(encoder.inputs, scores)
    model.compile(keras.optimizers.Adam(1e-2), loss="mse")
    history = model.fit(batch(), np.ones([4, 9, 1]), epochs=8, verbose=0).history["loss"]
    assert history[-1] < 0.5 * history[0]


def test_rebuilt_from_its_config(model):
    config = BertConfig.from_dict(SIZES)
    again = bert_from_config(config.to_dict())
    again.set_weights(model.get_weights())
    np.testing.assert_allclose(again(batch()), model(batch()), atol=1e-6)


@pytest.mark.parametrize("policy, tolerance", [("mixed_float16", 0.05), ("mixed_bfloat16", 0.3)])
def test_half_precision(folder, model, policy, tolerance):
    keras.mixed_precision.set_global_policy(policy)
    try:
        half = build(folder)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    outputs = half(batch())
    assert outputs.dtype.name == policy.removeprefix("mixed_")
    np.testing.assert_allclose(
        tf.cast(outputs, tf.float32), model(batch()), atol=tolerance, rtol=tolerance
    )
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(tf.cast(half(batch(), training=True), tf.float32)))
    for gradient in tape.gradient(loss, half.trainable_variables):
        assert np.isfinite(tf.cast(tf.convert_to_tensor(gradient), tf.float32)).all()


@pytest.mark.parametrize("jit_compile", [False, True])
def test_compiled_function(model, jit_compile):
    compiled = tf.function(lambda x: model(x), jit_compile=jit_compile)
    inputs = [tf.constant(part) for part in batch()]
    np.testing.assert_allclose(compiled(inputs), model(batch()), atol=1e-5)


def test_compiled_training_step():
    model = Bert(BertConfig.from_dict(SIZES | {"num_hidden_layers": 1})).model

    @tf.function(jit_compile=True)
    def gradients(inputs):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(inputs, training=True)))
        return tape.gradient(loss, model.trainable_variables)

    inputs = [tf.constant(part) for part in batch()]
    for gradient in gradients(inputs):
        assert np.isfinite(tf.convert_to_tensor(gradient)).all()
    # On a GPU, TensorFlow keeps int32 variables in CPU memory, where XLA can't access them.
    variables = gradients.get_concrete_function(inputs).graph.variables
    assert {variable.dtype for variable in variables} == {tf.float32, tf.int64}


def test_initial_weights():
    tf.random.set_seed(4)
    model = bert_from_config(SIZES)
    kernels = [w for layer in model.layers for w in layer.get_weights() if w.ndim == 2]
    assert max(np.abs(kernel).max() for kernel in kernels) <= 0.0401
    spread = np.std(np.concatenate([kernel.ravel() for kernel in kernels]))
    assert abs(spread - 0.0176) < 0.001  # that of a normal with 0.02, truncated at two sigma
    assert np.abs(kernels[0][:24] - kernels[-1][:24]).max() > 0


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"model": "albert"}, r"Expected one of \['bert', 'roberta'\]. Received: model='albert'"),
        ({"application": "unilm"}, r"Expected one of \['encoder'\]. Received: application="),
        ({"with_mlm": True}, "Received: keyword='with_mlm'"),
        ({"num_attention_heads": 5}, "num_attention_heads=5, hidden_size=24"),
    ],
)
def test_refuses_what_it_does_not_build(folder, arguments, message):
    with pytest.raises(ValueError, match=message):
        build_transformer_model(folder / "bert_config.json", **arguments)


def test_fixed_length_and_name(folder, model):
    fixed = build(folder, sequence_length=9, name="reader")
    assert fixed.name == "reader"
    assert tuple(fixed.output_shape) == (None, 9, SIZES["hidden_size"])
    np.testing.assert_allclose(fixed(batch()), model(batch()), atol=1e-6)
