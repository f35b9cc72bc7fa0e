"""The whole state of a training run as a file; nothing here needs Keras."""

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

#: What reading a damaged checkpoint raises.
DAMAGE = (SafetensorError, OSError, ValueError, KeyError, TypeError)

#: Checkpoints of a run that stay: the newest, and the one before it.
KEPT = 2


@dataclass(frozen=True)
class Checkpoint:
    """A run at the end of a step.

    Args:
        arrays: the value of each variable by name, as `training_variables` names them.
        notes: what else the run must know, as JSON holds it: `step`, how many were taken, `keras`,
            the generation, and what the trainer adds.

    Example:

    >>> Checkpoint({"entity/0": np.zeros([8, 64])}, {"step": 100, "keras": "3"})
    Checkpoint(1 array, step 100)
    """

    arrays: dict[str, np.ndarray]
    notes: dict[str, Any]

    def __repr__(self) -> str:
        return f"Checkpoint({counted(len(self.arrays), 'array')}, step {self.notes.get('step')})"


def write_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Writes `step-N.safetensors`, whole or not at all, and removes all but the newest two.

    Args:
        folder: where it is written; it is made if need be.
        checkpoint: what `take_checkpoint` gave.

    Raises:
        OSError: the disk is full; the checkpoints that were there still are.

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
    """Removes all checkpoints but the newest whole one, by which the run can be continued.

    Where none is whole, nothing is removed.

    Args:
        folder: where they are; it need not exist.

    Returns:
        The bytes of the one that stays, 0 where none is whole.

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
    """The newest whole checkpoint of a folder, or `None` where there is none.

    Args:
        folder: where they are; it need not exist.

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
            continue  # one that another program damaged; the one before it is whole
    return None


def _is_whole(path: Path) -> bool:
    """Whether a checkpoint opens: its length and its notes are as they were written."""
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
