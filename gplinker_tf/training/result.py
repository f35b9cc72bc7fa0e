"""The result of a training run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gplinker_tf._html import html_line
from gplinker_tf._reprs import shortened_path
from gplinker_tf._tabular import Table, Tabular
from gplinker_tf.errors import InputError
from gplinker_tf.runs import HISTORY, best_epoch, read_history

#: What a notebook shows of an epoch, besides its losses.
SHOWN = ("epoch", "precision", "recall", "f1", "exact_f1", "raw_f1", "training_seconds")


@dataclass(frozen=True)
class TrainingResult(Tabular):
    """The result of a run; `to_dataframe` and a notebook show its epochs.

    Args:
        folder: the run folder, with the best model.
        best: the record of the best epoch, or `None` if no epoch has ended.
        records: the records of all epochs; with several workers, only the first one has them.
        interrupted: whether the user stopped the run.

    Example:

    >>> records = [{"epoch": 1, "f1": 0.4}, {"epoch": 2, "f1": 0.5}]
    >>> TrainingResult(Path("run"), records[1], records, interrupted=False)
    TrainingResult('run', best F1 0.5000 in epoch 2 of 2)
    """

    folder: Path
    best: dict[str, Any] | None
    records: list[dict[str, Any]]
    interrupted: bool

    @classmethod
    def open(cls, folder: str | Path) -> TrainingResult:
        """Return the result of an earlier run, from its folder.

        Args:
            folder: the run folder. A run that is still training, or was interrupted, has the
                epochs that have ended.

        Raises:
            InputError: the folder does not exist, or no epoch has ended in it.

        Example, with a run folder that `gplinker train` wrote:

            TrainingResult.open("run").to_dataframe()
        """
        records = list(read_history(Path(folder) / HISTORY))
        if not records:
            raise InputError(
                f"{folder}: expected a run folder with a {HISTORY}. Received: no folder, or one "
                "in which no epoch has ended."
            )
        return cls(Path(folder), best_epoch(records), records, interrupted=False)

    def _table(self) -> Table:
        columns = list(dict.fromkeys(key for record in self.records for key in record))
        return Table(columns, [[record.get(key) for key in columns] for record in self.records])

    def _shown_table(self) -> Table:
        columns, rows = self._table()
        shown = [name for name in columns if name in SHOWN or name.endswith("loss")]
        places = [columns.index(name) for name in shown]
        return Table(shown, [[row[place] for place in places] for row in rows])

    def _heading(self) -> str:
        more = "Interrupted: run the plan's fit again, or train with resume=True, to continue."
        return super()._heading() + (html_line(more) if self.interrupted else "")

    def __repr__(self) -> str:
        if self.best is None:
            best = "no epoch ended"
        else:
            epochs = len(self.records)
            best = f"best F1 {self.best['f1']:.4f} in epoch {self.best['epoch']} of {epochs}"
        interrupted = ", interrupted" if self.interrupted else ""
        return f"TrainingResult({shortened_path(self.folder)}, {best}{interrupted})"
