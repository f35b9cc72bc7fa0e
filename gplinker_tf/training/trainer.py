"""A whole training run: files in, a run folder out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gplinker_tf.backend import keras, tf
from gplinker_tf.data import (
    LIC2019Folder,
    PairLabelBuilder,
    TrainingBatches,
    bucket_length,
    read_examples,
    read_labelled_texts,
    read_schema,
)
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import CONFIG, VOCABULARY, WEIGHTS, RelationExtractor
from gplinker_tf.models import GPLinker
from gplinker_tf.precision import layers_compute_in
from gplinker_tf.structures import Schema
from gplinker_tf.tokenizers import BertTokenizer
from gplinker_tf.training.epoch_evaluation import CURVES, HISTORY, PREDICTIONS, EpochEvaluation
from gplinker_tf.training.finite_guard import FiniteGuard
from gplinker_tf.training.optimizer import AveragingAdam
from gplinker_tf.training.options import TrainingOptions
from gplinker_tf.training.progress import ProgressBar

RUN_FILES = (CONFIG, VOCABULARY, WEIGHTS, HISTORY, CURVES, PREDICTIONS)

#: Time constants after which the averaged weights have caught up: the script's 5,000 steps.
CATCH_UP = 5


@dataclass(frozen=True)
class TrainingResult:
    """How a run ended.

    Args:
        folder: the run folder, with the best model.
        best: the record of the best epoch, or `None` where no epoch ended.
        records: the records of all epochs.
        interrupted: the user stopped it.
    """

    folder: Path
    best: dict[str, Any] | None
    records: list[dict[str, Any]]
    interrupted: bool


def train(
    data: LIC2019Folder,
    encoder: EncoderFolder,
    output: str | Path,
    options: TrainingOptions | None = None,
    overwrite: bool = False,
    progress: bool = True,
    report: Callable[[str], None] = print,
    cache: Path | None = None,
) -> TrainingResult:
    """Trains a GPLinker, evaluates it after each epoch and keeps the best in a run folder.

    All input is read and checked before anything is written. Ctrl-C ends the run early; the best
    model so far stays, and where no epoch has ended the model as it is.

    Args:
        data: the folder with lines to train on, lines to evaluate on and the schema.
        encoder: the folder of the encoder.
        output: the run folder; `RelationExtractor.load` reads it.
        options: the settings, or `None` for the blog's.
        overwrite: replace the run in a folder that is not empty.
        progress: show progress bars.
        report: takes lines of text about the run.
        cache: a folder that keeps the tokenised texts for the next run, as
            `default_cache_folder()`, or `None`.

    Returns:
        How it ended.

    Raises:
        InputError: a file can't be used, the output folder is not empty, or the loss is not finite.
    """
    options = options or TrainingOptions()
    output = Path(output)
    _expect_free(output, overwrite)
    schema = read_schema(data.schema)
    held_back = read_examples(data.dev, schema, options.dev_limit)

    keras.utils.set_random_seed(options.seed)
    extractor = new_extractor(encoder, schema, options)
    batches = training_batches(extractor, data.train, options, cache, progress)
    _announce(extractor, batches, len(held_back), options, report)
    _clear(output)
    optimizer = AveragingAdam(options.learning_rate, averaging=options.averaging)
    extractor.model.compile(optimizer, jit_compile=options.jit)
    guard = FiniteGuard(batches)
    evaluation = EpochEvaluation(extractor, optimizer, held_back, output, report, progress)
    bars = [ProgressBar(options.epochs, len(batches))] if progress else []
    interrupted = _fit(extractor.model, batches, options, [*bars, guard, evaluation])
    if interrupted or guard.failure:
        evaluation.save_if_none_is()
    if guard.failure:
        raise InputError(
            f"{data.train}: {guard.failure}. Look at these lines, or lower the learning rate. "
            f"The last good model is in {output}."
        )
    return TrainingResult(output, evaluation.best, evaluation.records, interrupted)


def _expect_free(output: Path, overwrite: bool) -> None:
    if output.exists() and not output.is_dir():
        raise InputError(f"Expected a folder to write to. Received: {output}, which is a file.")
    if output.is_dir() and any(output.iterdir()) and not overwrite:
        raise InputError(
            f"Expected an empty or a new folder. Received: {output}, which is not empty. "
            "Name another one, or replace the run in it with --overwrite (overwrite=True)."
        )


def _announce(
    extractor: RelationExtractor,
    batches: TrainingBatches,
    held_back: int,
    options: TrainingOptions,
    report: Callable[[str], None],
) -> None:
    """Says what will be trained on what, and whether it can go well."""
    parameters = sum(int(np.prod(weight.shape)) for weight in extractor.model.trainable_weights)
    devices = [device.name for device in tf.config.list_logical_devices("GPU")] or ["the CPU"]
    report(
        f"{len(batches.texts):,} texts to train on, {held_back:,} held back, "
        f"{len(extractor.schema.predicates)} predicates, {parameters:,} parameters, "
        f"on {', '.join(devices)}"
    )
    steps = options.epochs * len(batches)
    if options.averaging and steps < CATCH_UP / (1 - options.averaging):
        report(
            f"The averaged weights are far behind after {steps:,} steps with a momentum of "
            f"{options.averaging}: with so few, train without averaging (--no-averaging)."
        )


def _clear(output: Path) -> None:
    """Removes an earlier run's files and no others."""
    output.mkdir(parents=True, exist_ok=True)
    for name in RUN_FILES:
        (output / name).unlink(missing_ok=True)


def new_extractor(
    folder: EncoderFolder, schema: Schema, options: TrainingOptions
) -> RelationExtractor:
    """An untrained model on the encoder of a folder, with its tokenizer.

    Raises:
        InputError: the folder's parts do not fit together, or the texts are too long for it.
    """
    config = folder.config(options.encoder_layers)
    if bucket_length(options.max_length) > config["max_position"]:
        raise InputError(
            f"Expected at most the {config['max_position']} positions that {folder.config_path} "
            f"has. Received: max_length={options.max_length}."
        )
    tokenizer = BertTokenizer.from_vocab_file(folder.vocab_path, folder.lowercase)
    with layers_compute_in(options.precision):
        encoder = folder.build(options.encoder_layers)
        model = GPLinker(encoder, len(schema.predicates), options.pointer, options.head_size)
    return RelationExtractor(model, tokenizer, schema, options.max_length, config)


def training_batches(
    extractor: RelationExtractor,
    path: Path,
    options: TrainingOptions,
    cache: Path | None,
    progress: bool,
) -> TrainingBatches:
    """The lines of a file, tokenised and labelled, in batches."""
    builder = PairLabelBuilder(extractor.tokenizer, extractor.schema, options.max_length)
    texts = read_labelled_texts(path, builder, options.limit, cache, progress)
    return TrainingBatches(
        texts, len(extractor.schema.predicates), options.batch_size, options.seed
    )


def _fit(
    model: GPLinker,
    batches: TrainingBatches,
    options: TrainingOptions,
    callbacks: list[keras.callbacks.Callback],
) -> bool:
    """Trains; returns whether the user interrupted."""
    try:
        model.fit(
            batches.dataset(),
            epochs=options.epochs,
            steps_per_epoch=len(batches),
            callbacks=callbacks,
            shuffle=False,  # the batches come in the seed's order
            verbose=0,
        )
    except KeyboardInterrupt:
        return True
    finally:
        for callback in callbacks:
            if isinstance(callback, ProgressBar):
                callback.close()
    return False
