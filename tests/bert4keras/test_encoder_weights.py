"""Weight files of every family, bert4keras's and ours, and errors for those that do not fit."""

import json

import numpy as np
import pytest
from encoder_face_cases import build, set_random_weights
from face_cases import SMALL_BERT
from own_gau_alpha import gau_alpha
from reference import load_bert4keras, requires_legacy

from gplinker_tf.backend import tf
from gplinker_tf.bert4keras import keras, models
from gplinker_tf.bert4keras.models import build_transformer_model
from gplinker_tf.errors import InputError

#: One case of each family, with its heads.
FAMILIES = ("bert with heads", "albert", "nezha", "electra", "roformer", "roformer_v2")


def random_model(name, seed=1):
    transformer = build(name, models, keras)
    set_random_weights(transformer.model, seed)
    return transformer


def assert_same_weights(first, second):
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


@requires_legacy
@pytest.mark.parametrize("name", [*FAMILIES, "albert_unshared", "gau_alpha"])
def test_weights_go_both_ways_live(name, tmp_path):
    real, ours = build(name, load_bert4keras().models, tf.keras), build(name, models, keras)
    if "Embedding-Relative-Position" in ours.layers:
        tables = [m.layers["Embedding-Relative-Position"].get_weights()[0] for m in (real, ours)]
        np.testing.assert_allclose(*tables, atol=1e-6)
    set_random_weights(ours.model)
    ours.model.save_weights(tmp_path / "best_model.weights")
    real.model.load_weights(str(tmp_path / "best_model.weights"))
    assert_same_weights(real.model.get_weights(), ours.model.get_weights())
    set_random_weights(real.model, seed=2)
    for path in ("model.h5", "model_in_tf_format"):
        real.model.save_weights(str(tmp_path / path))
        set_random_weights(ours.model)
        ours.model.load_weights(tmp_path / path)
        assert_same_weights(real.model.get_weights(), ours.model.get_weights())
    if name in FAMILIES:
        set_random_weights(ours.model)
        ours.save_weights_as_checkpoint(tmp_path / "model.ckpt")
        real.load_weights_from_checkpoint(str(tmp_path / "model.ckpt"))
        assert_same_weights(real.model.trainable_weights, ours.model.trainable_weights)


@requires_legacy
def test_a_larger_model_from_a_checkpoint_live(tmp_path):
    random_model("bert with heads").save_weights_as_checkpoint(tmp_path / "model.ckpt")
    larger = {"hidden_size": 16, "intermediate_size": 20, "autoresize_weights": True}
    real = build("bert with heads", load_bert4keras().models, tf.keras, **larger)
    ours = build("bert with heads", models, keras, **larger)
    for transformer in (real, ours):
        transformer.load_weights_from_checkpoint(str(tmp_path / "model.ckpt"))
    for got, want in zip(ours.model.get_weights(), real.model.get_weights(), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-6)


@pytest.mark.parametrize("name", [*FAMILIES, "gau_alpha"])
def test_a_checkpoint_comes_back(name, tmp_path):
    saved, again = random_model(name), random_model(name, seed=2)
    saved.save_weights_as_checkpoint(tmp_path / "model.ckpt")
    again.load_weights_from_checkpoint(tmp_path / "model.ckpt")
    weights = [[w.numpy() for w in m.model.trainable_weights] for m in (saved, again)]
    assert_same_weights(*weights)
    with pytest.raises(InputError, match="Expected a folder that exists"):
        saved.save_weights_as_checkpoint(tmp_path / "nowhere" / "model.ckpt")


def test_albert_fills_each_block_of_albert_unshared(tmp_path):
    random_model("albert").save_weights_as_checkpoint(tmp_path / "model.ckpt")
    unshared = build("albert_unshared", models, keras, with_pool=False)
    unshared.load_weights_from_checkpoint(tmp_path / "model.ckpt")
    first, second = (unshared.layers[f"Transformer-{i}-FeedForward"] for i in (0, 1))
    assert_same_weights(first.get_weights(), second.get_weights())
    with pytest.raises(ValueError, match="Expected one weight for each tensor"):
        unshared.save_weights_as_checkpoint(tmp_path / "other.ckpt")


def test_a_user_s_gau_alpha_reads_its_checkpoint(tmp_path):
    """Its mapping has another order than that of the layer in 0.11.5."""
    saved = random_model("gau_alpha")
    saved.save_weights_as_checkpoint(tmp_path / "model.ckpt")
    own = build("gau_alpha", models, keras, model=gau_alpha(models))
    own.load_weights_from_checkpoint(tmp_path / "model.ckpt")
    assert_same_weights(own.model.get_weights(), saved.model.get_weights())


def test_heads_for_a_smaller_vocabulary(tmp_path):
    saved = random_model("bert with heads")
    saved.save_weights_as_checkpoint(tmp_path / "model.ckpt", dtype="float16")
    kept = [0, 7, 2]
    bert = build("bert with heads", models, keras, keep_tokens=kept, compound_tokens=[[1, 2]])
    bert.load_weights_from_checkpoint(tmp_path / "model.ckpt")
    bias = saved.layers["P-MLM-Bias"].get_weights()[0].astype("float16").astype("float32")
    expected = [*bias[kept], bias[[7, 2]].mean()]
    np.testing.assert_allclose(bert.layers["P-MLM-Bias"].get_weights()[0], expected, atol=1e-6)
    bert.keep_tokens = [40]
    with pytest.raises(InputError, match=r"Expected ids of a vocabulary of 30 tokens"):
        bert.load_weights_from_checkpoint(tmp_path / "model.ckpt")


@pytest.mark.parametrize(
    ("saved", "loaded", "message"),
    [
        ("bert", "albert", "The checkpoint has no such tensor. Does it belong to this model"),
        ("albert", "bert", "The checkpoint has no such tensor. Does it belong to this model"),
        ("bert", "roformer", "Received: embeddings/position_embeddings too"),
        ("bert", "nezha", "Received: embeddings/position_embeddings too"),
        ("roformer", "roformer_v2", "Received: embeddings/LayerNorm/beta too"),
        ("roformer_v2", "gau_alpha", "Expected GAU_alpha/encoder/layer_0/gau/i_dense/kernel"),
    ],
)
def test_the_checkpoint_of_another_family(saved, loaded, message, tmp_path):
    options = {**SMALL_BERT, "attention_key_size": 4, "return_keras_model": False}
    one, other = (build_transformer_model(**options, model=model) for model in (saved, loaded))
    one.save_weights_as_checkpoint(tmp_path / "model.ckpt")
    before = other.model.get_weights()
    with pytest.raises(InputError, match=message):
        other.load_weights_from_checkpoint(tmp_path / "model.ckpt")
    assert_same_weights(other.model.get_weights(), before)
    other.ignore_invalid_weights = True
    other.load_weights_from_checkpoint(tmp_path / "model.ckpt")


def test_what_can_not_be_built_says_so(tmp_path):
    with pytest.raises(ValueError, match=r"Expected one of \['bert'.*Received: model='xlnet'"):
        build_transformer_model(**SMALL_BERT, model="xlnet")
    with pytest.raises(ValueError, match="T5 and GPT are out of scope"):
        build_transformer_model(**SMALL_BERT, model="T5.1.1_encoder")
    with pytest.raises(ValueError, match="application='seq2seq'"):
        build_transformer_model(**SMALL_BERT, application="seq2seq")
    with pytest.raises(ValueError, match="for ELECTRA, which does not predict tokens"):
        build_transformer_model(**SMALL_BERT, model="electra", application="lm")
    with pytest.raises(ValueError, match="Expected no with_mlm, which ELECTRA does not have"):
        build_transformer_model(**SMALL_BERT, model="electra", with_mlm=True)
    with pytest.raises(AttributeError, match="MirroredStrategy"):
        models.data_parallel  # noqa: B018
    path = tmp_path / "config.json"
    path.write_text(json.dumps({**SMALL_BERT, "model_type": "nezha"}), "utf-8")
    with pytest.raises(InputError, match=r"config.json: .*\['albert'\].* model_type='nezha'"):
        build_transformer_model(path, model="albert")
    assert build_transformer_model(path, model="nezha").layers
