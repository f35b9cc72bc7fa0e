"""The record of a run: a JSON line an epoch, and the curves as a picture."""

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

#: The learning rate as an epoch ends.
RATE = "learning_rate"

#: Of all that a run records of an epoch, what readers take for numbers, beside losses of parts.
EPOCH_FIGURES = ("loss", *SCORES, RATE)


def loss_names(record: dict[str, Any]) -> list[str]:
    """The losses in a record: the whole first, then its parts.

    Args:
        record: an epoch's.

    Example:

    >>> loss_names({"epoch": 1, "subject_loss": 0.2, "loss": 0.5, "object_loss": 0.3})
    ['loss', 'subject_loss', 'object_loss']
    """
    return ["loss", *loss_parts(record)]


def best_epoch(records: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The record whose model is kept, or `None` of none: as in the script, the later of equals.

    Args:
        records: one of each epoch.

    Example:

    >>> best_epoch([{"epoch": 1, "f1": 0.5}, {"epoch": 2, "f1": 0.5}])["epoch"]
    2
    """
    return max(records, key=lambda record: (record["f1"], record["epoch"]), default=None)


def loss_in_words(loss: float) -> str:
    """A loss with two decimals, a small one with two digits.

    Args:
        loss: the number.

    Returns:
        Its digits.

    Example:

    >>> loss_in_words(94.861), loss_in_words(0.01234)
    ('94.86', '0.012')
    """
    return f"{loss:.2f}" if loss >= 0.1 else f"{loss:.2g}"


def write_epochs(path: Path, records: Sequence[dict[str, Any]]) -> None:
    """Writes the records of all epochs as JSON lines.

    Args:
        path: the file; an old one stays until the new one is whole.
        records: one of each epoch.

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
    """Draws losses and scores over the epochs, where matplotlib is there to draw.

    Args:
        path: the PNG to write.
        records: one of each epoch; there is one at least.

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
    # After every epoch: a layout that matplotlib finds by itself would take most of the time.
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
    """The keys under which a record holds losses of a model's parts.

    Args:
        record: an epoch's.

    Example:

    >>> loss_parts({"epoch": 1, "loss": 0.5, "subject_loss": 0.2, "object_loss": 0.3})
    ['subject_loss', 'object_loss']
    """
    return [key for key in record if key.endswith(PART)]


def read_history(path: str | Path) -> tuple[dict[str, Any], ...]:
    """The records of a run's epochs; none where the run keeps none.

    Args:
        path: a file that `write_epochs` wrote; it need not exist.

    Raises:
        InputError: a line is no record.

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
        received = "another type in place of a number"
        sound = all(isinstance(number, int | float | None) for number in numbers)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        sound, received = False, f"{type(error).__name__}: {error}"
    if not sound:
        raise InputError(
            f"{place}: expected the record of an epoch as a JSON object. Received: {received}. "
            "Remove the line; the report does not need it."
        )
    return record
