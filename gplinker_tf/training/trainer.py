"""A whole training run: files in, a run folder out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from gplinker_tf.alignment import StatusCounts, read_labelled_texts
from gplinker_tf.backend import keras, tf
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.counted import counted
from gplinker_tf.data import DataFolder, check_data, read_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.metrics import Evaluation
from gplinker_tf.reprs import shortened_path
from gplinker_tf.runs import (
    CHECKPOINTS,
    HISTORY,
    Checkpoint,
    clear,
    expect_free,
    expect_same_run,
    lock_folder,
    read_history,
    read_newest_checkpoint,
    restore_checkpoint,
    run_config,
    write_run_config,
)
from gplinker_tf.training.checkpoint_keeper import CheckpointKeeper
from gplinker_tf.training.epoch_evaluation import EpochEvaluation
from gplinker_tf.training.fitting import fit_to_the_end
from gplinker_tf.training.memory import memory_line
from gplinker_tf.training.options import BEFORE, ON_ONE_MACHINE, SettledOptions, TrainingOptions
from gplinker_tf.training.preparation import (
    new_aligner,
    new_extractor,
    new_optimizer,
    perfect_evaluation,
    training_batches,
)
from gplinker_tf.training.progress import ProgressBar
from gplinker_tf.training.strategy import (
    StopWithTheChief,
    expect_text_for_each_replica,
    from_chief,
    in_words,
    is_chief,
    new_strategy,
    workers_together,
)
from gplinker_tf.training.terminate_on_non_finite import TerminateOnNonFinite
from gplinker_tf.training.users_callbacks import UsersCallbacks

#: Steps below which hardly anything is found; docs/training.md has the measurements.
FEW_STEPS = 150


@dataclass(frozen=True)
class TrainingResult:
    """How a run ended.

    Args:
        folder: the run folder, with the best model.
        best: the record of the best epoch, or `None` where no epoch ended.
        records: the records of all epochs; of several workers the first alone has them.
        interrupted: the user stopped it.
    """

    folder: Path
    best: dict[str, Any] | None
    records: list[dict[str, Any]]
    interrupted: bool

    def __repr__(self) -> str:
        if self.best is None:
            best = "no epoch ended"
        else:
            epochs = len(self.records)
            best = f"best F1 {self.best['f1']:.4f} in epoch {self.best['epoch']} of {epochs}"
        interrupted = ", interrupted" if self.interrupted else ""
        return f"TrainingResult({shortened_path(self.folder)}, {best}{interrupted})"


def train(
    data: DataFolder,
    encoder: EncoderFolder,
    output: str | Path,
    options: TrainingOptions | None = None,
    overwrite: bool = False,
    progress: bool = True,
    report: Callable[[str], None] = print,
    cache: Path | None = None,
    resume: bool = False,
    checkpoint_minutes: float = 10.0,
    dry_run: bool = False,
    strategy: str = "single",
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> TrainingResult | None:
    """Trains a model, evaluates it after each epoch and keeps the best in a run folder.

    All input is read and checked before anything is written. Ctrl-C ends the run early; the best
    model so far stays, and where no epoch has ended the model as it is. Whatever ended it, it goes
    on with `resume`, from a checkpoint of weights, optimiser, averages, place in the data and
    random numbers; with `options.deterministic` it ends as if undisturbed, bit for bit.

    Args:
        data: the folder with texts to train on, texts to evaluate on and the schema.
        encoder: the folder of the encoder.
        output: the run folder; `RelationExtractor.load` reads it.
        options: the settings; what they leave open, or all with `None`, the recipe chooses.
        overwrite: replace the run in a folder that is not empty.
        progress: show progress bars.
        report: takes lines of text about the run.
        cache: a folder that keeps the tokenised texts for the next run, as
            `default_cache_folder()`, or `None`.
        resume: go on with the run in the folder; where there is none yet, begin it.
        checkpoint_minutes: between two checkpoints; there is one at each epoch's end too.
        dry_run: report what would be trained on what and in how much memory, and write nothing.
        strategy: where it is trained: `"single"`, on one device; `"mirrored"`, on all of this
            machine; `"multiworker"`, on those of all machines in `TF_CONFIG`, of which the first
            alone reports, evaluates and writes. A step learns the same from the same batch.
        callbacks: Keras callbacks, which run after the run's own. At an epoch's end their logs
            have the losses, and scores of the dev set: `val_f1`, `val_precision`, `val_recall` and
            the same of exact matches, `val_exact_f1` and so on. Of several workers the first
            alone has them. An error in one ends the run; the best model so far stays.

    Returns:
        How it ended, or `None` from a dry run.

    Raises:
        InputError: a file can't be used or has no triple, the output folder is not empty or
            another run's, the run in it had other options, or the loss is not finite.
    """
    options = options or TrainingOptions()
    output = Path(output)
    distribution = new_strategy(strategy, dry_run)
    chief = is_chief(distribution)
    if not chief:
        report(f"Another worker reports, and writes {output}.")
        progress, report = False, _keep_silent
    elif not resume:
        expect_free(output, overwrite, resume)
    if options.deterministic:
        tf.config.experimental.enable_op_determinism()
    schema = data.read_schema(report)
    held_back = read_examples(data.dev, schema, options.dev_limit)
    count, warnings = check_data(data.train, data.dev, schema, options.limit, options.dev_limit)
    for warning in warnings:
        report(warning)
    hidden_size = encoder.config()["hidden_size"]
    options = options.for_data(count, hidden_size, encoder.checkpoint_path is not None)
    expect_text_for_each_replica(distribution, options.batch_size)
    aligner = new_aligner(encoder, schema, options)
    texts, dev_texts = (
        read_labelled_texts(path, aligner, limit, cache, progress)
        for path, limit in ((data.train, options.limit), (data.dev, options.dev_limit))
    )
    config = run_config(data, encoder, options.flat())

    keras.utils.set_random_seed(options.seed)
    with distribution.scope():
        extractor = new_extractor(encoder, schema, options)
    batches = training_batches(texts, extractor.model, options)
    _announce(extractor, batches, len(held_back), options, report)
    ceiling = perfect_evaluation(extractor.model, aligner, held_back, dev_texts)
    assert texts.statuses is not None, "whoever reads counts"
    _announce_labels(extractor.model.kind, texts.statuses, ceiling, report)
    if dry_run:
        report(memory_line(extractor, options))
        return None
    with distribution.scope():
        optimizer = new_optimizer(extractor.model, options, options.epochs * len(batches))
        extractor.model.compile(
            optimizer,
            jit_compile=options.jit,
            accumulation=options.accumulation,
            adversarial=options.adversarial,
        )
    with lock_folder(output) if chief else nullcontext(), workers_together(distribution):
        checkpoint = _checkpoint_to_resume(output, config, report) if resume else None
        _expect_the_chiefs_step(distribution, checkpoint, output)
        if checkpoint is None:
            records, seconds = [], 0.0
        else:
            restore_checkpoint(extractor.model, checkpoint)
            records, seconds = checkpoint.notes["records"], checkpoint.notes["seconds"]
            if strategy in ON_ONE_MACHINE:
                records = _evaluated_epochs(output, checkpoint, len(batches)) or records
        if not chief:
            return _follow(extractor, batches, options, len(records), output, data.train)
        if checkpoint is None:
            expect_free(output, overwrite, resume)
            clear(output)
        write_run_config(output, config)
        evaluation = EpochEvaluation(
            extractor, optimizer, held_back, output, report, progress, records, options.patience
        )
        evaluation.spent = seconds
        keeper = CheckpointKeeper(
            output / CHECKPOINTS, checkpoint_minutes, lambda: _notes(evaluation), report
        )
        users = UsersCallbacks(callbacks, extractor.model, options.epochs, len(batches))
        return _run(extractor, batches, options, evaluation, keeper, users, data.train, progress)


def _run(
    extractor: RelationExtractor,
    batches: TrainingBatches,
    options: SettledOptions,
    evaluation: EpochEvaluation,
    keeper: CheckpointKeeper,
    users: UsersCallbacks,
    path: Path,
    progress: bool,
) -> TrainingResult:
    """Trains to the end, to Ctrl-C or to a loss that is not finite."""
    guard = TerminateOnNonFinite(batches)
    bars = [ProgressBar(options.epochs, len(batches))] if progress else []
    interrupted = False
    keeper.set_model(extractor.model)
    try:
        # A checkpoint comes before the evaluation, so that what is evaluated is never lost.
        evaluating = [evaluation, users, StopWithTheChief()]
        callbacks = [*bars, guard, keeper, *evaluating]
        evaluated = len(evaluation.records)
        users.begin_run()
        if not evaluation.out_of_patience:
            fit_to_the_end(
                extractor.model, batches, options.epochs, evaluated, evaluating, callbacks
            )
    except KeyboardInterrupt:
        interrupted = True
        keeper.keep_when_interrupted()
    finally:
        for bar in bars:
            bar.close()
    users.end_run()
    if not interrupted and not guard.failure:
        keeper.close()
    if interrupted or guard.failure:
        evaluation.save_if_none_is()
    _expect_finite(guard, path, evaluation.folder)
    return TrainingResult(evaluation.folder, evaluation.best, evaluation.records, interrupted)


def _follow(
    extractor: RelationExtractor,
    batches: TrainingBatches,
    options: SettledOptions,
    evaluated: int,
    output: Path,
    path: Path,
) -> TrainingResult:
    """Trains as the chief does, whose are the rest and the run folder."""
    guard, end = TerminateOnNonFinite(batches), StopWithTheChief()
    fit_to_the_end(extractor.model, batches, options.epochs, evaluated, [end], [guard, end])
    _expect_finite(guard, path, output)
    return TrainingResult(output, None, [], interrupted=False)


def _expect_finite(guard: TerminateOnNonFinite, path: Path, folder: Path) -> None:
    if guard.failure:
        raise InputError(
            f"{path}: {guard.failure}. Lower --learning-rate (learning_rate), or look at these "
            f"lines. The best model so far is in {folder}."
        )


def _expect_the_chiefs_step(
    distribution: tf.distribute.Strategy, checkpoint: Checkpoint | None, output: Path
) -> None:
    """Check that all workers go on from the same checkpoint."""
    step = 0 if checkpoint is None else checkpoint.notes["step"]
    chiefs = int(from_chief(distribution, step))
    if step != chiefs:
        raise InputError(
            f"Expected the run folder as the first worker has it, at step {chiefs:,}. Received: "
            f"{output}, at step {step:,}. Share the folder among the machines, or copy it."
        )


def _keep_silent(line: str) -> None:
    pass


def _notes(evaluation: EpochEvaluation) -> dict[str, Any]:
    """What a checkpoint holds beside variables."""
    return {"records": evaluation.records, "seconds": evaluation.seconds}


def _checkpoint_to_resume(
    output: Path, config: dict[str, Any], report: Callable[[str], None]
) -> Checkpoint | None:
    expect_same_run(output, config, BEFORE)
    checkpoint = read_newest_checkpoint(output / CHECKPOINTS)
    if checkpoint is None:
        report(f"There is no checkpoint in {output} yet: training begins.")
    else:
        report(f"Resumed at step {checkpoint.notes['step']:,}.")
    return checkpoint


def _evaluated_epochs(
    output: Path, checkpoint: Checkpoint, steps: int
) -> list[dict[str, Any]] | None:
    """The records of all epochs that had ended, where the last was evaluated after the checkpoint.

    A checkpoint comes before the evaluation of its epoch, so it does not know whether that ended.
    """
    ended, within = divmod(checkpoint.notes["step"], steps)
    records = list(read_history(output / HISTORY))
    return records if not within and len(records) == ended else None


def _announce(
    extractor: RelationExtractor,
    batches: TrainingBatches,
    held_back: int,
    options: SettledOptions,
    report: Callable[[str], None],
) -> None:
    """Says what will be trained on what, and whether it can go well."""
    parameters = sum(int(np.prod(weight.shape)) for weight in extractor.model.trainable_weights)
    devices = in_words(extractor.model.distribute_strategy)
    report(
        f"{counted(len(batches.texts), 'text')} to train on, {held_back:,} to evaluate on, "
        f"{counted(len(extractor.schema.predicates), 'predicate')}, {parameters:,} parameters, "
        f"{counted(options.epochs * len(batches), 'step')}, on {devices}"
    )
    report(options.in_words())
    if options.epochs * len(batches) < FEW_STEPS:
        epochs = ceil(FEW_STEPS / len(batches))
        steps = counted(options.epochs * len(batches), "step")
        report(
            f"{steps} will hardly teach a new model anything: "
            f"F1 will be near 0. Train for --epochs {epochs} (epochs={epochs}) or more."
        )


def _announce_labels(
    model: str, train: StatusCounts, dev: Evaluation, report: Callable[[str], None]
) -> None:
    """Says how much of the annotation can be learned, and how much of it found at best."""
    lost = f"{train.lost:,} of {train.annotated:,} triples to train on can't be learned"
    causes = f": {train.lost_in_words()}" if train.lost else ""
    best, spurious = dev.tokenised, dev.tokenised.found - dev.tokenised.correct
    found = f"{best.recall:.2%} of the triples of dev ({dev.exact.recall:.2%} exact)"
    if spurious:
        found += f" and {spurious:,} that nobody annotated, for an F1 of {best.f1:.2%}"
    report(
        f"{lost}{causes}; {model}'s perfect scores would find {found}. "
        f"gplinker audit --model {model} shows which"
    )
