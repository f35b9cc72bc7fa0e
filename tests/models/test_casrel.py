"""CasRel: its outputs, its loss, its training step, its decoding, its weights."""

import numpy as np
import pytest
from reference import LEGACY, in_one_generation
from tiny import HIDDEN, PREDICATES, as_dataset, tiny_casrel, tiny_casrel_batch, tiny_encoder

from gplinker_tf.backend import keras, tf
from gplinker_tf.models import CasRel, CasRelTargets, load_weights, save_weights
from gplinker_tf.precision import layers_compute_in
from gplinker_tf.training import AveragingAdam


def spoken(model, seed=3):
    """Set weights that matter in all task layers, including the conditional normalization."""
    rng = np.random.default_rng(seed)
    for name in model.parts:
        part = getattr(model, name)
        part.set_weights([w + rng.normal(0, 0.5, w.shape) for w in part.get_weights()])
    return model


def sigmoid(x):
    return 1 / (1 + np.exp(-x.astype(np.float64)))


def by_definition(model, inputs, labels):
    """Return the two losses of the batch as in the original, in float64."""
    hidden = [w.astype(np.float64) for w in model.encoder.get_weights()]
    x = np.tanh((hidden[0][inputs[0]] + hidden[1][inputs[1]]) @ hidden[2] + hidden[3])
    spread = np.sqrt(x.var(-1, keepdims=True) + model.encoder.layers[-1].epsilon)
    output = (x - x.mean(-1, keepdims=True)) / spread * hidden[4] + hidden[5]
    kernel, bias = model.subject.get_weights()
    subject = sigmoid(output @ kernel + bias) ** 2
    rows = np.arange(len(x))[:, None]
    condition = x[rows, labels["chosen"]].reshape(len(x), -1)
    beta, gamma, beta_kernel, gamma_kernel = model.normalization.get_weights()
    normal = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-7)
    normal = normal * (gamma + condition @ gamma_kernel)[:, None]
    normal += (beta + condition @ beta_kernel)[:, None]
    kernel, bias = model.object.get_weights()
    object_ = (sigmoid(normal @ kernel + bias) ** 4).reshape(*x.shape[:2], PREDICATES, 2)
    mask = (inputs[0] != 0) & (labels["weight"] > 0)[:, None]

    def loss(targets, p):
        return np.where(targets, -np.log(p), -np.log1p(-p)).mean(-1)

    return {
        "subject": loss(labels["subject"], subject)[mask].sum() / mask.sum(),
        "object": loss(labels["object"], object_).sum(-1)[mask].sum() / mask.sum(),
    }


def test_outputs_are_log_odds_of_starts_and_ends():
    inputs, labels = tiny_casrel_batch()
    model = tiny_casrel()
    odds = model([*inputs, labels["chosen"]])
    assert {name: tuple(value.shape) for name, value in odds.items()} == {
        "subject": (4, 9, 2),
        "object": (4, 9, PREDICATES, 2),
    }
    assert list(model(inputs)) == ["subject"]
    # Powers make all initial probabilities small: about 1/4 and 1/16.
    for name, probability in (("subject", 1 / 4), ("object", 1 / 16)):
        assert np.mean(tf.sigmoid(odds[name])) == pytest.approx(probability, rel=0.2)


def test_the_loss_is_the_originals():
    inputs, labels = tiny_casrel_batch()
    assert labels["weight"].tolist()[1] == 0, "a text without a triple"
    model = spoken(tiny_casrel())
    model.compile(AveragingAdam(), run_eagerly=True)
    values = model.evaluate(as_dataset(inputs, labels, 4).take(1), return_dict=True, verbose=0)
    expected = by_definition(model, inputs, labels)
    for name, value in expected.items():
        assert values[f"{name}_loss"] == pytest.approx(value, rel=1e-4)
    assert values["loss"] == pytest.approx(sum(expected.values()), rel=1e-4)


def test_padding_and_order_do_not_matter():
    inputs, labels = tiny_casrel_batch()
    model = spoken(tiny_casrel())
    expected = model.sample_losses(labels, model.factors(inputs))
    order = [2, 0, 3, 1]
    widths = {"subject": [(0, 0), (0, 4), (0, 0)], "object": [(0, 0), (0, 4), (0, 0), (0, 0)]}
    wider = {n: np.pad(v, widths[n]) if n in widths else v for n, v in labels.items()}
    wider = {name: value[order] for name, value in wider.items()}
    ids = [np.pad(part, [(0, 0), (0, 4)])[order] for part in inputs]
    for name, losses in model.sample_losses(wider, model.factors(ids)).items():
        np.testing.assert_allclose(losses, expected[name].numpy()[order], rtol=1e-5)


@pytest.mark.parametrize("size", [1e3, 1e30])
def test_gradients_are_finite_at_extreme_logits(size):
    inputs, labels = tiny_casrel_batch()
    model = tiny_casrel()
    for bias in (model.subject.bias, model.object.bias):
        bias.assign(np.where(np.arange(bias.shape[0]) % 2, size, -size))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(list(model.sample_losses(labels, model.factors(inputs)).values()))
    gradients = tape.gradient(loss, model.trainable_weights)
    assert np.isfinite(loss) and size / 10 < float(loss)
    assert all(np.isfinite(tf.convert_to_tensor(gradient)).all() for gradient in gradients)


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float32", "mixed_float16"])
def test_it_learns_a_batch_by_heart(precision):
    inputs, labels = tiny_casrel_batch()
    with layers_compute_in(precision):
        model = tiny_casrel()
    assert (model.loss_scale is not None) == (precision == "mixed_float16")
    model.compile(AveragingAdam(0.02, averaging=None))
    history = model.fit(
        as_dataset(inputs, labels), epochs=25, steps_per_epoch=4, verbose=0, shuffle=False
    ).history
    assert history["loss"][-1] < history["loss"][0] / 5
    assert not any(history["nonfinite"])


@pytest.mark.slow
@in_one_generation
def test_xla_takes_the_same_step():
    inputs, labels = tiny_casrel_batch()
    results = []
    for settings in ({"run_eagerly": True}, {"jit_compile": True}):
        model = tiny_casrel()
        model.compile("sgd", **settings)
        model.fit(as_dataset(inputs, labels, 4), steps_per_epoch=1, verbose=0, shuffle=False)
        results.append([weight.numpy() for weight in model.trainable_weights])
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def decoded(model, inputs, **kwargs):
    triples, finite = model.decode(inputs, 0.0, 10_000, **kwargs)
    assert finite.numpy().all()
    columns = triples.batch, triples.subject, triples.predicate, triples.object
    rows = zip(*(column.numpy().tolist() for column in columns), strict=True)
    return {(text, *subject, p, *object_) for text, subject, p, object_ in rows}


@pytest.mark.slow
def test_labels_learned_by_heart_are_decoded_again():
    """Train on labels of each subject; the learned scores decode to the original triples."""
    rows = np.array([[1, 2, 0, 4, 4], [1, 2, 2, 6, 7], [5, 5, 1, 1, 2]])
    token_ids = np.array([[3, 11, 12, 13, 14, 15, 16, 17, 4, 0]], np.int32)
    inputs = [token_ids, np.zeros_like(token_ids)]
    maker, random = CasRelTargets(PREDICATES), np.random.default_rng(2)
    batches = [maker([rows], token_ids, random) for _ in range(32)]
    labels = {name: np.concatenate([b[name] for b in batches]) for name in batches[0]}
    model = tiny_casrel()
    model.compile(AveragingAdam(0.02, averaging=None))
    copies = tuple(np.repeat(part, 32, axis=0) for part in inputs)
    model.fit(as_dataset(copies, labels, 32), steps_per_epoch=150, verbose=0, shuffle=False)
    assert decoded(model, inputs) == {(0, *row) for row in rows.tolist()}


def test_encoding_again_finds_the_same():
    inputs, _ = tiny_casrel_batch()
    model = spoken(tiny_casrel())
    for part in (model.subject, model.object):
        part.bias.assign_add(tf.fill(part.bias.shape, 2.0))
    found = decoded(model, inputs)
    assert len(found) > 5
    assert decoded(model, inputs, encode_again=True) == found


def test_infinite_states_are_told_of_their_text():
    inputs, _ = tiny_casrel_batch()
    model = tiny_casrel()
    table = model.encoder.get_layer("tokens")
    rows = table.get_weights()[0]
    rows[inputs[0][2, 4]] = np.inf
    table.set_weights([rows])
    _, finite = model.decode(inputs, 0.0, 100)
    assert finite.numpy().tolist() == [inputs[0][2, 4] not in row for row in inputs[0]]


OTHER_GENERATION = """
import sys
import numpy as np
from tiny import tiny_casrel, tiny_casrel_batch
from gplinker_tf.backend import KERAS_3
from gplinker_tf.models import load_weights
model = tiny_casrel(seed=5)
load_weights(model, sys.argv[1])
inputs, labels = tiny_casrel_batch()
np.savez(sys.argv[2], keras_3=KERAS_3, **model([*inputs, labels["chosen"]]))
"""


def test_weights_load_in_the_other_keras_generation(other_generation, tmp_path):
    model = spoken(tiny_casrel(seed=1))
    save_weights(model, tmp_path / "model.safetensors")
    arguments = [tmp_path / "model.safetensors", tmp_path / "odds.npz"]
    other_generation.run(OTHER_GENERATION, *arguments)
    other = np.load(tmp_path / "odds.npz")
    assert bool(other["keras_3"]) is LEGACY
    inputs, labels = tiny_casrel_batch()
    for name, value in model([*inputs, labels["chosen"]]).items():
        np.testing.assert_allclose(other[name], value, rtol=1e-5, atol=1e-5)


def test_the_whole_model_saves_as_keras_file_and_its_weights_alone(tmp_path):
    inputs, labels = tiny_casrel_batch()
    inputs = [*inputs, labels["chosen"]]
    model, other = spoken(tiny_casrel()), tiny_casrel(seed=4)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert isinstance(loaded, CasRel)
    save_weights(model, tmp_path / "model.safetensors")
    load_weights(other, tmp_path / "model.safetensors")
    for name, value in model(inputs).items():
        np.testing.assert_array_equal(loaded(inputs)[name], value)
        np.testing.assert_array_equal(other(inputs)[name], value)


def test_parameters_beside_the_encoder():
    own, encoders = (
        sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
        for model in (tiny_casrel(), tiny_encoder(normalized=True))
    )
    norm = 2 * HIDDEN + 2 * 2 * HIDDEN * HIDDEN
    heads = (HIDDEN + 1) * 2 + (HIDDEN + 1) * 2 * PREDICATES
    assert own - encoders == norm + heads


def test_an_encoder_without_a_last_normalization():
    with pytest.raises(ValueError, match=r"ends with Dense.*train a GPLinker"):
        CasRel(tiny_encoder(), PREDICATES)


def test_no_predicates():
    with pytest.raises(ValueError, match="num_predicates=0"):
        CasRel(tiny_encoder(normalized=True), 0)
