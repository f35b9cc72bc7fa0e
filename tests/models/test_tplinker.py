"""TPLinker and TPLinker-plus: loss, training step, decoding and weights."""

import itertools

import numpy as np
import pytest
from reference import LEGACY, in_one_generation
from tiny import HIDDEN, PREDICATES, as_dataset, tiny_batch_for, tiny_encoder, tiny_of_kind

from gplinker_tf.backend import keras, tf
from gplinker_tf.models import MODELS, load_weights, save_weights
from gplinker_tf.models.tplinker._handshaking import HandshakingFactors
from gplinker_tf.precision import layers_compute_in
from gplinker_tf.training import AveragingAdam

KINDS = ["tplinker", "tplinker-plus"]
both = pytest.mark.parametrize("kind", KINDS)


def spoken(model, seed=3):
    """Set weights that matter in all task layers."""
    rng = np.random.default_rng(seed)
    for name in model.parts:
        part = getattr(model, name)
        part.set_weights([w + rng.normal(0, 0.5, w.shape) for w in part.get_weights()])
    return model


def log_sum_exp(z):
    return np.log(np.exp(z).sum(-1))


def by_definition(model, ids, links):
    """Return the loss of one text without padding, in float64, pair by pair and label by label."""
    weights = [w.astype(np.float64) for w in model.encoder.get_weights()]
    hidden = np.tanh((weights[0][ids] + weights[1][0]) @ weights[2] + weights[3])
    kernel, bias = model.handshaking.get_weights()
    of_tags, bias_of_tags = model.tags.get_weights()
    set_ = {tuple(link) for link in links.tolist() if link[3]}
    parts = dict.fromkeys(model.loss_parts, 0.0)
    for i, j in itertools.combinations_with_replacement(range(len(ids)), 2):
        pair = np.tanh(np.concatenate([hidden[i], hidden[j]]) @ kernel + bias)
        z = pair @ of_tags + bias_of_tags
        classes = [
            next((c for c in (1, 2) if (i, j, kind, c) in set_), 0)
            for kind in range(1 + 2 * PREDICATES)
        ]
        if model.kind == "tplinker":
            entity, relation = z[:2], z[2:].reshape(3, 2 * PREDICATES).T
            parts["entity"] += log_sum_exp(entity) - entity[classes[0]]
            losses = log_sum_exp(relation) - relation[range(2 * PREDICATES), classes[1:]]
            parts["head"] += losses[:PREDICATES].sum()
            parts["tail"] += losses[PREDICATES:].sum()
        else:
            wanted = [(i, j, 0, 1) in set_]
            wanted += [
                (i, j, 1 + kind, c) in set_ for c in (1, 2) for kind in range(2 * PREDICATES)
            ]
            wanted = np.array(wanted)
            parts["tags"] += np.log1p(np.exp(-z[wanted]).sum()) + np.log1p(np.exp(z[~wanted]).sum())
    return {name: part / len(ids) for name, part in parts.items()}


@both
def test_the_loss_is_that_of_the_definition(kind):
    model = spoken(tiny_of_kind(kind))
    inputs, labels = tiny_batch_for(model)
    assert not labels["links"][1].any(), "a text without a triple"
    assert (labels["links"][..., 3] == 2).any() and (inputs[0][3] == 0).sum() == 3
    losses = model.sample_losses(labels, model.factors(inputs))
    expected = [
        by_definition(model, ids[ids > 0], links)
        for ids, links in zip(inputs[0], labels["links"], strict=True)
    ]
    for name in model.loss_parts:
        assert losses[name].dtype == tf.float32
        np.testing.assert_allclose(losses[name], [text[name] for text in expected], rtol=1e-4)
    model.compile(AveragingAdam())
    values = model.evaluate(as_dataset(inputs, labels, 4).take(1), return_dict=True, verbose=0)
    total = np.mean([sum(text.values()) for text in expected])
    assert values["loss"] == pytest.approx(total, rel=1e-4)


@both
def test_padding_and_order_do_not_matter(kind):
    model = spoken(tiny_of_kind(kind))
    inputs, labels = tiny_batch_for(model)
    expected = model.sample_losses(labels, model.factors(inputs))
    order = [2, 0, 3, 1]
    ids = [np.pad(part, [(0, 0), (0, 4)])[order] for part in inputs]
    wider = {"links": np.pad(labels["links"], [(0, 0), (0, 5), (0, 0)])[order]}
    for name, losses in model.sample_losses(wider, model.factors(ids)).items():
        np.testing.assert_allclose(losses, expected[name].numpy()[order], rtol=1e-5)


@both
@pytest.mark.parametrize("size", [1e3, 1e30])
def test_gradients_are_finite_at_extreme_logits(kind, size):
    model = tiny_of_kind(kind)
    inputs, labels = tiny_batch_for(model)
    bias = model.tags.bias
    bias.assign(np.where(np.arange(bias.shape[0]) % 2, size, -size))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(list(model.sample_losses(labels, model.factors(inputs)).values()))
    gradients = tape.gradient(loss, model.trainable_weights)
    assert np.isfinite(loss) and float(loss) > size
    assert all(np.isfinite(tf.convert_to_tensor(gradient)).all() for gradient in gradients)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "precision"), [*((kind, "float32") for kind in KINDS), (KINDS[0], "mixed_float16")]
)
def test_it_learns_a_batch_by_heart(kind, precision):
    with layers_compute_in(precision):
        model = spoken(tiny_of_kind(kind))
    inputs, labels = tiny_batch_for(model)
    assert (model.loss_scale is not None) == (precision == "mixed_float16")
    model.compile(AveragingAdam(0.02, averaging=None))
    history = model.fit(
        as_dataset(inputs, labels, 4), epochs=5, steps_per_epoch=25, verbose=0, shuffle=False
    ).history
    # With the same scores for all pairs of a text, the loss is at least 2.4.
    assert history["loss"][-1] < 1.0
    assert not any(history["nonfinite"])


@pytest.mark.slow
@in_one_generation
def test_accumulation_and_xla_take_the_same_step():
    results = []
    for settings in ({}, {"accumulation": 3}, {"jit_compile": True}):
        model = tiny_of_kind("tplinker")  # both kinds have the same factors
        inputs, labels = tiny_batch_for(model)
        model.compile("sgd", run_eagerly="jit_compile" not in settings, **settings)
        model.fit(as_dataset(inputs, labels, 4), steps_per_epoch=1, verbose=0, shuffle=False)
        results.append([weight.numpy() for weight in model.trainable_weights])
    for other in results[1:]:
        for one, two in zip(results[0], other, strict=True):
            np.testing.assert_allclose(one, two, atol=1e-6)


def decoded(model, inputs, threshold=0.0, max_pairs=10_000):
    triples, finite = model.decode(inputs, threshold, max_pairs)
    assert finite.numpy().all()
    columns = triples.batch, triples.subject, triples.predicate, triples.object
    rows = list(zip(*(column.numpy().tolist() for column in columns), strict=True))
    found = {(text, *subject, p, *object_) for text, subject, p, object_ in rows}
    assert len(found) == len(rows), "a triple was given twice"
    return found


def with_tags(model, tags, ids):
    """Return the model with its layers replaced by these logits."""
    hidden, mask = tf.zeros([*ids.shape, HIDDEN]), tf.constant(ids != 0)
    factors = HandshakingFactors(hidden, tf.constant(tags, tf.float32), mask)
    model.factors = lambda inputs: factors
    return model


def classes_of(z, kind):
    """Return TPLinker's class logits of one kind of links, for one pair."""
    return z[:2] if kind == 0 else z[2:].reshape(3, 2 * PREDICATES)[:, kind - 1]


def perfect(model, links, length):
    """Return logits of 9 for the given links and -9 for everything else."""
    place = {pair: n for n, pair in enumerate(zip(*np.triu_indices(length), strict=True))}
    tags = np.full([len(place), model.tags.units], -9.0)
    if model.kind == "tplinker":
        tags[:, 0] = tags[:, 2 : 2 + 2 * PREDICATES] = 9.0
    for i, j, kind, class_ in links.tolist():
        if class_ and model.kind == "tplinker":
            of_kind = classes_of(tags[place[i, j]], kind)
            of_kind[:] = -9.0
            of_kind[class_] = 9.0
        elif class_:
            tags[place[i, j], kind + 2 * PREDICATES * (class_ - 1)] = 9.0
    return tags


HARD = {
    "nested": [[1, 6, 0, 2, 3]],
    "nested, the object outside": [[4, 4, 1, 3, 6]],
    "overlapping": [[1, 4, 2, 3, 6]],
    "overlapping, the object first": [[3, 6, 2, 1, 4]],
    "object before subject": [[5, 6, 0, 1, 2]],
    "subject is object": [[2, 4, 1, 2, 4]],
    "one token": [[3, 3, 1, 3, 3]],
    "a pair with all predicates": [[1, 2, p, 5, 6] for p in range(PREDICATES)],
    "a chain": [[1, 2, 0, 4, 4], [4, 4, 0, 6, 6], [6, 6, 1, 1, 2]],
    "one start, two ends": [[1, 2, 0, 5, 5], [1, 3, 1, 5, 6]],
    "both ways by two predicates": [[1, 2, 0, 5, 6], [5, 6, 1, 1, 2]],
    "none": [],
}


@both
@pytest.mark.parametrize("case", HARD)
def test_labels_become_the_triples_they_came_from(kind, case):
    rows = np.array(HARD[case], int).reshape(-1, 5)
    ids = np.array([[3, 11, 12, 13, 14, 15, 16, 4, 0]])
    model = tiny_of_kind(kind)
    links = model.target_builder([rows], ids, None)["links"][0]
    with_tags(model, perfect(model, links, ids.shape[1])[None], ids)
    assert decoded(model, [ids, ids * 0]) == {(0, *row) for row in rows.tolist()}


def test_only_plus_finds_both_ways_by_one_predicate():
    rows = np.array([[1, 2, 1, 5, 6], [5, 6, 1, 1, 2]])
    ids = np.array([[3, 11, 12, 13, 14, 15, 16, 4]])
    found = {}
    for kind in KINDS:
        model = tiny_of_kind(kind)
        links = model.target_builder([rows], ids, None)["links"][0]
        found[kind] = decoded(with_tags(model, perfect(model, links, 8)[None], ids), [ids, ids * 0])
    assert found == {
        "tplinker-plus": {(0, *row) for row in rows.tolist()},
        "tplinker": {(0, 5, 6, 1, 1, 2)},
    }


def by_loops(model, tags, tokens, length):
    """Return the triples of one text, by loops over the best class or positive tags of pairs."""
    place = {pair: n for n, pair in enumerate(zip(*np.triu_indices(length), strict=True))}

    def linked(kind, first, second):
        z = tags[place[min(first, second), max(first, second)]]
        class_ = 2 if first > second else 1
        if model.kind == "tplinker-plus":
            return z[kind + 2 * PREDICATES * (class_ - 1)] > 0
        return np.argmax(classes_of(z, kind)) == class_

    inner = range(1, tokens - 1)
    spans = [(i, j) for i, j in place if i in inner and j in inner]
    if model.kind == "tplinker":
        spans = [span for span in spans if np.argmax(tags[place[span]][:2]) == 1]
    else:
        spans = [span for span in spans if tags[place[span]][0] > 0]
    return {
        (*subject, p, *object_)
        for subject, object_ in itertools.product(spans, spans)
        for p in range(PREDICATES)
        if linked(1 + p, subject[0], object_[0])
        and linked(1 + PREDICATES + p, subject[1], object_[1])
    }


@both
def test_decoding_equals_the_loops(kind):
    ids = np.ones([3, 9], int)
    ids[1, 6:] = ids[2, 2:] = 0
    model = tiny_of_kind(kind)
    tags = np.random.default_rng(4).normal(size=[3, 45, model.tags.units])
    found = decoded(with_tags(model, tags, ids), [ids, ids * 0])
    expected = set()
    for text, length in enumerate((9, 6, 2)):
        rows = by_loops(model, tags[text], length, 9)
        expected |= {(text, *row) for row in rows}
    assert len(expected) > 50 and found == expected
    surer = decoded(model, [ids, ids * 0], threshold=0.7)
    assert 0 < len(surer) < len(found) and surer < found


@both
def test_texts_without_room(kind):
    """One token, only padding, or two tokens: none has a triple, and none causes errors."""
    model = spoken(tiny_of_kind(kind))
    ids = np.array([[7, 0, 0], [0, 0, 0], [3, 4, 0]])
    labels = model.target_builder([np.zeros([0, 5], int)] * 3, ids, None)
    with tf.GradientTape() as tape:
        losses = model.sample_losses(labels, model.factors([ids, ids * 0]))
        total = tf.reduce_sum(list(losses.values()))
    gradients = tape.gradient(total, model.trainable_weights)
    for loss in losses.values():
        assert np.isfinite(loss).all() and loss[1] == 0 and loss[0] > 0
    assert all(np.isfinite(tf.convert_to_tensor(gradient)).all() for gradient in gradients)
    assert decoded(model, [ids, ids * 0], threshold=-100.0) == set()


@both
def test_infinite_states_are_told_of_their_text(kind):
    model = tiny_of_kind(kind)
    inputs, _ = tiny_batch_for(model)
    table, dense = (model.encoder.get_layer(name) for name in ("tokens", "dense"))
    rows = table.get_weights()[0]
    rows[inputs[0][2, 4]] = 3e38
    table.set_weights([rows])
    # Infinite with the same sign up to the tanh, which turns it into 1.
    dense.activation = keras.activations.linear
    dense.set_weights([2 * np.eye(HIDDEN), np.zeros(HIDDEN)])
    model.handshaking.set_weights([np.ones([2 * HIDDEN, HIDDEN]), np.zeros(HIDDEN)])
    factors = model.factors(inputs)
    assert np.isinf(factors.hidden[2, 4]).all() and np.isfinite(factors.tags).all()
    _, finite = model.decode(inputs, 0.0, 100)
    assert finite.numpy().tolist() == [inputs[0][2, 4] not in row for row in inputs[0]]


OTHER_GENERATION = """
import sys
import numpy as np
from tiny import tiny_batch_for, tiny_of_kind
from gplinker_tf.backend import KERAS_3
from gplinker_tf.models import load_weights
for kind, weights, outputs in zip(sys.argv[1::3], sys.argv[2::3], sys.argv[3::3]):
    model = tiny_of_kind(kind, seed=5)
    load_weights(model, weights)
    np.savez(outputs, keras_3=KERAS_3, **model(tiny_batch_for(model)[0]))
"""


def test_weights_load_in_the_other_keras_generation(other_generation, tmp_path):
    models = {kind: spoken(tiny_of_kind(kind, seed=1)) for kind in KINDS}
    arguments = []
    for kind, model in models.items():
        save_weights(model, tmp_path / f"{kind}.safetensors")
        arguments += [kind, tmp_path / f"{kind}.safetensors", tmp_path / f"{kind}.npz"]
    other_generation.run(OTHER_GENERATION, *arguments)
    for kind, model in models.items():
        other = np.load(tmp_path / f"{kind}.npz")
        assert bool(other["keras_3"]) is LEGACY
        for name, value in model(tiny_batch_for(model)[0]).items():
            np.testing.assert_allclose(other[name], value, rtol=1e-5, atol=1e-5)


@both
def test_the_whole_model_saves_as_keras_file_and_its_weights_alone(kind, tmp_path):
    model, other = spoken(tiny_of_kind(kind)), tiny_of_kind(kind, seed=4)
    inputs, _ = tiny_batch_for(model)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded) is MODELS[kind].model_class
    save_weights(model, tmp_path / "model.safetensors")
    load_weights(other, tmp_path / "model.safetensors")
    for name, value in model(inputs).items():
        np.testing.assert_array_equal(loaded(inputs)[name], value)
        np.testing.assert_array_equal(other(inputs)[name], value)


@both
def test_parameters_beside_the_encoder(kind):
    own, encoders = (
        sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
        for model in (tiny_of_kind(kind), tiny_encoder())
    )
    tags = {"tplinker": 2 + 6 * PREDICATES, "tplinker-plus": 1 + 4 * PREDICATES}[kind]
    assert own - encoders == (2 * HIDDEN + 1) * HIDDEN + (HIDDEN + 1) * tags


def test_no_predicates():
    with pytest.raises(ValueError, match="num_predicates=0"):
        MODELS["tplinker"].model_class(tiny_encoder(), 0)
