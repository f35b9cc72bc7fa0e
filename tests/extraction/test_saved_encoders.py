"""An extractor with any encoder can be saved and loaded, or an error says why not."""

import numpy as np
import pytest
from encoders.tiny_bert import write_huggingface
from extracted import tiny_extractor

from gplinker_tf import GPLinker, InputError, RelationExtractor
from gplinker_tf.backend import keras, tf
from gplinker_tf.batching import pad_batch
from gplinker_tf.encoders import EncoderFolder, bert_from_config

pytestmark = pytest.mark.slow


@keras.utils.register_keras_serializable(package="test_extraction")
class Doubled(keras.layers.Layer):
    """A custom layer."""

    def call(self, inputs):
        return 2 * inputs


def lstm_encoder(*layers):
    """Return an encoder that is not a BERT, with random weights."""
    token_ids = keras.Input([None], dtype="int32", name="token_ids")
    segment_ids = keras.Input([None], dtype="int32", name="segment_ids")
    hidden = keras.layers.Embedding(20, 12, name="tokens")(token_ids)
    lstm = keras.layers.LSTM(6, return_sequences=True)
    hidden = keras.layers.Bidirectional(lstm, name="both_ways")(hidden)
    for layer in layers:
        hidden = layer(hidden)
    return keras.Model([token_ids, segment_ids], hidden, name="lstm_encoder")


def test_it_saves_whatever_built_the_encoder(tmp_path):
    folder = EncoderFolder.open(write_huggingface(tmp_path))
    encoders = {
        "folder": folder.build(num_layers=2),
        "config": bert_from_config(folder.config()),
        "lstm": lstm_encoder(),
        "own layer": lstm_encoder(Doubled(name="doubled")),
    }
    for name, encoder in encoders.items():
        extractor = tiny_extractor(GPLinker(encoder, 3))
        extractor.save(tmp_path / name)
        loaded = RelationExtractor.load(tmp_path / name)
        inputs = pad_batch(extractor.tokenizer.encode_batch(["甲乙丙丁"]))
        factors = (tf.nest.flatten(each.model.factors(inputs)) for each in (loaded, extractor))
        for ours, theirs in zip(*factors, strict=True):
            np.testing.assert_array_equal(ours, theirs, err_msg=name)
    assert loaded("甲乙丙丁", -100) == extractor("甲乙丙丁", -100)


def test_an_encoder_that_cannot_be_built_anew(tmp_path):
    class Unknown(keras.layers.Layer):
        def call(self, inputs):
            return inputs

        def get_config(self):
            raise NotImplementedError("no configuration")

    extractor = tiny_extractor(GPLinker(lstm_encoder(Unknown()), 3))
    with pytest.raises(ValueError, match=r"'lstm_encoder' \(no configuration\).*get_config"):
        extractor.save(tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_run_whose_encoder_has_a_layer_that_is_not_registered(tmp_path):
    extractor = tiny_extractor(GPLinker(lstm_encoder(Doubled(name="doubled")), 3))
    extractor.save(tmp_path)
    path = tmp_path / "config.json"
    path.write_text(path.read_text("utf-8").replace("Doubled", "Tripled"), "utf-8")
    with pytest.raises(
        InputError, match="First import the module that registers its custom layers"
    ):
        RelationExtractor.load(tmp_path)
