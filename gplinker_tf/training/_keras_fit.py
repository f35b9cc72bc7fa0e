"""Keras's `fit`, from the current step of the optimizer to the last epoch."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import keras, resource_of, steps_taken
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.models import RelationModel


def fit_to_the_end(
    model: RelationModel,
    batches: TrainingBatches,
    epochs: int,
    evaluated: int,
    evaluating: list[Any],
    callbacks: list[Any],
) -> None:
    """Train what is left of `epochs`, which is all of them in a new run.

    Args:
        model: a compiled model whose optimizer has counted the steps so far.
        batches: the training batches.
        epochs: the number of epochs in the whole run.
        evaluated: the number of epochs that have a record.
        evaluating: the callbacks to call first if the last epoch ended without a record.
        callbacks: all Keras callbacks.
    """
    steps = len(batches)
    epoch, done = divmod(steps_taken(model.optimizer), steps)
    ended = epoch > evaluated and not done
    if ended:
        model.stop_training = False
        logs = {metric.name: float(metric.result()) for metric in model.metrics}
        for callback in evaluating:
            callback.set_model(model)
            callback.on_epoch_end(epoch - 1, logs)
        if model.stop_training:
            return
    if done:
        _fit(model, batches, epoch, epoch + 1, done, [_loss_so_far(model), *callbacks])
        if model.stop_training:
            return
        epoch += 1
    if epoch < epochs:
        _fit(model, batches, epoch, epochs, 0, callbacks)


def _fit(
    model: RelationModel,
    batches: TrainingBatches,
    epoch: int,
    epochs: int,
    done: int,
    callbacks: list[Any],
) -> None:
    model.fit(
        batches.distributed(model.distribute_strategy, epoch * len(batches) + done),
        initial_epoch=epoch,
        epochs=epochs,
        steps_per_epoch=len(batches) - done,
        callbacks=callbacks,
        shuffle=False,  # the seed determines the order of the batches
        verbose=0,
    )


def _loss_so_far(model: RelationModel) -> keras.callbacks.Callback:
    """Return a callback that restores the epoch's loss, which Keras resets at the start."""
    variables = [variable for metric in model.metrics for variable in metric.variables]
    values = [resource_of(variable).numpy() for variable in variables]

    def put_back(epoch: int, logs: Any = None) -> None:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)

    return keras.callbacks.LambdaCallback(on_epoch_begin=put_back)
