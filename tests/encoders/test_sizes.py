"""Encoders report the configuration that they were built from; other models report none."""

import json

import pytest
from tiny import tiny_encoder

from gplinker_tf.backend import keras
from gplinker_tf.encoders import (
    BertConfig,
    bert_from_config,
    build_transformer_model,
    encoder_from_config,
)
from gplinker_tf.encoders import config_of_encoder as config_of

CONFIG = {
    "family": "bert",
    **BertConfig(11, 8, 2, 2, 6, "relu", 0.2, 0.3, 17, 3, 1e-7).to_dict(),
}


@pytest.mark.parametrize("rate", [0.0, 0.2])
def test_the_configuration_comes_back(rate):
    config = CONFIG | {"dropout_rate": rate}
    assert config_of(bert_from_config(config)) == config
    assert (
        config_of(build_transformer_model(**{n: v for n, v in config.items() if n != "family"}))
        == config
    )


def test_it_survives_saving_and_cloning(tmp_path):
    encoder = bert_from_config(CONFIG)
    encoder.save(tmp_path / "encoder.keras")
    assert config_of(keras.models.load_model(tmp_path / "encoder.keras")) == CONFIG
    assert config_of(keras.models.clone_model(encoder)) == CONFIG


def test_a_model_that_is_more_or_less_has_keras_own():
    encoder = bert_from_config(CONFIG)
    inputs, hidden = encoder.inputs, encoder.outputs[0]
    for output in (
        encoder.layers[-2].output,
        keras.layers.Activation("tanh")(hidden),
        [hidden, encoder.layers[-2].output],
    ):
        assert list(config_of(keras.Model(inputs, output))) == ["keras"]
    built = encoder_from_config(json.loads(json.dumps(config_of(tiny_encoder()))))
    assert [layer.name for layer in built.layers] == [la.name for la in tiny_encoder().layers]
    assert built.count_params() == tiny_encoder().count_params()
