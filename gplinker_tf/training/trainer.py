"""A complete training run: files in, a run folder out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from gplinker_tf.backend import keras
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.runs import expect_free
from gplinker_tf.training._strategy import is_chief, new_strategy
from gplinker_tf.training.options import TrainingOptions
from gplinker_tf.training.plan import prepare
from gplinker_tf.training.result import TrainingResult


def train(
    data: DataFolder | str | Path,
    encoder: EncoderFolder | str | Path,
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
    """Train a model, evaluate it after each epoch and keep the best one in a run folder.

    This calls `prepare`, which reads and checks all input before anything is written, then the
    plan's `fit`. Ctrl-C ends the run early and keeps the best model so far, or the current one if
    no epoch has ended. After any interruption, `resume` continues the run from a checkpoint of
    weights, optimizer, averages, position in the data and random numbers; with
    `options.deterministic`, the results are bit-identical to those of an uninterrupted run.

    Args:
        data: the folder with training texts, dev texts and the schema; `create_data_folder` makes
            one from lists or DataFrames.
        encoder: the encoder folder.
        output: the run folder; `RelationExtractor.load` reads it.
        options: the settings; the recipe chooses what they leave open, or everything if `None`.
        overwrite: replace the run in a folder that is not empty.
        progress: show progress bars.
        report: takes lines of text about the run.
        cache: a folder that keeps the tokenized texts for the next run, such as
            `default_cache_folder()`, or `None`.
        resume: continue the run in the folder, or start it if there is none yet.
        checkpoint_minutes: minutes between checkpoints; each epoch also ends with one.
        dry_run: report what would be trained, on what, in how much memory, and stop.
        strategy: `"single"`, one device; `"mirrored"`, all devices of this machine;
            `"multiworker"`, all devices of all machines in `TF_CONFIG`, of which only the first
            reports, evaluates and writes. A step learns the same from the same batch.
        callbacks: Keras callbacks, which run after the run's own. At the end of an epoch, their
            logs have the losses and the dev set scores: `val_f1`, `val_precision`, `val_recall`,
            and the same for exact matches, `val_exact_f1` and so on. With several workers, only
            the first runs them. An error in one ends the run; the best model so far is kept.

    Returns:
        The result, or `None` for a dry run.

    Raises:
        InputError: a file can't be used or has no triples, the output folder is not empty or used
            by another run, the run in it had other options, or the loss is not finite.

    Example:

        train("lic2019", "chinese_L-12_H-768_A-12", "run")
    """
    where = new_strategy(strategy, dry_run)
    if not is_chief(where):
        report(f"Another worker reports progress and writes {output}.")
        progress, report = False, _keep_silent
    elif not resume:
        expect_free(Path(output), overwrite, resume)
    plan = prepare(data, encoder, output, options, progress, report, cache, where)
    for line in plan.lines():
        report(line)
    if dry_run:
        report(f"{plan.memory_in_words()} Nothing was trained (dry run).")
        return None
    return plan.fit(overwrite, resume, progress, report, checkpoint_minutes, callbacks)


def _keep_silent(line: str) -> None:
    pass
