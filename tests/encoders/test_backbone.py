"""Models with named inputs as encoders of every model, above all KerasHub's backbones."""

import json

import numpy as np
import pytest
from reference import requires_keras_3

from gplinker_tf import RelationExtractor
from gplinker_tf.backend import keras
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import EncoderFolder, as_encoder
from gplinker_tf.models import CasRel, GPLinker, TPLinker
from gplinker_tf.training import TrainingOptions, prepare

IDS = np.array([[2, 7, 3, 0], [2, 8, 9, 3]])
SIZES = {"num_layers": 1, "num_heads": 2, "hidden_dim": 8, "intermediate_dim": 16}


def named_model(names, output=lambda hidden: {"sequence_output": hidden}):
    """Return a model that embeds the first input and subtracts embeddings of the other inputs."""
    inputs = {name: keras.Input([None], dtype="int32", name=name) for name in names}
    first, *others = inputs.values()
    hidden = keras.layers.Embedding(10, 8, name="tokens")(first)
    for tensor in others:
        vectors = keras.layers.Embedding(2, 8)(tensor)
        hidden = keras.layers.Subtract()([hidden, vectors])
    return keras.Model(inputs, output(hidden), name="named")


def test_a_model_with_named_inputs_gives_the_same_as_an_encoder():
    named = named_model(["token_ids", "segment_ids", "padding_mask"])
    encoder = as_encoder(named)
    segments = np.ones_like(IDS)
    padding = np.array([[1, 1, 1, 0], [1, 1, 1, 1]])
    inputs = {"token_ids": IDS, "segment_ids": segments, "padding_mask": padding}
    np.testing.assert_array_equal(encoder([IDS, segments]), named(inputs)["sequence_output"])
    assert encoder.get_layer("tokens") is named.get_layer("tokens")
    assert as_encoder(encoder) is encoder


def test_what_is_no_encoder_of_texts():
    with pytest.raises(ValueError, match=r"token_ids among .*Received: images\."):
        as_encoder(named_model(["images"]))
    with pytest.raises(ValueError, match="Received: token_ids, decoder_token_ids"):
        GPLinker(named_model(["token_ids", "decoder_token_ids"]), 3)
    with pytest.raises(ValueError, match=r"hidden states .*Received: \['pooled_output'\]"):
        as_encoder(named_model(["token_ids"], output=lambda hidden: {"pooled_output": hidden}))


@requires_keras_3
@pytest.mark.slow
def test_a_backbone_of_keras_hub_trains_and_is_loaded(sample, tmp_path):
    keras_hub = pytest.importorskip("keras_hub", exc_type=ImportError)
    size = len((sample / "vocab.txt").read_bytes().splitlines())
    keras.utils.set_random_seed(2)
    backbone = keras_hub.models.BertBackbone(vocabulary_size=size, **SIZES)
    options = TrainingOptions.of(
        {"epochs": 2, "batch_size": 8, "limit": 16, "dev_limit": 2, "max_length": 24, "seed": 1}
        | {"averaging": None, "learning_rate": 1e-3}
    )
    plan = prepare(
        DataFolder.open(sample),
        EncoderFolder.open(sample, weights_required=False),
        tmp_path / "run",
        options,
        progress=False,
        build_model=lambda _, predicates: GPLinker(backbone, predicates, "standard", head_size=8),
    )
    plan.fit(progress=False)
    losses = [json.loads(line)["loss"] for line in (tmp_path / "run/history.jsonl").open("rb")]
    assert losses[1] < losses[0]

    text = read_examples(sample / "dev_data.json", limit=1)[0].text[:6]
    (before,) = plan.extractor([text], threshold=-1e3)
    plan.extractor.save(tmp_path / "saved")
    (after,) = RelationExtractor.load(tmp_path / "saved")([text], threshold=-1e3)
    assert after.triples and after == before


@requires_keras_3
@pytest.mark.parametrize("name", ["Bert", "DistilBert", "GPT2"])
def test_other_backbones_of_keras_hub(name):
    keras_hub = pytest.importorskip("keras_hub", exc_type=ImportError)
    backbone = getattr(keras_hub.models, f"{name}Backbone")(vocabulary_size=10, **SIZES)
    encoder = as_encoder(backbone)
    normalized = keras.layers.LayerNormalization()(encoder.outputs[0])
    models = [
        GPLinker(backbone, 3, head_size=4),
        TPLinker(backbone, 3),
        CasRel(keras.Model(encoder.inputs, normalized), 3),
    ]
    hidden = encoder([IDS, np.zeros_like(IDS)]).numpy()
    padded = encoder([np.pad(IDS, [(0, 0), (0, 2)]), np.zeros([2, 6])]).numpy()
    np.testing.assert_allclose(padded[0, :3], hidden[0, :3], atol=1e-5)  # padding is not read
    for model in models:
        again = type(model).from_config(model.get_config())
        assert again.encoder.output_shape == (None, None, 8)
