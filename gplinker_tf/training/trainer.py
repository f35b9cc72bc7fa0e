"""A whole training run: files in, a run folder out."""

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
    """Trains a model, evaluates it after each epoch and keeps the best in a run folder.

    It is `prepare(...)`, which reads and checks all input before anything is written, and the
    plan's `fit`. Ctrl-C ends the run early; the best model so far stays, and where no epoch has
    ended the model as it is. Whatever ended it, it goes on with `resume`, from a checkpoint of
    weights, optimizer, averages, place in the data and random numbers; with `options.deterministic`
    it ends as if undisturbed, bit for bit.

    Args:
        data: the folder with texts to train on, texts to evaluate on and the schema;
            `create_data_folder` makes one from lists or DataFrames.
        encoder: the folder of the encoder.
        output: the run folder; `RelationExtractor.load` reads it.
        options: the settings; what they leave open, or all with `None`, the recipe chooses.
        overwrite: replace the run in a folder that is not empty.
        progress: show progress bars.
        report: takes lines of text about the run.
        cache: a folder that keeps the tokenized texts for the next run, as
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
