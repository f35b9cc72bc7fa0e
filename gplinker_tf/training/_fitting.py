"""Training of a plan, from a new model or a checkpoint to the end of the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.errors import InputError
from gplinker_tf.extras import is_there, way_to
from gplinker_tf.runs import (
    CHECKPOINTS,
    CURVES,
    HISTORY,
    Checkpoint,
    clear,
    expect_free,
    expect_same_run,
    lock_folder,
    read_history,
    read_newest_checkpoint,
    restore_checkpoint,
    write_run_config,
)
from gplinker_tf.training._checkpoint_keeper import CheckpointKeeper
from gplinker_tf.training._keras_fit import fit_to_the_end
from gplinker_tf.training._strategy import (
    StopWithTheChief,
    from_chief,
    is_chief,
    of_several_workers,
    workers_together,
)
from gplinker_tf.training._tuned_threshold import tune_best_model
from gplinker_tf.training._users_callbacks import UsersCallbacks
from gplinker_tf.training.epoch_evaluation import EpochEvaluation
from gplinker_tf.training.options import BEFORE
from gplinker_tf.training.progress import ProgressBar
from gplinker_tf.training.result import TrainingResult
from gplinker_tf.training.terminate_on_non_finite import TerminateOnNonFinite

if TYPE_CHECKING:
    from gplinker_tf.training.plan import TrainingPlan


def fit(
    plan: TrainingPlan,
    overwrite: bool,
    resume: bool,
    progress: bool,
    report: Callable[[str], None],
    checkpoint_minutes: float,
    callbacks: Sequence[keras.callbacks.Callback],
) -> TrainingResult:
    """Train a plan; `TrainingPlan.fit` documents the arguments."""
    output, options, model = plan.output, plan.options, plan.extractor.model
    chief = is_chief(plan.strategy)
    optimizer = plan.compile()
    with lock_folder(output) if chief else nullcontext(), workers_together(plan.strategy):
        checkpoint = _checkpoint_to_resume(output, plan.config, report) if resume else None
        _expect_the_chiefs_step(plan.strategy, checkpoint, output)
        if checkpoint is None:
            records, seconds = [], 0.0
        else:
            restore_checkpoint(model, checkpoint)
            records, seconds = checkpoint.notes["records"], checkpoint.notes["seconds"]
            if not of_several_workers(plan.strategy):
                records = _evaluated_epochs(output, checkpoint, len(plan.batches)) or records
        if not chief:
            return _follow(plan, len(records))
        if checkpoint is None:
            expect_free(output, overwrite, resume)
            clear(output)
        write_run_config(output, plan.config)
        evaluation = EpochEvaluation(
            plan.extractor,
            optimizer,
            plan.dev,
            output,
            report,
            progress,
            records,
            options.patience,
        )
        evaluation.spent = seconds
        keeper = CheckpointKeeper(
            output / CHECKPOINTS, checkpoint_minutes, lambda: _notes(evaluation), report
        )
        if not is_there("matplotlib"):
            report(
                f"{CURVES} will not be drawn: matplotlib is not installed; {way_to('matplotlib')}."
            )
        users = UsersCallbacks(callbacks, model, options.epochs, len(plan.batches))
        plan._begun.append(True)
        result = _run(plan, evaluation, keeper, users, progress)
        if options.tune == "dev" and result.best and not result.interrupted:
            tune_best_model(plan.extractor, plan.dev, output, report, progress)
        return result


def _run(
    plan: TrainingPlan,
    evaluation: EpochEvaluation,
    keeper: CheckpointKeeper,
    users: UsersCallbacks,
    progress: bool,
) -> TrainingResult:
    """Train to the end, until Ctrl-C, or until the loss is not finite."""
    model, batches, epochs = plan.extractor.model, plan.batches, plan.options.epochs
    guard = TerminateOnNonFinite(batches)
    bars = [ProgressBar(epochs, len(batches))] if progress else []
    interrupted = False
    keeper.set_model(model)
    try:
        # A checkpoint is written before the evaluation, so that what is evaluated is never lost.
        evaluating = [evaluation, users, StopWithTheChief()]
        callbacks = [*bars, guard, keeper, *evaluating]
        evaluated = len(evaluation.records)
        users.begin_run()
        if not evaluation.out_of_patience:
            fit_to_the_end(model, batches, epochs, evaluated, evaluating, callbacks)
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
    _expect_finite(guard, plan)
    return TrainingResult(plan.output, evaluation.best, evaluation.records, interrupted)


def _follow(plan: TrainingPlan, evaluated: int) -> TrainingResult:
    """Train along with the chief, which does everything else and writes the run folder."""
    guard, end = TerminateOnNonFinite(plan.batches), StopWithTheChief()
    model, epochs = plan.extractor.model, plan.options.epochs
    fit_to_the_end(model, plan.batches, epochs, evaluated, [end], [guard, end])
    _expect_finite(guard, plan)
    return TrainingResult(plan.output, None, [], interrupted=False)


def _expect_finite(guard: TerminateOnNonFinite, plan: TrainingPlan) -> None:
    if guard.failure:
        raise InputError(
            f"{plan.train_path}: {guard.failure}. Lower --learning-rate (learning_rate), or "
            f"check these lines. The best model so far is in {plan.output}."
        )


def _expect_the_chiefs_step(
    strategy: tf.distribute.Strategy, checkpoint: Checkpoint | None, output: Path
) -> None:
    """Check that all workers continue from the same checkpoint."""
    step = 0 if checkpoint is None else checkpoint.notes["step"]
    chiefs = int(from_chief(strategy, step))
    if step != chiefs:
        raise InputError(
            f"Expected the run folder of the first worker, at step {chiefs:,}. Received: "
            f"{output}, at step {step:,}. Share the folder among the machines, or copy it."
        )


def _notes(evaluation: EpochEvaluation) -> dict[str, Any]:
    """Return what a checkpoint contains besides variables."""
    return {"records": evaluation.records, "seconds": evaluation.seconds}


def _checkpoint_to_resume(
    output: Path, config: dict[str, Any], report: Callable[[str], None]
) -> Checkpoint | None:
    expect_same_run(output, config, BEFORE)
    checkpoint = read_newest_checkpoint(output / CHECKPOINTS)
    if checkpoint is None:
        report(f"No checkpoint in {output} yet: training starts from the beginning.")
    else:
        report(f"Resumed at step {checkpoint.notes['step']:,}.")
    return checkpoint


def _evaluated_epochs(
    output: Path, checkpoint: Checkpoint, steps: int
) -> list[dict[str, Any]] | None:
    """Return the records of all ended epochs, if the last was evaluated after the checkpoint.

    A checkpoint is written before its epoch is evaluated, so it does not know whether that ended.
    """
    ended, within = divmod(checkpoint.notes["step"], steps)
    records = list(read_history(output / HISTORY))
    return records if not within and len(records) == ended else None
