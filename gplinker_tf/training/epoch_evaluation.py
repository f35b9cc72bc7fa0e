"""After each epoch: evaluate with averaged weights, keep the best model, write the record."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.metrics import Evaluation, evaluate_triples, write_predictions
from gplinker_tf.structures import Example, Extraction
from gplinker_tf.training.history import LOSSES, append_epoch, draw_curves
from gplinker_tf.training.optimizer import AveragingAdam

HISTORY, CURVES, PREDICTIONS = "history.jsonl", "curves.png", "dev_pred.json"


class EpochEvaluation(keras.callbacks.Callback):
    """Evaluates, and saves the model whenever its tokenised F1 is the best so far.

    Args:
        extractor: the model in training, with its tokenizer and schema.
        optimizer: the optimiser in use, which holds the averaged weights.
        examples: held-back lines.
        folder: the run folder.
        report: takes one line of text an epoch.
        progress: show a bar while evaluating.

    Attributes:
        best: the record of the best epoch, or `None`.
        records: one for each epoch.
    """

    def __init__(
        self,
        extractor: RelationExtractor,
        optimizer: AveragingAdam,
        examples: Sequence[Example],
        folder: Path,
        report: Callable[[str], None],
        progress: bool,
    ) -> None:
        super().__init__()
        self.extractor = extractor
        self.optimizer = optimizer
        self.examples = examples
        self.folder = folder
        self.report = report
        self.progress = progress
        self.records: list[dict[str, Any]] = []
        self.best: dict[str, Any] | None = None
        self._began = 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if logs.get("nonfinite"):
            return
        trained = time.perf_counter()
        with self.optimizer.averaged_weights():
            extractions, evaluation = self._evaluate()
            record = {
                "epoch": epoch + 1,
                **{name: float(logs[name]) for name in LOSSES},
                **_scores(evaluation),
                "training_seconds": round(trained - self._began, 2),
                "evaluation_seconds": round(time.perf_counter() - trained, 2),
            }
            # As in the script, the later of two equal epochs is the better one.
            if self.best is None or record["f1"] >= self.best["f1"]:
                self.best = record
                self.extractor.save(self.folder)
                self._write_predictions(extractions)
        self.records.append(record)
        self.report(self._line(record))
        append_epoch(self.folder / HISTORY, record)
        draw_curves(self.folder / CURVES, self.records)

    def save_if_none_is(self) -> None:
        """Saves the model as it is, where no epoch has ended yet."""
        if self.best is None:
            with self.optimizer.averaged_weights():
                self.extractor.save(self.folder)

    def _evaluate(self) -> tuple[list[Extraction], Evaluation]:
        texts = [example.text for example in self.examples]
        extractions = self.extractor(texts, progress=self.progress)
        tokenize = self.extractor.tokenizer.tokenize
        return extractions, evaluate_triples(self.examples, extractions, tokenize)

    def _write_predictions(self, extractions: list[Extraction]) -> None:
        tokenize = self.extractor.tokenizer.tokenize
        write_predictions(self.folder / PREDICTIONS, self.examples, extractions, tokenize)

    def _line(self, record: dict[str, Any]) -> str:
        parts = ", ".join(f"{name[:-5]} {record[name]:.2f}" for name in LOSSES[1:])
        return (
            f"epoch {record['epoch']}: loss {record['loss']:.2f} ({parts}), "
            f"precision {record['precision']:.4f}, recall {record['recall']:.4f}, "
            f"F1 {record['f1']:.4f} (exact {record['exact_f1']:.4f}), "
            f"best F1 {self.best['f1']:.4f} in epoch {self.best['epoch']}"
        )


def _scores(evaluation: Evaluation) -> dict[str, float]:
    tokenised, exact = evaluation.tokenised, evaluation.exact
    return {
        "precision": tokenised.precision,
        "recall": tokenised.recall,
        "f1": tokenised.f1,
        "exact_precision": exact.precision,
        "exact_recall": exact.recall,
        "exact_f1": exact.f1,
    }
