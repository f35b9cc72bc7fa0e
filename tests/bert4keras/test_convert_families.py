"""Models saved by a GPLinker script become runs, for each encoder family.

The real library writes the files under legacy Keras, in each of its formats; otherwise ours does.
"""

from pathlib import Path

import numpy as np
import pytest
from encoder_face_cases import GAU
from face_cases import sentences
from own_gau_alpha import gau_alpha
from reference import LEGACY, load_bert4keras
from saved_belongings import FILES, SIZES, write_belongings

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras.convert import extractor_from_bert4keras
from gplinker_tf.errors import InputError

pytestmark = pytest.mark.slow

#: Further entries of the configuration that the real library needs.
REST = {
    "type_vocab_size": 2,
    "hidden_dropout_prob": 0.1,
    "attention_probs_dropout_prob": 0.1,
}
NARROW = {"embedding_size": 4}
#: Additional entries of the configuration, by family.
FAMILIES = {
    **{"bert": {}, "albert": NARROW, "albert_unshared": NARROW, "nezha": {}, "electra": NARROW},
    **{"roformer": NARROW, "roformer_v2": {}},
    "gau_alpha": {name: GAU[name] for name in ("hidden_act", "attention_key_size")},
}


def of_scripts():
    """Return what a script imports: models, layers and optimizers of bert4keras, and Keras."""
    if LEGACY:
        real = load_bert4keras()
        return real.models, real.layers, real.optimizers, tf.keras
    from gplinker_tf.bert4keras import keras, layers, models, optimizers

    return models, layers, optimizers, keras


def arguments_of(folder, family):
    """Write the files next to the model; return the arguments of `convert`, with the family."""
    write_belongings(folder, SIZES | REST | FAMILIES[family])
    return {name: folder / file for name, file in FILES.items()} | {"encoder_family": family}


def script_model(folder, family):
    """Return the model of the GPLinker script, with random weights."""
    models, layers, _, keras = of_scripts()
    own = gau_alpha(models) if family == "gau_alpha" and LEGACY else family
    encoder = models.build_transformer_model(str(folder / "config.json"), model=own)
    pointers = [
        layers.EfficientGlobalPointer(heads, 4, **options)
        for heads, options in ((2, {}), *[(3, {"RoPE": False, "tril_mask": False})] * 2)
    ]
    model = keras.models.Model(encoder.inputs, [layer(encoder.output) for layer in pointers])
    random = np.random.default_rng(6)
    for weight in model.trainable_weights:
        weight.assign_add((0.3 * random.normal(size=weight.shape)).astype("float32"))
    return model


def batch():
    token_ids = np.array([ids + [0] * (14 - len(ids)) for ids in sentences()])
    return [token_ids, np.zeros_like(token_ids)]


def scores_of(model, inputs):
    return [scores.numpy() for scores in tf.nest.flatten(model(inputs))]


def assert_same_scores(extractor, expected):
    scores = extractor.model(batch())
    for name, array in zip(("entity", "head", "tail"), expected, strict=True):
        np.testing.assert_allclose(scores[name].numpy(), array, atol=1e-3)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_saved_model_of_each_family(family, tmp_path, monkeypatch):
    belongings = arguments_of(tmp_path, family)
    model = script_model(tmp_path, family)
    expected = scores_of(model, batch())
    monkeypatch.chdir(tmp_path)
    files = ["best_model.h5", "best_model.weights"]  # the second: a checkpoint in the real library
    for path in files:
        model.save_weights(path)
    if LEGACY and family != "gau_alpha":  # Keras can't save its initializer
        files.append("whole.h5")
        model.save(files[-1])
    for path in files:
        extractor = extractor_from_bert4keras(path, **belongings)
        assert_same_scores(extractor, expected)
        assert extractor.encoder_config["family"] == family


def test_averaged_weights(tmp_path, monkeypatch):
    """The script evaluates and saves averaged weights, which its optimizer puts into the model."""
    belongings = arguments_of(tmp_path, "roformer")
    model = script_model(tmp_path, "roformer")
    _, _, optimizers, keras = of_scripts()
    averaging = optimizers.extend_with_exponential_moving_average(optimizers.Adam)
    optimizer = averaging(learning_rate=0.1, ema_momentum=0.5)
    head = keras.models.Model(model.inputs, model.outputs[1])  # its scores are all finite
    head.compile(loss="mse", optimizer=optimizer)
    inputs = batch()
    texts = [part[:, :5] for part in inputs]
    head.fit(texts, np.zeros([4, 3, 5, 5]), batch_size=1, verbose=0)
    [trained] = scores_of(head, texts)
    optimizer.apply_ema_weights()
    assert np.abs(scores_of(head, texts)[0] - trained).max() > 0.01
    averaged = scores_of(model, inputs)
    monkeypatch.chdir(tmp_path)
    model.save_weights("best_model.weights")
    assert_same_scores(extractor_from_bert4keras("best_model.weights", **belongings), averaged)


def test_vectors_of_distances_that_are_not_nezhas(tmp_path):
    belongings = arguments_of(tmp_path, "nezha")
    model = script_model(tmp_path, "nezha")
    model.set_weights([2 * weight for weight in model.get_weights()])
    model.save_weights(str(tmp_path / "best_model.h5"))
    with pytest.raises(InputError, match="Expected the constants of 'Embedding-Relative-Position'"):
        extractor_from_bert4keras(tmp_path / "best_model.h5", **belongings)


def test_the_weights_of_another_family(tmp_path):
    belongings = arguments_of(tmp_path, "roformer_v2")
    path = Path(__file__).parents[1] / "golden" / "saved" / "EfficientGlobalPointer.weights"
    with pytest.raises(InputError, match="first layer that differs is"):
        extractor_from_bert4keras(path, **belongings)
    with pytest.raises(InputError, match=r"config.json: Expected one of bert, .*family='xlnet'"):
        extractor_from_bert4keras(path, **belongings | {"encoder_family": "xlnet"})
