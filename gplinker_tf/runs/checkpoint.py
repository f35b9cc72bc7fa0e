"""The whole state of a training run as one file, from which it goes on as if undisturbed."""

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
from gplinker_tf.backend import KERAS_3, resource_of, steps_taken
from gplinker_tf.encoders import RandomSeeds
from gplinker_tf.errors import InputError
from gplinker_tf.models import RelationModel, named_weights

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


def training_variables(model: RelationModel) -> dict[str, Any]:
    """Every variable that training changes, by name.

    Weights, the optimizer's moments and averages and its count of steps, the loss of the epoch so
    far, the loss scale, and where dropout is in its random numbers.

    Args:
        model: a compiled model whose optimizer is built.
    """
    metrics = [variable for metric in model.metrics for variable in metric.variables]
    scale = model.loss_scale.variables if model.loss_scale else []
    return {
        **named_weights(model),
        **_numbered("optimizer", list(model.optimizer.variables)),
        **_numbered("metrics", metrics),
        **_numbered("loss_scale", scale),
        **_numbered("random", [seeds.state for seeds in RandomSeeds.within(model.encoder)]),
    }


def _numbered(prefix: str, variables: list[Any]) -> dict[str, Any]:
    return {f"{prefix}/{number}": variable for number, variable in enumerate(variables)}


def take_checkpoint(model: RelationModel, notes: dict[str, Any]) -> Checkpoint:
    """The present state of a model in training.

    Args:
        model: a compiled model whose optimizer is built.
        notes: what else the run must know, as JSON holds it; `step` and `keras` are added.

    Example:

    >>> from gplinker_tf.encoders import bert_from_config
    >>> from gplinker_tf.models import GPLinker
    >>> from gplinker_tf.training import AveragingAdam
    >>> model = GPLinker(bert_from_config({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}), num_predicates=3)
    >>> model.compile(AveragingAdam(0.001))
    >>> model.optimizer.build(model.trainable_variables)
    >>> checkpoint = take_checkpoint(model, {"records": []})
    >>> sorted(checkpoint.notes), checkpoint.notes["step"]
    (['keras', 'records', 'step'], 0)
    """
    variables = training_variables(model)
    arrays = {
        name: np.asarray(resource_of(variable).numpy()) for name, variable in variables.items()
    }
    step = steps_taken(model.optimizer)
    return Checkpoint(arrays, {**notes, "step": step, "keras": _generation()})


def restore_checkpoint(model: RelationModel, checkpoint: Checkpoint) -> None:
    """Sets all that training changes to what it was.

    Args:
        model: a compiled model whose optimizer is built, of the same shape.
        checkpoint: what `take_checkpoint` gave.

    Raises:
        InputError: it is a checkpoint of another model or of the other Keras generation; nothing
            is changed then.

    Example:

    >>> from gplinker_tf.encoders import bert_from_config
    >>> from gplinker_tf.models import GPLinker
    >>> from gplinker_tf.training import AveragingAdam
    >>> model = GPLinker(bert_from_config({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}), num_predicates=3)
    >>> model.compile(AveragingAdam(0.001))
    >>> model.optimizer.build(model.trainable_variables)
    >>> checkpoint = take_checkpoint(model, {})
    >>> weight = named_weights(model)["entity/0"]
    >>> _ = weight.assign(weight + 1.0)
    >>> restore_checkpoint(model, checkpoint)
    >>> np.array_equal(weight.numpy(), checkpoint.arrays["entity/0"])
    True
    """
    if checkpoint.notes["keras"] != _generation():
        raise InputError(
            f"Expected a checkpoint of Keras {_generation()}. Received: one of Keras "
            f"{checkpoint.notes['keras']}. Set TF_USE_LEGACY_KERAS as in the first run."
        )
    variables = training_variables(model)
    for name in {**variables, **checkpoint.arrays}:
        shapes = [
            None if name not in side else tuple(side[name].shape)
            for side in (variables, checkpoint.arrays)
        ]
        if shapes[0] != shapes[1]:
            raise InputError(
                f"Expected a checkpoint of this model, {name} of shape {shapes[0]}. "
                f"Received: {shapes[1]}. Resume with the encoder of the first run."
            )
    for name, variable in variables.items():
        variable.assign(checkpoint.arrays[name])


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


def _generation() -> str:
    return "3" if KERAS_3 else "2"
