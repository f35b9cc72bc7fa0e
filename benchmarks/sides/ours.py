"""The work of this package."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.encoder_passes import passes_of
from benchmarks.inputs import SEED, padded_share, pointer_inputs, training_inputs, turn_of
from gplinker_tf import RelationExtractor, evaluate
from gplinker_tf.alignment import TripleAligner, read_labeled_texts
from gplinker_tf.backend import tf
from gplinker_tf.batching import TrainingBatches, ordered_batches, pad_batch
from gplinker_tf.comparison.variants import REFERENCE, options_of
from gplinker_tf.data import DataFolder, read_examples, read_schema
from gplinker_tf.encoders import ENCODERS, EncoderFolder, bert_from_config
from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer, PointerFactors, pointer_logits
from gplinker_tf.losses import (
    factorized_globalpointer_crossentropy,
    multihot_globalpointer_crossentropy,
    published_globalpointer_crossentropy,
)
from gplinker_tf.models import GPLinkerTargets
from gplinker_tf.precision import layers_compute_in
from gplinker_tf.structures import Schema
from gplinker_tf.training import AveragingAdam, TrainingOptions, TrainingPlan, prepare
from gplinker_tf.training.memory import NUMBERS_A_WEIGHT, estimate
from gplinker_tf.training.preparation import (
    new_extractor,
)

Works = dict[str, Callable[[int], Any]]


def _multihot(pairs: tf.Tensor, factors: PointerFactors, mask: tf.Tensor) -> tf.Tensor:
    return multihot_globalpointer_crossentropy(pairs, pointer_logits(factors, mask))


def _published(pairs: tf.Tensor, factors: PointerFactors, mask: tf.Tensor) -> tf.Tensor:
    return published_globalpointer_crossentropy(pairs, pointer_logits(factors, mask))


LOSSES = {
    "sparse": factorized_globalpointer_crossentropy,
    "multihot": _multihot,
    "published": _published,
}
LAYERS = {"efficient": EfficientGlobalPointer, "standard": GlobalPointer}


def pointer(
    kind: str, texts: int, length: int, labels: int, hidden_size: int, form: str = "sparse"
) -> Works:
    """Prepare a pointer layer and its loss, forward and backward; `form` is one of `LOSSES`."""
    loss_of = LOSSES[form]
    layer = LAYERS[kind](labels, 64, RoPE=False, tril_mask=False)
    layer.build([None, None, hidden_size])

    @tf.function
    def step(hidden, mask, pairs):
        with tf.GradientTape() as tape:
            tape.watch(hidden)
            loss = tf.reduce_mean(loss_of(pairs, layer.factors(hidden), mask))
        return loss, tape.gradient(loss, [hidden, *layer.trainable_weights])

    def work(length: int) -> Callable[[int], Any]:
        inputs = pointer_inputs(texts, length, labels, hidden_size)
        arrays = [tf.constant(inputs[name]) for name in ("hidden", "mask", "pairs")]
        return lambda turn: float(step(*arrays)[0])

    return {"step": work(length), "small": work(16)}


def training_step(
    encoder: str,
    predicates: int,
    precision: str = "float32",
    jit: bool = False,
    variant: str = REFERENCE,
) -> Works:
    """Prepare steps of a model and of its encoder alone: 16 texts of up to 128 tokens."""
    folder = EncoderFolder.open(encoder)
    settings = {"batch_size": 16, "max_length": 128, "averaging": None, "precision": precision}
    options = options_of(variant, settings, SEED)
    schema = Schema(tuple(("", f"predicate {number}", "") for number in range(predicates)))
    extractor = new_extractor(folder, schema, options)
    model = extractor.model
    with layers_compute_in(precision):
        bare = folder.build()
    inputs, quintuples = training_inputs(16, 128, predicates, folder.config()["vocab_size"])
    labels = model.target_builder(quintuples, inputs[0], np.random.default_rng(SEED))
    model.compile(AveragingAdam(1e-5, averaging=None), jit_compile=jit)
    model.optimizer.build(model.trainable_variables)
    optimizer = AveragingAdam(1e-5, averaging=None)
    optimizer.build(bare.trainable_variables)
    data = tf.nest.map_structure(tf.constant, (inputs, labels))

    @tf.function
    def whole():
        return model.train_step(data)["loss"]

    @tf.function
    def encoder_alone():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(bare(list(data[0]), training=True))
        gradients = tape.gradient(loss, bare.trainable_variables)
        optimizer.apply_gradients(zip(gradients, bare.trainable_variables, strict=True))
        return loss

    def estimated_mebibytes(turn: int) -> float:
        """Return the estimate of `--dry-run` for the memory that a step adds."""
        weights, activations = estimate(extractor, options)
        return (weights / NUMBERS_A_WEIGHT + activations) / 2**20  # a step adds the gradients

    return {
        "whole": lambda turn: float(whole()),
        "encoder": lambda turn: float(encoder_alone()),
        "estimate": estimated_mebibytes,
    }


def training(
    data: str, encoder: str, steps: int, model: str = "gplinker", precision: str = "float32"
) -> Works:
    """Prepare training steps on real texts, as in `gplinker train --batch-size 16`."""
    plan = _prepared(data, encoder, _script_options(model, precision))
    plan.compile()
    model = plan.extractor.model
    model.make_train_function()
    dataset = iter(plan.batches.dataset())

    def train(turn: int) -> None:
        for _ in range(steps):
            float(model.train_function(dataset)["loss"])

    return {"training": train}


def learning(
    data: str, encoder: str, encoder_layers: int, steps: int, sentences: int, model: str
) -> Works:
    """Prepare training steps with the default options of `gplinker train`, and F1 on dev texts."""
    options = TrainingOptions(model, encoder_layers=encoder_layers, seed=1)
    plan = _prepared(data, encoder, options)
    optimizer, extractor = plan.compile(), plan.extractor
    dev = read_examples(DataFolder.open(data).dev, limit=sentences)

    def learn(turn: int) -> None:
        extractor.model.fit(
            plan.batches, initial_epoch=turn, epochs=turn + 1, steps_per_epoch=steps, verbose=0
        )

    def f1(turn: int) -> float:
        with optimizer.averaged_weights():
            return evaluate(extractor, dev).tokenized.f1

    return {"learn": learn, "f1": f1}


def padding(data: str, encoder: str) -> Works:
    """Prepare the number of tokens in the first epoch's batches per token of text."""
    batches = _prepared(data, encoder, _script_options()).batches

    def share(turn: int) -> float:
        epoch = batches.dataset().take(len(batches))
        return padded_share(token_ids.numpy() for (token_ids, _), _ in epoch)

    return {"share": share}


def _prepared(
    data: str, encoder: str, options: TrainingOptions, pretrained: bool = True
) -> TrainingPlan:
    """Prepare a new model and its batches, as `gplinker train` does."""
    folders = DataFolder.open(data), EncoderFolder.open(encoder, weights_required=pretrained)
    return prepare(*folders, "run", options, progress=False)


def _script_options(model: str = "gplinker", precision: str = "float32") -> TrainingOptions:
    """Return the script's settings, but with batches of 16 texts and without weight averaging."""
    return TrainingOptions(
        model,
        batch_size=16,
        learning_rate=1e-4,
        precision=precision,
        seed=1,
        recipe="blog",
        averaging=None,
        deterministic=False,
    )


def extraction(run: str, data: str, sentences: int, encode_again: bool = False) -> Works:
    """Prepare extraction, the encoder's forward pass on the same batches, and a subject count.

    With `encode_again`, CasRel runs the encoder again for each subject, as in its script.
    """
    extractor = RelationExtractor.load(run)
    if encode_again:
        extractor.model.decode = partial(extractor.model.decode, encode_again=True)
    texts = [example.text for example in read_examples(DataFolder.open(data).dev)]
    ids = tf.TensorSpec([None, None], tf.int32)
    forward = tf.function(
        lambda *inputs: extractor.model.encoder(list(inputs), training=False),
        input_signature=[ids, ids],
    )

    def pieces(turn: int) -> list[str]:
        return turn_of(texts, turn, sentences)

    def batches(pieces: list[str]) -> list[tuple]:
        encodings = extractor.tokenizer.encode_batch(pieces, extractor.max_length)
        order = ordered_batches([len(encoding.token_ids) for encoding in encodings], 32)
        return [pad_batch([encodings[place] for place in batch]) for batch in order]

    # Made in advance for each distinct turn, so that the forward pass alone is timed.
    ready = [batches(pieces(turn)) for turn in range(len(texts) // sentences)]

    def encode(turn: int) -> None:
        for batch in ready[turn % len(ready)]:
            forward(*batch)

    def found(turn: int) -> int:
        return sum(len(extraction.triples) for extraction in extractor(pieces(turn)))

    def subjects(turn: int) -> float:
        """Return the mean number of subjects with a triple per text."""
        extractions = extractor(texts)
        counts = [len({triple.subject for triple in found.triples}) for found in extractions]
        return float(np.mean(counts))

    return {"extraction": found, "encoder": encode, "subjects": subjects}


def bert_base() -> Works:
    """Prepare inference with BERT base on 8 texts of 128 tokens."""
    model = bert_from_config(BERT_BASE)
    (token_ids, segment_ids), _ = training_inputs(8, 128, 1, BERT_BASE["vocab_size"])
    token_ids = tf.constant(token_ids)
    forward = tf.function(lambda: model([token_ids, tf.constant(segment_ids)], training=False))
    return {"forward": lambda turn: forward().numpy() is None}


BERT_BASE = {
    "vocab_size": 21128,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
}


def input_side(data: str, encoder: str) -> Works:
    """Prepare reading a file into the batches of an epoch, with an empty or a filled cache."""
    folder, source = DataFolder.open(data), EncoderFolder.open(encoder)
    schema = read_schema(folder.schema)
    filled = Path(tempfile.mkdtemp())

    def batches(cache: Path) -> int:
        from gplinker_tf.tokenizers import BertTokenizer

        tokenizer = BertTokenizer.from_vocab_file(source.vocab_path, source.lowercase)
        texts = read_labeled_texts(folder.train, TripleAligner(tokenizer, schema), cache=cache)
        epoch = TrainingBatches(texts, GPLinkerTargets(len(schema.predicates)), 16, seed=1)
        for _ in epoch.dataset().take(len(epoch)):
            pass
        return len(texts)

    batches(filled)
    return {
        "cold": lambda turn: batches(Path(tempfile.mkdtemp())),
        "warm": lambda turn: batches(filled),
    }


def trained_run(data: str, encoder: str, output: str, steps: int) -> Works:
    """Prepare a run folder, trained for just enough steps that few spans pass the threshold."""
    options = TrainingOptions(
        batch_size=16, learning_rate=3e-4, seed=1, recipe="blog", averaging=None
    )
    plan = _prepared(data, encoder, options, pretrained=False)
    plan.compile()

    def train(turn: int) -> None:
        plan.extractor.model.fit(plan.batches, steps_per_epoch=steps, verbose=0)
        plan.extractor.save(output)

    return {"train": train}


def error(kind: str, length: int) -> Works:
    """Prepare the largest error of loss and gradients over five seeds: ours / dense float32."""
    from tests.losses import test_factorized as reference

    def ratio(turn: int) -> float:
        errors = {"ours": 0.0, "dense": 0.0}
        for seed in range(5):
            scale = [100.0, 30.0, 10.0, 3.0, 1.0][seed]
            arrays = reference.make_factors(kind, seed, 2, length, 3, scale=scale / 8)
            labels = reference.make_labels(seed, 2, length, 3, [1, 40, 5, 10, 20][seed])
            mask = np.arange(length) < np.array([length, max(length - 1, 1)])[:, None]
            losses, gradients = reference.by_definition(arrays, labels, mask, False)
            forms = {"ours": [], "dense": [reference.dense_form]}
            for name, form in forms.items():
                got = reference.measured(arrays, labels, mask, False, *form)
                for value, right in zip([got[0], *got[1]], [losses, *gradients], strict=True):
                    off = np.abs(value - right).max() / max(np.abs(right).max(), 1.0)
                    errors[name] = max(errors[name], float(off))
        return errors["ours"] / max(errors["dense"], 1e-9)

    return {"error": ratio}


def encoders(families: dict[str, dict[str, Any]], texts: int, length: int) -> Works:
    """Prepare the forward pass and training step of an encoder of each family."""
    works: Works = {}
    for name, sizes in families.items():
        family = ENCODERS[name]
        model = family.build(family.config.from_dict(sizes)).model
        works |= passes_of(name, model, sizes["vocab_size"], texts, length)
    return works
