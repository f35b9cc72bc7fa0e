"""GPLinker with custom layers and a custom loss in place of its pointers and their loss."""

import copy

import numpy as np
import pytest
from tiny import HIDDEN, PREDICATES, tiny_batch, tiny_encoder, tiny_model

from gplinker_tf import GPLinker, InputError, RelationExtractor, Schema
from gplinker_tf.backend import keras, tf
from gplinker_tf.layers import EfficientGlobalPointer
from gplinker_tf.losses import globalpointer_crossentropy
from gplinker_tf.precision import layers_compute_in
from gplinker_tf.tokenizers import BertTokenizer

registered = keras.utils.register_keras_serializable("tests.own_layers")


@registered
class Bilinear(keras.layers.Layer):
    """A layer that does not mask its scores."""

    def __init__(self, labels, **kwargs):
        super().__init__(**kwargs)
        self.labels = labels
        self.dense = keras.layers.Dense(labels * HIDDEN, name="query")

    def call(self, hidden, mask=None):
        shape = [*tf.unstack(tf.shape(hidden)[:2]), self.labels, HIDDEN]
        return tf.einsum("bmhd,bnd->bhmn", tf.reshape(self.dense(hidden), shape), hidden)

    def get_config(self):
        return {**super().get_config(), "labels": self.labels}


@registered
class SameScores(EfficientGlobalPointer):
    """A pointer that overrides `call`."""

    def call(self, inputs, mask=None):
        return super().call(inputs, mask=mask)


@registered
class ShortSpans(EfficientGlobalPointer):
    """A pointer for spans of at most two tokens."""

    def call(self, inputs, mask=None):
        logits = super().call(inputs, mask=mask)
        place = tf.range(tf.shape(logits)[-1])
        return tf.where(place - place[:, None] <= 1, logits, -float("inf"))


@registered
def doubled_loss(labels, logits):
    return 2 * globalpointer_crossentropy(labels, logits)


def bilinear_model(**kwargs):
    layers = {
        name: Bilinear(labels, name=f"my_{name}")
        for name, labels in (("entity", 2), ("head", PREDICATES), ("tail", PREDICATES))
    }
    return GPLinker(tiny_encoder(), PREDICATES, **(layers | kwargs))


def loss_of(model):
    inputs, labels = tiny_batch()
    losses = model.sample_losses(labels, model.factors(inputs))
    return np.sum([loss.numpy() for loss in losses.values()], axis=0)


def rows_of(triples):
    columns = triples.batch, triples.subject, triples.predicate, triples.object
    rows = zip(*(column.numpy().tolist() for column in columns), strict=True)
    return set(map(str, rows))


def test_a_layer_with_the_same_scores_gives_the_same_losses_and_triples():
    relations = {"RoPE": False, "tril_mask": False}
    own = GPLinker(
        tiny_encoder(),
        PREDICATES,
        entity=SameScores(2, 8),
        head=SameScores(PREDICATES, 8, **relations),
        tail=SameScores(PREDICATES, 8, **relations),
    )
    model = tiny_model()
    own.set_weights(model.get_weights())
    np.testing.assert_allclose(loss_of(own), loss_of(model), rtol=1e-4)
    inputs, _ = tiny_batch()
    for name, logits in model(list(inputs)).items():
        np.testing.assert_allclose(own(list(inputs))[name], logits, rtol=1e-4, atol=1e-5)
    (found, finite), (expected, _) = (each.decode(inputs, -0.1, 100) for each in (own, model))
    assert len(expected.score) and finite.numpy().all()
    np.testing.assert_allclose(np.sort(found.score), np.sort(expected.score), rtol=1e-4, atol=1e-4)
    assert rows_of(found) == rows_of(expected)


def test_a_mask_of_ones_own_reaches_the_loss():
    entity = ShortSpans(2, 8)
    model = GPLinker(tiny_encoder(), PREDICATES, head_size=8, entity=entity)
    logits = model(list(tiny_batch()[0]))["entity"].numpy()
    start, end = np.indices(logits.shape[2:])
    assert (logits[..., (end - start > 1) | (end < start)] == -np.inf).all()
    found, _ = model.decode(tiny_batch()[0], -9.0, 1000)
    for spans in (found.subject, found.object):
        assert set((spans[:, 1] - spans[:, 0]).numpy().tolist()) <= {0, 1}


def test_padding_and_reversed_spans_are_masked_for_a_layer_that_masks_nothing():
    model = bilinear_model()
    logits = {name: value.numpy() for name, value in model(list(tiny_batch()[0])).items()}
    for value in logits.values():
        assert (value[-1, :, -3:] == -np.inf).all() and (value[-1, ..., -3:] == -np.inf).all()
    assert (logits["entity"][..., 3, 1] == -np.inf).all()
    assert np.isfinite(logits["head"][:, :, 3, 1]).all()
    assert model.decode(tiny_batch()[0], 0.0, 100)[1].numpy().all()


def test_it_trains_and_all_its_weights_learn():
    model = bilinear_model(pair_loss=doubled_loss)
    inputs, labels = tiny_batch()
    before = [weight.numpy() for weight in model.trainable_weights]
    model.compile(keras.optimizers.Adam(0.01), run_eagerly=True)
    history = model.fit(list(inputs), labels, epochs=4, verbose=0, batch_size=4).history["loss"]
    assert history[-1] < history[0]
    model.set_initial_score(-7.0)  # its layers do not support this
    for old, weight in zip(before, model.trainable_weights, strict=True):
        assert np.any(old != weight.numpy()), weight.name


@pytest.mark.parametrize("precision", ["mixed_float16", "mixed_bfloat16"])
def test_it_computes_in_mixed_precision(precision):
    with layers_compute_in(precision):
        model = bilinear_model()
    assert np.isfinite(loss_of(model)).all()


def test_a_loss_of_ones_own():
    model = tiny_model()
    other = GPLinker(tiny_encoder(), PREDICATES, head_size=8, pair_loss=doubled_loss)
    other.set_weights(model.get_weights())
    np.testing.assert_allclose(loss_of(other), 2 * loss_of(model), rtol=1e-4)


def test_a_loss_of_ones_own_has_a_value_for_each_text():
    mean = lambda labels, logits: tf.reduce_mean(doubled_loss(labels, logits))  # noqa: E731
    with pytest.raises(ValueError, match=r"one value per text, shape \[B\].*shape \(\)"):
        loss_of(GPLinker(tiny_encoder(), PREDICATES, head_size=8, pair_loss=mean))


def test_it_is_saved_and_copied_with_its_layers(tmp_path):
    model = bilinear_model(pair_loss=doubled_loss)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert again.pair_loss is doubled_loss
    tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"甲乙丙丁"])
    schema = Schema(tuple(("", name, "") for name in "abc"))
    extractor = RelationExtractor(model, tokenizer, schema)
    extractor.save(tmp_path / "run")
    copies = again, copy.deepcopy(extractor).model, RelationExtractor.load(tmp_path / "run").model
    for each in copies:
        assert isinstance(each.head, Bilinear)
        for name, logits in model(list(tiny_batch()[0])).items():
            np.testing.assert_allclose(each(list(tiny_batch()[0]))[name], logits, rtol=1e-5)


def test_a_run_whose_layers_are_not_registered_says_so_and_is_not_damaged(tmp_path):
    class Unknown(Bilinear):
        pass

    tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"甲乙丙丁"])
    schema = Schema(tuple(("", name, "") for name in "abc"))
    model = GPLinker(tiny_encoder(), PREDICATES, entity=Unknown(2))
    RelationExtractor(model, tokenizer, schema).save(tmp_path)
    with pytest.raises(InputError, match=r"config\.json: .*Unknown to be registered") as raised:
        RelationExtractor.load(tmp_path)
    assert "Train again" not in str(raised.value) and len(str(raised.value)) < 500


def test_a_layer_of_another_shape_says_so():
    with pytest.raises(ValueError, match=r"logits \[1, 2, 3, 3\] as entity.*returns \[1, 3, 3"):
        bilinear_model(entity=Bilinear(3))
    with pytest.raises(ValueError, match=r"logits \[1, 1, 3, 3\] as entity"):
        bilinear_model(entities="mixed")
    with pytest.raises(ValueError, match=r"a layer as head\. Received: head='efficient'"):
        bilinear_model(head="efficient")
    with pytest.raises(ValueError, match=r"tail that scores.*Pass tril_mask=False"):
        bilinear_model(tail=EfficientGlobalPointer(PREDICATES, 8))
    with pytest.raises(ValueError, match="with_tail=True"):
        bilinear_model(with_tail=False)
