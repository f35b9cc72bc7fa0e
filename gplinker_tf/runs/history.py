"""The history of a run: one JSON line per epoch, and a picture of the curves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.data import open_text
from gplinker_tf.errors import InputError
from gplinker_tf.extras import is_there

PART = "_loss"

SCORES = ("precision", "recall", "f1")

#: The learning rate at the end of an epoch.
RATE = "learning_rate"

#: Entries of an epoch's record that must be numbers, besides the losses of parts.
EPOCH_FIGURES = ("loss", *SCORES, RATE)


def loss_names(record: dict[str, Any]) -> list[str]:
    """Return the names of the losses in a record: the total first, then its parts.

    Args:
        record: the record of an epoch.

    Example:

    >>> loss_names({"epoch": 1, "subject_loss": 0.2, "loss": 0.5, "object_loss": 0.3})
    ['loss', 'subject_loss', 'object_loss']
    """
    return ["loss", *loss_parts(record)]


def best_epoch(records: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the best epoch's record, or `None`; of equals the later, as in the original script.

    Args:
        records: one record per epoch.

    Example:

    >>> best_epoch([{"epoch": 1, "f1": 0.5}, {"epoch": 2, "f1": 0.5}])["epoch"]
    2
    """
    return max(records, key=lambda record: (record["f1"], record["epoch"]), default=None)


def loss_in_words(loss: float) -> str:
    """Format a loss with two decimals, or a small one with two significant digits.

    Args:
        loss: the loss.

    Returns:
        The formatted loss.

    Example:

    >>> loss_in_words(94.861), loss_in_words(0.01234)
    ('94.86', '0.012')
    """
    return f"{loss:.2f}" if loss >= 0.1 else f"{loss:.2g}"


def write_epochs(path: Path, records: Sequence[dict[str, Any]]) -> None:
    """Write the records of all epochs as JSON lines.

    Args:
        path: the file; an existing one is replaced only when the new one is complete.
        records: one record per epoch.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "history.jsonl"
    >>> write_epochs(path, [{"epoch": 1, "loss": 2.5, "f1": 0.5}])
    >>> path.read_text("utf-8")
    '{"epoch": 1, "loss": 2.5, "f1": 0.5}\\n'
    """
    with whole_file(path) as unfinished:
        lines = (json.dumps(record) + "\n" for record in records)
        unfinished.write_text("".join(lines), encoding="utf-8")


def draw_curves(path: Path, records: Sequence[dict[str, Any]]) -> None:
    """Draw losses and scores over the epochs, if matplotlib is installed.

    Args:
        path: the PNG file to write.
        records: one record per epoch, at least one.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "curves.png"
    >>> scores = {"precision": 0.5, "recall": 0.5, "f1": 0.5}
    >>> draw_curves(path, [{"epoch": 1, "loss": 2.5, **scores}])
    >>> path.is_file() == is_there("matplotlib")
    True
    """
    if not is_there("matplotlib"):
        return
    from matplotlib.figure import Figure

    epochs = [record["epoch"] for record in records]
    # Drawn after every epoch: an automatic layout would take most of the time.
    figure = Figure(figsize=(10, 4))
    figure.subplots_adjust(left=0.075, right=0.985, bottom=0.12, top=0.92, wspace=0.14)
    left, right = figure.subplots(1, 2)
    for name in loss_names(records[-1]):
        left.plot(epochs, [record[name] for record in records], marker="o", label=name)
    for name in SCORES:
        right.plot(epochs, [record[name] for record in records], marker="o", label=name)
    left.set(title="Training loss", xlabel="epoch", yscale="log")
    right.set(title="Dev set, tokenized match", xlabel="epoch", ylim=(0, 1))
    for axes in (left, right):
        axes.legend(frameon=False)
        axes.grid(alpha=0.3)
        axes.xaxis.get_major_locator().set_params(integer=True)
    with whole_file(path) as unfinished:
        figure.savefig(unfinished, format="png", dpi=120)


def loss_parts(record: dict[str, Any]) -> list[str]:
    """Return the keys under which a record has the losses of a model's parts.

    Args:
        record: the record of an epoch.

    Example:

    >>> loss_parts({"epoch": 1, "loss": 0.5, "subject_loss": 0.2, "object_loss": 0.3})
    ['subject_loss', 'object_loss']
    """
    return [key for key in record if key.endswith(PART)]


def read_history(path: str | Path) -> tuple[dict[str, Any], ...]:
    """Return the records of a run's epochs; none if there is no such file.

    Args:
        path: a file that `write_epochs` wrote; it need not exist.

    Raises:
        InputError: a line is not a record.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "history.jsonl"
    >>> read_history(path)
    ()
    >>> write_epochs(path, [{"epoch": 1, "loss": 2.5, "f1": 0.5}])
    >>> read_history(path)
    ({'epoch': 1, 'loss': 2.5, 'f1': 0.5},)
    """
    if not Path(path).is_file():
        return ()
    return tuple(
        _record(line, f"{path}:{number}")
        for number, line in enumerate(open_text(path), start=1)
        if line.strip()
    )


def _record(line: str, place: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
        numbers: Sequence[Any] = [
            record["epoch"],
            *(record.get(key) for key in (*EPOCH_FIGURES, *loss_parts(record))),
        ]
        received = "a value that is not a number"
        sound = all(isinstance(number, int | float | None) for number in numbers)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        sound, received = False, f"{type(error).__name__}: {error}"
    if not sound:
        raise InputError(
            f"{place}: expected the record of an epoch as a JSON object. Received: {received}. "
            "Remove the line; the report does not need it."
        )
    return record
