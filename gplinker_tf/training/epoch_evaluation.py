"""Evaluation after each epoch: it uses averaged weights, keeps the best model and a record."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gplinker_tf._counted import counted
from gplinker_tf.backend import keras, learning_rate_of
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.metrics import Evaluation, ScoreCounts, evaluate_triples
from gplinker_tf.runs import (
    CURVES,
    HISTORY,
    PREDICTIONS,
    RATE,
    best_epoch,
    draw_curves,
    loss_in_words,
    loss_names,
    write_epochs,
    write_predictions,
)
from gplinker_tf.structures import Example, Extraction
from gplinker_tf.training.collapse import COLLAPSED, has_collapsed
from gplinker_tf.training.optimizer import AveragingAdam

MARKS_EVERYTHING = (
    "The model marks nearly everything, and hardly any of it is right: it has not learned yet. It "
    "needs more epochs, or --initial-score -7 (initial_score), which --recipe auto chooses."
)


class EpochEvaluation(keras.callbacks.Callback):
    """A callback that evaluates the model and saves it if its tokenized F1 is the best so far.

    With averaging, it also evaluates the weights without it, so that a lagging average shows.
    Callbacks after this one find the scores in their logs, as `val_f1` and so on.

    Args:
        extractor: the model in training, with its tokenizer and schema.
        optimizer: the optimizer in use, which holds the averaged weights.
        examples: the dev texts.
        folder: the run folder.
        report: called with a line of text for each epoch.
        progress: show a progress bar while evaluating.
        records: the records of earlier epochs, if the run is resumed.
        patience: the number of epochs without a better F1 after which training ends, or `None`.

    Attributes:
        records: one record per epoch.
        spent: training time of the current epoch before the run was resumed, in seconds.

    Example, with the model and the texts of a plan that `prepare` made:

        model, optimizer = plan.extractor.model, AveragingAdam(0.001)
        model.compile(optimizer)
        evaluation = EpochEvaluation(
            plan.extractor, optimizer, plan.dev, Path("run"), report=print, progress=True)
        batches = plan.batches
        model.fit(batches.dataset(), steps_per_epoch=len(batches), callbacks=[evaluation])
    """

    def __init__(
        self,
        extractor: RelationExtractor,
        optimizer: AveragingAdam,
        examples: Sequence[Example],
        folder: Path,
        report: Callable[[str], None],
        progress: bool,
        records: Sequence[dict[str, Any]] = (),
        patience: int | None = None,
    ) -> None:
        super().__init__()
        self.extractor = extractor
        self.optimizer = optimizer
        self.examples = examples
        self._texts = [example.text for example in examples]
        self.folder = folder
        self.report = report
        self.progress = progress
        self.records = list(records)
        self.patience = patience
        self.spent = 0.0
        self._told: set[str] = set()
        self._began = time.perf_counter()

    @property
    def best(self) -> dict[str, Any] | None:
        """The record of the best epoch so far."""
        return best_epoch(self.records)

    @property
    def out_of_patience(self) -> bool:
        """Whether too many epochs have ended without a better F1."""
        best = self.best
        if not self.patience or best is None:
            return False
        return self.records[-1]["epoch"] - best["epoch"] >= self.patience

    @property
    def seconds(self) -> float:
        """Training time of the current epoch."""
        return self.spent + time.perf_counter() - self._began

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if logs.get("nonfinite"):
            return
        trained, began = self.seconds, time.perf_counter()
        raw = self._evaluate()[1] if self.optimizer.averaging else None
        with self.optimizer.averaged_weights():
            extractions, evaluation = self._evaluate()
            losses = ("loss", *(f"{part}_loss" for part in self.extractor.model.loss_parts))
            record = {
                "epoch": epoch + 1,
                **{name: float(logs[name]) for name in losses},
                **scores_of(evaluation),
                **({} if raw is None else {"raw_f1": raw.tokenized.f1}),
                RATE: learning_rate_of(self.optimizer),
                "training_seconds": round(trained, 2),
                "evaluation_seconds": round(time.perf_counter() - began, 2),
            }
            records = [*self.records, record]
            self._save(records, extractions)
        # The callbacks after this one get the same dict.
        logs |= {f"val_{name}": value for name, value in scores_of(evaluation).items()}
        self.report(self._line(record))
        self._advise(evaluation.tokenized)
        if self.out_of_patience:
            self.model.stop_training = True
            self.report(f"No better F1 in {self.patience} epochs: training stops.")

    def _advise(self, counts: ScoreCounts) -> None:
        """Report what is wrong with a model that finds nothing, or everything; once for each."""
        if not counts.found and has_collapsed(self.extractor, self._texts):
            self._tell(COLLAPSED)
        elif counts.of_a_model_that_marks_everything:
            self._tell(MARKS_EVERYTHING)

    def _tell(self, advice: str) -> None:
        if advice not in self._told:
            self.report(advice)
            self._told.add(advice)

    def _save(self, records: list[dict[str, Any]], extractions: list[Extraction]) -> None:
        """Write the records of all epochs, and the model if the last epoch is the best."""
        try:
            if best_epoch(records) is records[-1]:
                self.extractor.save(self.folder)
                self._write_predictions(extractions)
            write_epochs(self.folder / HISTORY, records)
            # Only now: a checkpoint must not count an epoch whose model has not been saved.
            self.records, self.spent = records, 0.0
            draw_curves(self.folder / CURVES, records)
        except OSError as error:
            raise InputError(
                f"{self.folder}: epoch {records[-1]['epoch']} cannot be saved "
                f"({error.strerror}). Free some space and continue with --resume (resume=True)."
            ) from error

    def save_if_none_is(self) -> None:
        """Save the model as it is, if no epoch has ended yet."""
        if self.best is None:
            with self.optimizer.averaged_weights():
                self.extractor.save(self.folder)

    def _evaluate(self) -> tuple[list[Extraction], Evaluation]:
        with warnings.catch_warnings():
            # The epoch's line reports how many triples it finds, even if not all are listed.
            warnings.filterwarnings("ignore", "The model finds .* triples in one text", UserWarning)
            extractions = self.extractor(self._texts, progress=self.progress)
        tokenize = self.extractor.tokenizer.tokenize
        return extractions, evaluate_triples(self.examples, extractions, tokenize)

    def _write_predictions(self, extractions: list[Extraction]) -> None:
        tokenize = self.extractor.tokenizer.tokenize
        write_predictions(self.folder / PREDICTIONS, self.examples, extractions, tokenize)

    def _line(self, record: dict[str, Any]) -> str:
        loss, *names = loss_names(record)
        parts = ", ".join(f"{name[:-5]} {loss_in_words(record[name])}" for name in names)
        best = self.best or record
        raw = f", without averaging {record['raw_f1']:.4f}" if "raw_f1" in record else ""
        return (
            f"epoch {record['epoch']}: loss {loss_in_words(record[loss])} ({parts}), "
            f"{counted(record['found'], 'triple')} found of {record['gold']:,}, "
            f"precision {record['precision']:.4f}, recall {record['recall']:.4f}, "
            f"F1 {record['f1']:.4f} (exact {record['exact_f1']:.4f}{raw}), "
            f"best F1 {best['f1']:.4f} in epoch {best['epoch']}"
        )


def scores_of(evaluation: Evaluation) -> dict[str, float]:
    """Return the scores for a record, by name."""
    tokenized, exact = evaluation.tokenized, evaluation.exact
    return {
        "precision": tokenized.precision,
        "recall": tokenized.recall,
        "f1": tokenized.f1,
        "exact_precision": exact.precision,
        "exact_recall": exact.recall,
        "exact_f1": exact.f1,
        "found": tokenized.found,
        "gold": tokenized.annotated,
    }
