"""Checkpoints: the complete state of a training run in a file; nothing here needs Keras."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from gplinker_tf._atomic_write import whole_file
from gplinker_tf._counted import counted

NAME = re.compile(r"step-(\d+)\.safetensors")

#: Exceptions raised by reading a damaged checkpoint.
DAMAGE = (SafetensorError, OSError, ValueError, KeyError, TypeError)

#: Number of checkpoints that a run keeps: the newest and the one before it.
KEPT = 2


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run at the end of a step.

    Args:
        arrays: the value of each variable by name, as `training_variables` names them.
        notes: the rest of the state, as JSON values: `step`, the number of steps so far, `keras`,
            the Keras generation, and what the trainer adds.

    Example:

    >>> Checkpoint({"entity/0": np.zeros([8, 64])}, {"step": 100, "keras": "3"})
    Checkpoint(1 array, step 100)
    """

    arrays: dict[str, np.ndarray]
    notes: dict[str, Any]

    def __repr__(self) -> str:
        return f"Checkpoint({counted(len(self.arrays), 'array')}, step {self.notes.get('step')})"


def write_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write `step-N.safetensors` atomically, and remove all but the newest two.

    Args:
        folder: the folder to write to; it is created if needed.
        checkpoint: the result of `take_checkpoint`.

    Raises:
        OSError: the disk is full; existing checkpoints are kept.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "checkpoints"
    >>> for step in (10, 20, 30):
    ...     write_checkpoint(folder, Checkpoint({"entity/0": np.zeros([8, 64])}, {"step": step}))
    >>> sorted(path.name for path in folder.iterdir())
    ['step-00000020.safetensors', 'step-00000030.safetensors']
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"step-{checkpoint.notes['step']:08d}.safetensors"
    with whole_file(path) as unfinished:
        unfinished.write_bytes(save(checkpoint.arrays, {"notes": json.dumps(checkpoint.notes)}))
    for old in _newest_first(folder)[KEPT:]:
        old.unlink(missing_ok=True)


def keep_newest_checkpoint(folder: Path) -> int:
    """Remove all checkpoints but the newest intact one, from which the run can be continued.

    If none is intact, nothing is removed.

    Args:
        folder: the folder of the checkpoints; it need not exist.

    Returns:
        The size of the remaining checkpoint in bytes, or 0 if none is intact.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for step in (10, 20):
    ...     write_checkpoint(folder, Checkpoint({"entity/0": np.zeros([8, 64])}, {"step": step}))
    >>> keep_newest_checkpoint(folder) > 8 * 64, [path.name for path in folder.iterdir()]
    (True, ['step-00000020.safetensors'])
    """
    found = _newest_first(folder)
    kept = next((path for path in found if _is_whole(path)), None)
    if kept is None:
        return 0
    for path in found:
        if path != kept:
            path.unlink(missing_ok=True)
    return kept.stat().st_size


def read_newest_checkpoint(folder: Path) -> Checkpoint | None:
    """Return the newest intact checkpoint in a folder, or `None` if there is none.

    Args:
        folder: the folder of the checkpoints; it need not exist.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_checkpoint(folder, Checkpoint({"entity/0": np.zeros([8, 64])}, {"step": 10}))
    >>> _ = (folder / "step-00000020.safetensors").write_bytes(b"damaged")
    >>> read_newest_checkpoint(folder)
    Checkpoint(1 array, step 10)
    """
    for path in _newest_first(folder):
        try:
            with safe_open(path, framework="np") as file:
                notes = json.loads(file.metadata()["notes"])
                names = list(file.keys())
                return Checkpoint({name: file.get_tensor(name) for name in names}, notes)
        except DAMAGE:
            continue  # damaged by another program; the one before it may be intact
    return None


def _is_whole(path: Path) -> bool:
    """Return whether a checkpoint opens, which it does if its length and notes are intact."""
    try:
        with safe_open(path, framework="np") as file:
            json.loads(file.metadata()["notes"])
    except DAMAGE:
        return False
    return True


def _newest_first(folder: Path) -> list[Path]:
    found = folder.iterdir() if folder.is_dir() else ()
    numbered = [(int(match[1]), path) for path in found if (match := NAME.fullmatch(path.name))]
    return [path for _, path in sorted(numbered, reverse=True)]
