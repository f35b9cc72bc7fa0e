"""The state of a model in training: saved to a checkpoint and restored from one."""

from __future__ import annotations

from typing import Any

import numpy as np

from gplinker_tf.backend import KERAS_3, resource_of, steps_taken
from gplinker_tf.encoders import RandomSeeds
from gplinker_tf.errors import InputError
from gplinker_tf.models import RelationModel, named_weights
from gplinker_tf.runs.checkpoint import Checkpoint


def training_variables(model: RelationModel) -> dict[str, Any]:
    """Return every variable that training changes, by name.

    These are the weights, the optimizer's moments, averages and step count, the loss of the epoch
    so far, the loss scale, and the state of dropout's random numbers.

    Args:
        model: a compiled model whose optimizer has been built.
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
    """Return the current state of a model in training.

    Args:
        model: a compiled model whose optimizer has been built.
        notes: the rest of the state, as JSON values; `step` and `keras` are added.

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
    """Restore everything that training changes.

    Args:
        model: a compiled model of the same shape whose optimizer has been built.
        checkpoint: the result of `take_checkpoint`.

    Raises:
        InputError: the checkpoint is from another model or from the other Keras generation; in
            that case nothing is changed.

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
                f"Expected a checkpoint of this model, with {name} of shape {shapes[0]}. "
                f"Received: {shapes[1]}. Resume with the encoder of the first run."
            )
    for name, variable in variables.items():
        variable.assign(checkpoint.arrays[name])


def _generation() -> str:
    return "3" if KERAS_3 else "2"
