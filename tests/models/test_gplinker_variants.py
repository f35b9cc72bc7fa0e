"""The variants in the blog: mixed entities, no tail, multi-hot targets."""

import itertools

import numpy as np
import pytest
from reference import in_one_generation
from tiny import HIDDEN, PREDICATES, tiny_batch, tiny_encoder

from gplinker_tf.backend import tf
from gplinker_tf.decoding import decode_triples
from gplinker_tf.losses import globalpointer_crossentropy
from gplinker_tf.models import GPLinker, GPLinkerTargets, load_weights, save_weights
from gplinker_tf.training import AveragingAdam

pytestmark = pytest.mark.slow

#: Nested and overlapping spans, an object before its subject, an object of two subjects, a subject
#: that is also an object. Heads alone determine these triples, for the variant without tails.
QUINTUPLES = [
    np.array([[1, 2, 0, 5, 6], [5, 6, 1, 1, 2], [3, 3, 2, 5, 6]]),
    np.zeros([0, 5], int),
    np.array([[2, 4, 0, 3, 3], [2, 4, 2, 3, 3]]),
    np.array([[2, 2, 1, 2, 2]]),
]
VARIANTS = {
    "mixed": {"entities": "mixed"},
    "no-tail": {"with_tail": False},
    "multihot": {"loss_form": "multihot"},
    "published": {"loss_form": "published"},
    "all": {"entities": "mixed", "with_tail": False, "loss_form": "multihot"},
}


def model_of(variant, pointer="efficient", seed=0):
    return GPLinker(tiny_encoder(seed), PREDICATES, pointer, head_size=8, **VARIANTS[variant])


def batch_of(model):
    # The tiny encoder ignores neighbors, so all tokens differ to make each of them learnable.
    token_ids = np.arange(1, 37, dtype="int32").reshape(4, 9)
    token_ids[-1, 6:] = 0
    inputs = token_ids, np.zeros_like(token_ids)
    return inputs, model.target_builder(QUINTUPLES, inputs[0], None)


def triples_of(model, inputs):
    triples, finite = model.decode(inputs, 0.0, 1000)
    assert finite.numpy().all()
    columns = triples.batch, triples.subject, triples.predicate, triples.object
    rows = zip(*(column.numpy().tolist() for column in columns), strict=True)
    return {(text, *subject, predicate, *object_) for text, subject, predicate, object_ in rows}


@in_one_generation
@pytest.mark.parametrize(
    ("variant", "pointer"),
    [
        *(("mixed", "standard"), ("no-tail", "standard"), ("multihot", "efficient")),
        *(("published", "standard"), ("all", "efficient")),
    ],
)
def test_it_learns_a_batch_by_heart_and_finds_its_triples(variant, pointer):
    model = model_of(variant, pointer)
    inputs, labels = batch_of(model)
    model.compile(AveragingAdam(0.03, averaging=None))
    data = tf.data.Dataset.from_tensors((inputs, labels)).repeat()
    logs = model.fit(data, epochs=4, steps_per_epoch=100, verbose=0).history
    assert logs["loss"][-1] < 3 and not any(logs["nonfinite"])
    expected = {
        (text, *map(int, row)) for text, rows in enumerate(QUINTUPLES) for row in rows.tolist()
    }
    assert triples_of(model, inputs) == expected


def test_mixed_entities_are_the_union_of_both_roles():
    token_ids = np.ones([len(QUINTUPLES), 9], int)
    apart = GPLinkerTargets(PREDICATES)(QUINTUPLES, token_ids, None)["entity"]
    mixed = GPLinkerTargets(PREDICATES, roles=1)(QUINTUPLES, token_ids, None)["entity"]
    assert mixed.shape[:2] == (4, 1)
    for text, (both, one) in enumerate(zip(apart, mixed, strict=True)):
        spans = [tuple(pair) for pair in one[0].tolist() if pair != [0, 0]]
        expected = {tuple(pair) for role in both.tolist() for pair in role if pair != [0, 0]}
        assert set(spans) == expected and len(spans) == len(expected), text


def test_outputs_weights_and_labels_are_those_of_the_variant():
    model = model_of("all")
    inputs, labels = batch_of(model)
    logits = model(inputs)
    shapes = {name: tuple(value.shape) for name, value in logits.items()}
    assert shapes == {"entity": (4, 1, 9, 9), "head": (4, PREDICATES, 9, 9)}
    assert labels.keys() == logits.keys() == set(model.parts)
    heads = sum(
        int(np.prod(weight.shape))
        for part in model.parts
        for weight in getattr(model, part).trainable_weights
    )
    pointers = 2 * (HIDDEN * 2 * 8 + 2 * 8) + sum(2 * 8 * 2 * h + 2 * h for h in (1, PREDICATES))
    assert heads == pointers


@pytest.mark.parametrize("variant", VARIANTS)
def test_saved_weights_come_back(variant, tmp_path):
    inputs, _ = tiny_batch()
    model, other = model_of(variant, seed=1), model_of(variant, seed=2)
    save_weights(model, tmp_path / "model.safetensors")
    load_weights(other, tmp_path / "model.safetensors")
    for name, value in model(inputs).items():
        np.testing.assert_array_equal(other(inputs)[name], value)
    assert other.get_config()["entities"] == model.entities


def test_without_a_tail_heads_alone_decide():
    model = model_of("no-tail")
    inputs, _ = tiny_batch()
    entity, head = (value.numpy() for value in model(inputs).values())
    entity[:] = np.where(np.isneginf(entity), entity, entity - np.median(entity[:, :, 1, 1:4]))
    mask = inputs[0] != 0
    triples = decode_triples(entity, head, None, mask, 0.0)
    found = {
        (b, *s, p, *o): score
        for b, s, p, o, score in zip(
            *(column.numpy().tolist() for column in triples[:5]), strict=True
        )
    }
    expected = {}
    for b, row in enumerate(mask):
        inner = range(1, row.sum() - 1)
        spans = [
            [(m, n) for m, n in itertools.product(inner, inner) if role[m, n] > 0]
            for role in entity[b]
        ]
        for (sh, st), (oh, ot), p in itertools.product(*spans, range(PREDICATES)):
            if head[b, p, sh, oh] > 0:
                terms = entity[b, 0, sh, st], entity[b, 1, oh, ot], head[b, p, sh, oh]
                expected[b, sh, st, p, oh, ot] = sum(map(float, terms))
    assert len(expected) > 5
    assert found == pytest.approx(expected, abs=1e-5)


def test_multihot_is_the_sparse_loss_with_the_corner_as_a_negative():
    model = model_of("multihot")
    inputs, labels = batch_of(model)
    losses, logits = model.sample_losses(labels, model.factors(inputs)), model(inputs)
    for name, loss in losses.items():
        scores = logits[name].numpy().astype(np.float64)
        for text, (rows, pairs) in enumerate(zip(scores, labels[name], strict=True)):
            expected = 0.0
            for cells, listed in zip(rows, pairs, strict=True):
                positive = np.zeros(cells.shape, bool)
                positive[tuple(listed[listed.any(axis=1)].T)] = True
                expected += np.log1p(np.exp(-cells[positive]).sum())
                expected += np.log1p(np.exp(cells[~positive]).sum())
            assert float(loss[text]) == pytest.approx(expected, rel=1e-5)
        corner = tf.tensor_scatter_nd_update(
            tf.transpose(logits[name], [2, 3, 0, 1]),
            [[0, 0]],
            tf.fill([1, *logits[name].shape[:2]], -float("inf")),
        )
        without = globalpointer_crossentropy(labels[name], tf.transpose(corner, [2, 3, 0, 1]))
        assert (without.numpy() < loss.numpy()).all()


def test_errors_tell_the_way_out():
    with pytest.raises(ValueError, match=r"one of separate, mixed.*entities='both'"):
        GPLinker(tiny_encoder(), PREDICATES, entities="both")
    with pytest.raises(ValueError, match=r"one of sparse, multihot, published.*loss_form='dense'"):
        GPLinker(tiny_encoder(), PREDICATES, loss_form="dense")
