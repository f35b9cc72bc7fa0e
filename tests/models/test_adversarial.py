"""Adversarial steps: the gradient is the mean with original and with moved embeddings."""

import numpy as np
import pytest
from tiny import (
    HIDDEN,
    PREDICATES,
    tiny_batch,
    tiny_batch_for,
    tiny_casrel,
    tiny_casrel_batch,
    tiny_encoder,
    tiny_of_kind,
)

from gplinker_tf.backend import keras, tf
from gplinker_tf.models import MODELS, GPLinker
from gplinker_tf.models._adversarial import token_embeddings

pytestmark = pytest.mark.slow

LENGTH = 0.5


def gradients_of(model, inputs, labels):
    with tf.GradientTape() as tape:
        losses = model.sample_losses(labels, model.factors(inputs))
        loss = tf.reduce_mean(tf.add_n(list(losses.values())))
    gradients = tape.gradient(loss, model.trainable_weights)
    return float(loss), [None if g is None else tf.convert_to_tensor(g).numpy() for g in gradients]


def index_of(model, table):
    return next(i for i, weight in enumerate(model.trainable_weights) if weight is table)


@pytest.mark.parametrize(
    ("kind", "eagerly"),
    [*((kind, True) for kind in MODELS), ("casrel", False), ("tplinker", False)],
)
def test_a_step_takes_the_mean_of_both_gradients(kind, eagerly):
    model = tiny_of_kind(kind)
    inputs, labels = tf.nest.map_structure(tf.constant, tiny_batch_for(model))
    table = token_embeddings(model.encoder)
    before = [tf.convert_to_tensor(weight).numpy() for weight in model.trainable_weights]
    loss, here = gradients_of(model, inputs, labels)
    of_table = here[index_of(model, table)]
    moved = before[index_of(model, table)] + LENGTH * of_table / np.linalg.norm(of_table)
    table.assign(moved)
    moved_loss, there = gradients_of(model, inputs, labels)
    table.assign(before[index_of(model, table)])
    assert moved_loss > loss, "the step goes where the loss rises"

    model.compile(keras.optimizers.SGD(1.0), adversarial=LENGTH, run_eagerly=eagerly)
    logs = model.train_on_batch(inputs, labels, return_dict=True)
    assert float(logs["loss"]) == pytest.approx(loss, rel=1e-4), "the loss is that of the texts"
    for weight, old, one, other in zip(model.trainable_weights, before, here, there, strict=True):
        change = 0.0 if one is None else (one + other) / 2
        np.testing.assert_allclose(
            tf.convert_to_tensor(weight).numpy(), old - change, rtol=1e-3, atol=1e-4
        )


def test_parts_of_a_batch_move_by_themselves():
    model = tiny_casrel()
    inputs, labels = tiny_casrel_batch(texts=4)
    twice = [np.concatenate([array[:2]] * 2) for array in inputs]
    labels = {name: np.concatenate([array[:2]] * 2) for name, array in labels.items()}
    start = model.get_weights()
    ends = []
    for parts in (1, 2):
        model.set_weights(start)
        model.compile(keras.optimizers.SGD(0.1), adversarial=LENGTH, accumulation=parts)
        model.train_on_batch(twice, labels)
        ends.append(model.get_weights())
    for one, other in zip(*ends, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_an_error_within_leaves_the_embeddings_as_they_were():
    model = tiny_of_kind("gplinker")
    table = token_embeddings(model.encoder)
    before = tf.convert_to_tensor(table).numpy()
    model.compile("sgd", adversarial=LENGTH, run_eagerly=True)
    passes = []
    one_pass = model._one_pass

    def fails_at_the_second(*arguments):
        passes.append(1)
        if len(passes) == 2:
            raise KeyboardInterrupt
        return one_pass(*arguments)

    model._one_pass = fails_at_the_second
    with pytest.raises(KeyboardInterrupt):
        model.train_on_batch(*tiny_batch())
    np.testing.assert_array_equal(tf.convert_to_tensor(table).numpy(), before)


def test_it_comes_back_with_the_model(tmp_path):
    model = tiny_of_kind("gplinker")
    model.compile("sgd", adversarial=LENGTH)
    model.save(tmp_path / "model.keras")
    assert keras.models.load_model(tmp_path / "model.keras").adversarial == LENGTH


def test_the_token_table_is_the_largest_that_learns():
    encoder = tiny_encoder()
    assert token_embeddings(encoder) is encoder.get_layer("tokens").embeddings
    encoder.trainable = False
    with pytest.raises(ValueError, match=r"trainable Embedding layer.*Train without adversarial"):
        GPLinker(encoder, PREDICATES).compile("sgd", adversarial=LENGTH)
    tokens, segments = keras.Input([None]), keras.Input([None])
    vectors = keras.layers.Dense(HIDDEN)(tokens[..., None])
    bare = keras.Model([tokens, segments], vectors, name="bare")
    with pytest.raises(ValueError, match="'bare', which has none"):
        GPLinker(bare, PREDICATES).compile("sgd", adversarial=LENGTH)
