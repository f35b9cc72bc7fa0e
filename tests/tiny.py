"""Small models and batches, shared by several tests."""

import numpy as np

from gplinker_tf.backend import keras, tf
from gplinker_tf.comparison.variants import options_of
from gplinker_tf.models import MODELS, CasRel, CasRelTargets, GPLinker, settings_of

VOCABULARY_SIZE, HIDDEN, PREDICATES = 50, 16, 3


def tiny_encoder(seed=0, normalized=False):
    """Return embeddings with one dense layer; GPLinker takes any Keras model as an encoder."""
    keras.utils.set_random_seed(seed)
    token_ids = keras.Input([None], dtype="int32", name="token_ids")
    segment_ids = keras.Input([None], dtype="int32", name="segment_ids")
    tokens = keras.layers.Embedding(VOCABULARY_SIZE, HIDDEN, name="tokens")(token_ids)
    segments = keras.layers.Embedding(2, HIDDEN, name="segments")(segment_ids)
    hidden = keras.layers.Add(name="sum")([tokens, segments])
    hidden = keras.layers.Dense(HIDDEN, activation="tanh", name="dense")(hidden)
    if normalized:
        hidden = keras.layers.LayerNormalization(name="normalization")(hidden)
    return keras.Model([token_ids, segment_ids], hidden, name="tiny")


def tiny_model(pointer="efficient", seed=0):
    return GPLinker(tiny_encoder(seed), PREDICATES, pointer, head_size=8)


def tiny_variant(variant):
    """Return a model of `gplinker compare`, by its name there."""
    options = options_of(variant, {}, seed=0)
    model_class = MODELS[options.model.kind].model_class
    encoder = tiny_encoder(normalized=options.model.kind == "casrel")
    return model_class(encoder, PREDICATES, **settings_of(options.model))


def tiny_batch(seed=0, texts=4, length=9):
    """Return token ids with padding, segment ids, and positions of a few pairs per label."""
    rng = np.random.default_rng(seed)
    token_ids = rng.integers(1, VOCABULARY_SIZE, [texts, length]).astype("int32")
    token_ids[-1, length - 3 :] = 0
    labels = {}
    for name, count in (("entity", 2), ("head", PREDICATES), ("tail", PREDICATES)):
        pairs = np.sort(rng.integers(1, length - 4, [texts, count, 2, 2]), axis=-1)
        labels[name] = pairs.astype("int32")
    return (token_ids, np.zeros_like(token_ids)), labels


def as_dataset(inputs, labels, batch_size=2):
    return tf.data.Dataset.from_tensor_slices((inputs, labels)).batch(batch_size).repeat()


def tiny_casrel(seed=0):
    return CasRel(tiny_encoder(seed, normalized=True), PREDICATES)


def tiny_casrel_batch(seed=0, texts=4, length=9):
    """Like `tiny_batch`, but with CasRel's labels of `tiny_quintuples`."""
    rng = np.random.default_rng(seed)
    inputs, _ = tiny_batch(seed, texts, length)
    quintuples = tiny_quintuples(rng, texts, length)
    return inputs, CasRelTargets(PREDICATES)(quintuples, inputs[0], rng)


def tiny_quintuples(rng, texts, length):
    """Return two triples per text, none for the second text."""
    quintuples = []
    for _ in range(texts):
        spans = np.sort(rng.integers(1, length - 4, [2, 2, 2]), axis=-1)
        predicates = rng.integers(0, PREDICATES, [2, 1])
        quintuples.append(np.concatenate([spans[:, 0], predicates, spans[:, 1]], axis=1))
    quintuples[1] = quintuples[1][:0]
    return quintuples


def tiny_of_kind(kind, seed=0):
    return MODELS[kind].model_class(tiny_encoder(seed, kind == "casrel"), PREDICATES)


def tiny_batch_for(model, seed=0, texts=4, length=9):
    """Like `tiny_casrel_batch`, but with the labels of any model."""
    rng = np.random.default_rng(seed)
    inputs, _ = tiny_batch(seed, texts, length)
    return inputs, model.target_builder(tiny_quintuples(rng, texts, length), inputs[0], rng)
