"""A model that bert4keras's GPLinker script saved, as a run folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gplinker_tf.bert4keras.saved_weights import SavedLayer, fill_layers, read_saved_weights
from gplinker_tf.data import read_schema
from gplinker_tf.encoders import BertConfig, bert_from_config
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
) -> RelationExtractor:
    """The extractor of a model whose outputs are the script's three pointers.

    Args:
        weights: what `model.save_weights` wrote: HDF5 under any name, or a TensorFlow checkpoint.
        config: `bert_config.json` of its encoder.
        schema: the predicates, as `all_50_schemas`, in the order of training.
        vocab: `vocab.txt`.
        max_length: tokens that are read, the script's `maxlen`.
        lowercase: the tokenizer's `do_lower_case`.
        encoder_layers: blocks of the encoder, where fewer than the configuration's were built.

    Raises:
        InputError: a file is no such thing, or the weights do not fit; the message names the first
            layer that differs.
    """
    saved = read_saved_weights(weights)
    sizes = {} if encoder_layers is None else {"num_hidden_layers": encoder_layers}
    encoder_config = BertConfig.from_json(config, **sizes).to_dict()
    predicates = read_schema(schema)
    pointers = saved[-3:]
    pointer, head_size = _kind_of(pointers, weights)
    encoder = bert_from_config(encoder_config)
    model = GPLinker(encoder, len(predicates.predicates), pointer, head_size)
    layers = [layer for layer in model.encoder.layers if layer.weights]
    layers += [model.entity, model.head, model.tail]
    fill_layers(layers, [*saved[:-3], *map(_with_biases, pointers)], weights)
    tokenizer = BertTokenizer.from_vocab_file(vocab, lowercase)
    if tokenizer.vocab_size != encoder_config["vocab_size"]:
        raise InputError(
            f"{vocab}: expected {encoder_config['vocab_size']} tokens, as in the configuration. "
            f"Received: {tokenizer.vocab_size}. Use the vocabulary of the encoder."
        )
    return RelationExtractor(model, tokenizer, predicates, max_length, encoder_config)


def _kind_of(pointers: list[SavedLayer], path: str | Path) -> tuple[str, int]:
    """Which pointer the entity layer, of two labels, is; and its head size."""
    kernels = [array for array in pointers[0].arrays if array.ndim == 2] if pointers else []
    if len(pointers) == 3 and len(kernels) == 1 and kernels[0].shape[1] % 4 == 0:
        return "standard", kernels[0].shape[1] // 4
    if len(pointers) == 3 and len(kernels) == 2 and kernels[1].shape[1] == 4:
        return "efficient", kernels[0].shape[1] // 2
    raise InputError(
        f"{path}: expected a GlobalPointer or an EfficientGlobalPointer of two labels as the "
        f"third-last layer. Received: weights of {[array.shape for array in kernels]}. Is it a "
        "model of the GPLinker script?"
    )


def _with_biases(pointer: SavedLayer) -> SavedLayer:
    """Adds the zero biases of a pointer that was built with `use_bias=False`."""
    if any(array.ndim == 1 for array in pointer.arrays):
        return pointer
    return pointer._replace(
        arrays=[a for k in pointer.arrays for a in (k, np.zeros(k.shape[1], k.dtype))]
    )
