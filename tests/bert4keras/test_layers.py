"""The layers and BERT under bert4keras's names, compared with bert4keras 0.11.5."""

from pathlib import Path

import numpy as np
import pytest
from face_cases import BERTS, MASKING, SMALL_BERT, layer_cases, run_bert, run_layer, run_masking

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras import backend, keras, layers, models
from gplinker_tf.errors import InputError

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "face.npz")


def of_golden(key):
    """Return the golden arrays under a key, in the order of their numbers."""
    count = sum(name.rpartition("/")[0] == key for name in GOLDEN)
    assert count
    return [GOLDEN[f"{key}/{number}"] for number in range(count)]


@pytest.mark.parametrize("name", layer_cases(layers))
def test_a_layer(name):
    found, expected = run_layer(layer_cases(layers)[name], tf), of_golden(f"layer/{name}")
    for got, want in zip(found, expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("number", range(len(MASKING)))
def test_masking(number):
    found = run_masking(MASKING[number], backend.sequence_masking, tf)
    for got, want in zip(found, of_golden(f"masking/{number}"), strict=True):
        np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("name", BERTS)
def test_a_bert(name):
    names, outputs = run_bert(name, models, keras)
    assert sorted(names) == sorted(GOLDEN[f"bert/{name}/layers"].tolist())
    np.testing.assert_allclose(outputs, GOLDEN[f"bert/{name}"], atol=1e-4)


def test_without_mask_all_is_read():
    """This shows that the cases above test the mask: a max and a mean over padding differ."""
    for kind in ("GlobalMaxPooling1D", "GlobalAveragePooling1D", "attention"):
        names = (f"layer/{kind}{part}/0" for part in ("", " masked", " unmasked"))
        different = [GOLDEN[name] for name in names if name in GOLDEN]
        assert len(different) == 2 and np.abs(different[0] - different[1]).max() > 0.01


def test_masks_travel():
    ids = keras.layers.Input([None], dtype="int32")
    x = layers.Embedding(9, 6, mask_zero=True)(ids)
    x = layers.Add()([x, layers.Embedding(9, 6)(ids)])
    x = layers.PositionEmbedding(9, 6)(x)
    x = layers.MultiHeadAttention(2, 3)([x, x, x])
    x = layers.Multiply()([x, layers.LayerNormalization()(layers.FeedForward(4)(x))])
    pooled = layers.GlobalMaxPooling1D()(x)
    model = keras.models.Model(ids, [x, pooled])
    whole, short = np.array([[3, 4, 5, 0, 0]]), np.array([[3, 4, 5]])
    found, expected = model.predict(whole), model.predict(short)
    np.testing.assert_allclose(found[0][:, :3], expected[0], atol=1e-6)
    np.testing.assert_allclose(found[1], expected[1], atol=1e-6)


@pytest.mark.parametrize("name", ["attention", "feed forward gated", "positions hierarchical"])
def test_a_layer_comes_back_from_its_configuration(name):
    layer, inputs, call = layer_cases(layers)[name]
    again = keras.layers.deserialize(keras.layers.serialize(layer))
    assert type(again) is type(layer)
    for got, want in zip(
        run_layer((again, inputs, call), tf), of_golden(f"layer/{name}"), strict=True
    ):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5)


def test_kernels_of_one_initializer_differ():
    layer = layers.MultiHeadAttention(
        2, 3, kernel_initializer=backend.keras.initializers.get("he_normal")
    )
    layer([tf.ones([1, 2, 6])] * 3)
    kernels = layer.get_weights()[::2]
    assert all(np.abs(kernels[0] - other).max() > 0 for other in kernels[1:])


def test_weights_of_a_layer_can_be_told_apart():
    """HDF5 files need different names."""
    x = tf.ones([1, 2, 6])
    for layer, inputs in (
        (layers.MultiHeadAttention(2, 3), [x] * 3),
        (layers.FeedForward(4, ["relu", "linear"]), x),
        (layers.LayerNormalization(conditional=True, hidden_units=3), [x, x[:, 0]]),
    ):
        layer(inputs)
        names = [getattr(weight, "path", weight.name) for weight in layer.weights]
        assert len(set(names)) == len(names)


def test_a_subclass_attends_in_its_own_way():
    class First(layers.MultiHeadAttention):
        def pay_attention_to(self, inputs, mask=None, **kwargs):
            read, scores = super().pay_attention_to(inputs, mask, **kwargs)
            return tf.zeros_like(read) + inputs[2][:, :1], scores

    x = tf.constant(np.random.default_rng(0).normal(size=[1, 3, 6]).astype("float32"))
    outputs = First(2, 3)([x, x, x])
    np.testing.assert_allclose(outputs[:, 1], outputs[:, 0])


def test_set_gelu_chooses_for_models():
    inputs = [np.array([[2, 5, 9]]), np.zeros([1, 3], int)]

    def outputs(version):
        backend.set_gelu(version)
        model = models.build_transformer_model(**SMALL_BERT)
        rng = np.random.default_rng(0)
        model.set_weights([rng.normal(size=weight.shape) for weight in model.get_weights()])
        return model.predict(inputs)

    tanh, erf = outputs("tanh"), outputs("erf")
    assert 1e-5 < np.abs(tanh - erf).max() < 0.1


def test_conditional_bert():
    condition = keras.layers.Input([4])
    bert = models.build_transformer_model(
        **SMALL_BERT,
        layer_norm_cond=condition,
        additional_input_layers=condition,
        return_keras_model=False,
    )
    inputs = [np.array([[2, 5, 9]]), np.zeros([1, 3], int)]
    bert.model.set_weights(list(map(np.ones_like, bert.model.get_weights())))
    assert len(bert.inputs) == 3
    rng = np.random.default_rng(1)
    bert.model.set_weights([rng.normal(size=w.shape) for w in bert.model.get_weights()])
    one, two = (bert.model.predict([*inputs, np.full([1, 4], value)]) for value in (0.0, 1.0))
    assert np.abs(one - two).max() > 0.1


def test_weights_of_a_dict_for_a_smaller_vocabulary():
    plain = models.build_transformer_model(**SMALL_BERT, return_keras_model=False)
    stored = {
        tensor: array
        for layer, tensors in plain.variable_mapping().items()
        if layer in plain.layers
        for tensor, array in zip(tensors, plain.layers[layer].get_weights(), strict=True)
    }
    kept = {"keep_tokens": [0, 7, 2], "compound_tokens": [[0, 1], ([1, 2], [1, 3])]}
    bert = models.build_transformer_model(**SMALL_BERT, **kept, return_keras_model=False)
    bert.load_weights_from_checkpoint(stored)
    table = stored["bert/embeddings/word_embeddings"]
    expected = [*table[[0, 7, 2]], (table[0] + table[7]) / 2, table[7] / 4 + table[2] * 0.75]
    np.testing.assert_allclose(bert.layers["Embedding-Token"].get_weights()[0], expected, atol=1e-6)
    before = bert.model.get_weights()
    del stored["bert/encoder/layer_1/output/LayerNorm/beta"]
    with pytest.raises(InputError, match=r"Expected bert/encoder/layer_1/output/LayerNorm/beta"):
        plain.load_weights_from_checkpoint(stored)
    bert.ignore_invalid_weights = True
    bert.load_weights_from_checkpoint(stored)
    for got, want in zip(bert.model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(got, want)
    stored["bert/embeddings/position_embeddings"] = np.zeros([3, 8])
    with pytest.raises(InputError, match=r"position_embeddings of shape \(16, 8\). Received"):
        bert.load_weights_from_checkpoint(stored)


def test_a_keyword_that_no_model_takes():
    with pytest.raises(ValueError, match="keyword='width'"):
        models.build_transformer_model(**SMALL_BERT, width=3)
