"""The layers for token labels and `ViterbiDecoder`, compared with bert4keras."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from face_function_cases import LENGTHS, label_layers, run_label_layer, viterbi_paths

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras import keras, layers, snippets
from gplinker_tf.bert4keras.log_partition import log_partition
from gplinker_tf.bert4keras.optimizers import Adam

GOLDEN = np.load(Path(__file__).parents[1] / "golden" / "face_functions.npz")


@pytest.mark.parametrize("name", label_layers(layers))
def test_losses_gradients_and_accuracies(name):
    for length in LENGTHS:
        found = run_label_layer(*label_layers(layers)[name], length, tf)
        for number, got in enumerate(found):
            want = GOLDEN[f"labels/{name}/{length}/{number}"]
            np.testing.assert_allclose(
                got, want, rtol=2e-5, atol=2e-5, err_msg=f"{length} {number}"
            )


def test_viterbi_paths():
    for number, path in enumerate(viterbi_paths(snippets)):
        np.testing.assert_array_equal(path, GOLDEN[f"viterbi/{number}"])


@pytest.mark.parametrize("spread", [1.0, 500.0])
def test_the_normalizer_is_the_sum_over_all_paths(spread):
    """This includes transitions so far apart that their exponentials exceed float32."""
    rng = np.random.default_rng(3)
    scores, transitions = rng.normal(size=[2, 5, 3]) * 20, rng.normal(size=[3, 3]) * spread
    mask = np.array([[True] * 5, [True, True, True, False, False]])

    def path_score(text, path):
        steps = range(1, len(path))
        moves = sum(transitions[path[t - 1], path[t]] for t in steps)
        return moves + sum(scores[text, t, label] for t, label in enumerate(path))

    def expected(text):
        paths = product(range(3), repeat=mask[text].sum())
        return np.logaddexp.reduce([path_score(text, path) for path in paths])

    single = (tf.constant(scores, tf.float32), mask, tf.constant(transitions, tf.float32))
    found = tf.function(log_partition)(*single)
    np.testing.assert_allclose(found, [expected(0), expected(1)], rtol=1e-5)


def test_what_is_decoded_is_the_best_path():
    transitions, nodes = np.random.default_rng(0).normal(size=[2, 4, 4])
    kept = nodes.copy()
    path = snippets.ViterbiDecoder(transitions, starts=[1, 2]).decode(nodes)

    def score(path):
        return sum(nodes[t, y] for t, y in enumerate(path)) + transitions[path[:-1], path[1:]].sum()

    paths = [np.array(path) for path in product(range(4), repeat=4) if path[0] in (1, 2)]
    assert score(path) == pytest.approx(max(map(score, paths)))
    np.testing.assert_array_equal(nodes, kept)
    with pytest.raises(ValueError, match=r"shape \[tokens, 4\].*Received: nodes of shape \[0, 4\]"):
        snippets.ViterbiDecoder(transitions).decode(nodes[:0])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ConditionalRandomField", "MaximumEntropyMarkovModel"])
def test_a_tagger_learns_is_saved_and_loaded(name, tmp_path):
    def tagger():
        tokens = keras.layers.Input([None], dtype="int32")
        x = layers.Embedding(7, 8, mask_zero=True)(tokens)
        layer = getattr(layers, name)(lr_multiplier=10)
        return keras.models.Model(tokens, layer(layers.Dense(3)(x))), layer

    model, layer = tagger()
    model.compile(Adam(0.05), layer.sparse_loss, metrics=[layer.sparse_accuracy])
    tokens = np.array([[1, 2, 3, 0], [4, 5, 0, 0], [6, 1, 5, 2]])
    labels = np.array([[0, 1, 2, 0], [1, 2, 0, 0], [0, 0, 2, 1]])
    history = model.fit(tokens, labels, epochs=25, verbose=0).history
    assert history["loss"][-1] < history["loss"][0] / 3
    assert history["sparse_accuracy"][-1] > 0.9

    model.save_weights(tmp_path / "best.weights")
    other, loaded = tagger()
    other.load_weights(tmp_path / "best.weights")
    np.testing.assert_array_equal(keras.backend.eval(loaded.trans), keras.backend.eval(layer.trans))
    decoder = snippets.ViterbiDecoder(keras.backend.eval(loaded.trans), starts=[0, 1], ends=[1, 2])
    nodes = other.predict(tokens)
    for row, size, want in zip(nodes, (3, 2, 4), labels, strict=True):
        np.testing.assert_array_equal(decoder.decode(row[:size]), want[:size])

    again = keras.layers.deserialize(keras.layers.serialize(layer))
    assert type(again) is type(layer) and again.lr_multiplier == 10
