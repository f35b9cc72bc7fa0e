"""Conversion of models that bert4keras's GPLinker script saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from gplinker_tf.bert4keras.models import build_transformer_model
from gplinker_tf.bert4keras.saved_layer import SavedLayer, fill_layers
from gplinker_tf.bert4keras.saved_weights import read_saved_weights
from gplinker_tf.bert4keras.transformer import Transformer
from gplinker_tf.data import read_schema
from gplinker_tf.encoders import ENCODERS, Encoder, EncoderFolder
from gplinker_tf.encoders.checkpoints.names import google_name
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.models import GPLinker
from gplinker_tf.tokenizers import BertTokenizer


def extractor_from_bert4keras(
    weights: str | Path,
    config: str | Path,
    schema: str | Path,
    vocab: str | Path,
    max_length: int = 128,
    lowercase: bool = True,
    encoder_layers: int | None = None,
    encoder_family: str | None = None,
) -> RelationExtractor:
    """Return the extractor for a saved model whose outputs are the script's three pointers.

    Args:
        weights: the file of `model.save_weights`, HDF5 under any name, or a TensorFlow checkpoint.
        config: `bert_config.json` of the encoder.
        schema: the predicates in the order of training, such as `all_50_schemas`.
        vocab: `vocab.txt`.
        max_length: maximum number of tokens, the script's `maxlen`.
        lowercase: the tokenizer's `do_lower_case`.
        encoder_layers: number of encoder blocks, if fewer than in the configuration.
        encoder_family: the script's `model=` in `build_transformer_model`, if the configuration
            does not name the family.

    Raises:
        InputError: a file is missing or invalid, or the weights do not fit; the message names the
            first layer that differs.
    """
    saved = read_saved_weights(weights)
    folder = EncoderFolder(Path(config), Path(vocab), None, lowercase, encoder_family)
    encoder_config = folder.config(encoder_layers)
    predicates = read_schema(schema)
    pointers = saved[-3:]
    pointer, head_size = _kind_of(pointers, weights)
    encoder = _encoder_of(encoder_config)
    model = GPLinker(encoder.model, len(predicates.predicates), pointer, head_size)
    # The file has the layers of the script's model in the same order.
    of_script = _transformer_of(encoder_config)
    layers = [layer for layer in of_script.model.layers if layer.weights]
    layers += [model.entity, model.head, model.tail]
    constants = _constants_of(of_script, encoder)
    fill_layers(layers, [*saved[:-3], *map(_with_biases, pointers)], weights)
    _expect_same(constants, _constants_of(of_script, encoder), weights)
    _copy_weights(of_script, encoder)
    tokenizer = BertTokenizer.from_vocab_file(vocab, lowercase)
    if tokenizer.vocab_size != encoder_config["vocab_size"]:
        raise InputError(
            f"{vocab}: expected {encoder_config['vocab_size']} tokens, as in the configuration. "
            f"Received: {tokenizer.vocab_size}. Use the vocabulary of the encoder."
        )
    return RelationExtractor(model, tokenizer, predicates, max_length, encoder_config)


def _encoder_of(config: dict[str, Any]) -> Encoder:
    family = ENCODERS[config["family"]]
    encoder: Encoder = family.build(family.config.from_dict(config), name="encoder")
    return encoder


def _transformer_of(config: dict[str, Any]) -> Transformer:
    """Return the script's encoder, built from bert4keras's layers."""
    sizes = {name: value for name, value in config.items() if name != "family"}
    transformer: Transformer = build_transformer_model(
        model=config["family"], return_keras_model=False, **sizes
    )
    return transformer


def _constants_of(transformer: Transformer, encoder: Encoder) -> dict[str, Any]:
    """Return the tables that bert4keras stores but encoders compute: NEZHA's distance vectors."""
    stored = {layer.name: layer for layer in transformer.model.layers if layer.weights}
    return {name: stored[name].get_weights()[0] for name in stored.keys() - encoder.tensor_names()}


def _expect_same(expected: dict[str, Any], found: dict[str, Any], path: str | Path) -> None:
    for name, array in expected.items():
        if not np.allclose(found[name], array, atol=1e-3):
            raise InputError(
                f"{path}: Expected the constants of {name!r} that bert4keras makes. Received: "
                "other values. Such a model cannot be converted to a run folder; load it with "
                "gplinker_tf.bert4keras."
            )


def _copy_weights(transformer: Transformer, encoder: Encoder) -> None:
    """Copy the weights of bert4keras's layers to an encoder's layers of the same names."""
    stored: dict[str, dict[str, Any]] = {}
    for layer, _, weight, tensor in transformer.filled():
        stored.setdefault(layer.name, {})[google_name(tensor)] = weight
    for name, tensors in encoder.tensor_names().items():
        weights = encoder.layers[name].weights
        for weight, tensor in zip(weights, tensors, strict=True):
            weight.assign(stored[name][tensor])


def _kind_of(pointers: list[SavedLayer], path: str | Path) -> tuple[str, int]:
    """Return the pointer type and the head size of the entity layer, which has two labels."""
    kernels = [array for array in pointers[0].arrays if array.ndim == 2] if pointers else []
    if len(pointers) == 3 and len(kernels) == 1 and kernels[0].shape[1] % 4 == 0:
        return "standard", kernels[0].shape[1] // 4
    if len(pointers) == 3 and len(kernels) == 2 and kernels[1].shape[1] == 4:
        return "efficient", kernels[0].shape[1] // 2
    raise InputError(
        f"{path}: expected a GlobalPointer or an EfficientGlobalPointer with two labels as the "
        f"third-last layer. Received: weights of shapes {[array.shape for array in kernels]}. "
        "Is it a model of the GPLinker script?"
    )


def _with_biases(pointer: SavedLayer) -> SavedLayer:
    """Add zero biases to a pointer that was built with `use_bias=False`."""
    if any(array.ndim == 1 for array in pointer.arrays):
        return pointer
    return pointer._replace(
        arrays=[a for k in pointer.arrays for a in (k, np.zeros(k.shape[1], k.dtype))]
    )
