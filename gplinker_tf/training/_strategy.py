"""Where a run is trained: on one device, on several of one machine, or on several machines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from gplinker_tf.backend import KERAS_3, keras, tf
from gplinker_tf.errors import InputError
from gplinker_tf.training.options import STRATEGIES

CLUSTER = "TF_CONFIG"
EXAMPLE = (
    f"""{CLUSTER}='{{"cluster": {{"worker": ["host1:12345", "host2:12345"]}}, """
    """"task": {"type": "worker", "index": 0}}' on the first machine, "index": 1 on the second"""
)


def new_strategy(name: str, dry_run: bool = False) -> tf.distribute.Strategy:
    """Return the distribution strategy of a run.

    Args:
        name: `"single"`, the first GPU or the CPU; `"mirrored"`, all GPUs of this machine, or all
            logical devices of its CPU; `"multiworker"`, those of all machines in `TF_CONFIG`, with
            legacy Keras. For the last, TensorFlow must not have computed anything yet.
        dry_run: whether nothing will be trained.

    Raises:
        InputError: there is no such strategy, Keras does not support it, or `TF_CONFIG` is missing
            or invalid.
    """
    if name not in STRATEGIES:
        raise InputError(f"Expected one of {', '.join(STRATEGIES)}. Received: strategy={name!r}.")
    if name == "single":
        return tf.distribute.get_strategy()
    return _of_several_workers(dry_run) if name == "multiworker" else _of_this_machine()


def expect_text_for_each_replica(strategy: tf.distribute.Strategy, batch_size: int) -> None:
    """Check that each replica gets a part of every batch.

    Args:
        strategy: the strategy of the run.
        batch_size: texts per step.

    Raises:
        InputError: a batch has fewer texts than there are replicas.
    """
    if batch_size < strategy.num_replicas_in_sync:
        raise InputError(
            f"Expected at least one text for each of the {strategy.num_replicas_in_sync} "
            f"replicas. Received: batch_size={batch_size}. Raise it, or train on fewer devices."
        )


# Cached: TensorFlow numbers the reductions of each strategy from the start and refuses a number
# that it has seen with another shape, so a second strategy could not train another kind of model.
@cache
def _of_this_machine() -> tf.distribute.Strategy:
    devices = [tf.config.list_logical_devices(kind) for kind in ("GPU", "CPU")]
    return tf.distribute.MirroredStrategy([device.name for device in devices[0] or devices[1]])


def _of_several_workers(dry_run: bool) -> tf.distribute.Strategy:
    if KERAS_3:
        raise InputError(
            "Expected legacy Keras, since Keras 3 does not support several workers. Received: "
            "strategy='multiworker' under Keras 3. Install tf_keras and set "
            "TF_USE_LEGACY_KERAS=1 before Python starts, for every worker."
        )
    _expect_cluster(os.environ.get(CLUSTER))
    if dry_run:
        raise InputError(
            "Expected a dry run on one machine: a worker can't start without the others. "
            "Received: strategy='multiworker'. Leave it out, and divide the batch size by the "
            "number of workers."
        )
    try:
        return tf.distribute.MultiWorkerMirroredStrategy()
    except RuntimeError as error:
        raise InputError(
            "Expected a process in which TensorFlow has not computed anything yet. Received: "
            f"strategy='multiworker', and TensorFlow says: {error} Start training before any "
            "other computation, or use the command line."
        ) from None


def _expect_cluster(text: str | None) -> None:
    """Check that `TF_CONFIG` has the addresses of the workers and the index of this one."""
    try:
        config = json.loads(text or "")
        cluster, task = config["cluster"], config["task"]
        known = set(cluster) <= {"chief", "worker"} and bool(cluster["worker"])
        address = cluster[task["type"]][task["index"]]
        known &= task["index"] >= 0 and address.count(":") == 1
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        known = False
    if not known:
        raise InputError(
            "Expected the addresses of all workers and the index of this one, such as "
            f"{EXAMPLE}. Received: {CLUSTER}={text if text is None else repr(text)}. Set it for "
            "every worker."
        )


def in_words(strategy: tf.distribute.Strategy) -> str:
    """Describe the devices that a run is trained on."""
    gpus = tf.config.list_logical_devices("GPU")
    if strategy.num_replicas_in_sync == 1:
        return gpus[0].name if gpus else "the CPU"
    return f"{strategy.num_replicas_in_sync} {'GPUs' if gpus else 'CPU devices'}"


@contextmanager
def workers_together(strategy: tf.distribute.Strategy) -> Iterator[None]:
    """Turn the end of another worker into an `InputError` on all workers that wait for it."""
    try:
        yield
    except (tf.errors.UnavailableError, tf.errors.AbortedError, tf.errors.CancelledError) as error:
        if not of_several_workers(strategy):
            raise
        raise InputError(
            "Expected all workers to train to the end. Received: another worker stopped or "
            f"can't be reached ({type(error).__name__}). Check its output, then restart all "
            "workers with --resume (resume=True)."
        ) from error


def of_several_workers(strategy: tf.distribute.Strategy) -> bool:
    """Return whether the run has other workers."""
    return strategy.cluster_resolver is not None


def is_chief(strategy: tf.distribute.Strategy) -> bool:
    """Return whether this process is the one that reports, evaluates and writes."""
    resolver = strategy.cluster_resolver
    if resolver is None or not resolver.task_type:
        return True
    first = "chief" if "chief" in resolver.cluster_spec().jobs else "worker"
    return (resolver.task_type, resolver.task_id) == (first, 0)


def from_chief(strategy: tf.distribute.Strategy, number: float) -> float:
    """Return the chief's number on every worker; all workers must call this.

    Args:
        strategy: the strategy of the run.
        number: the number of this worker.
    """
    if not of_several_workers(strategy):
        return number
    return float(_chiefs_number(strategy)(tf.constant(number, tf.float64)))


@cache
def _chiefs_number(strategy: tf.distribute.Strategy) -> Any:
    def of_replica(number: tf.Tensor) -> tf.Tensor:
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        return tf.where(tf.equal(replica, 0), number, 0.0)  # the chief has the first replica

    @tf.function(autograph=False)
    def chiefs_number(number: tf.Tensor) -> tf.Tensor:
        return strategy.reduce("SUM", strategy.run(of_replica, [number]), axis=None)

    return chiefs_number


class StopWithTheChief(keras.callbacks.Callback):
    """A callback that ends training on all workers when the chief does; only it knows F1."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        strategy = self.model.distribute_strategy
        self.model.stop_training = bool(from_chief(strategy, self.model.stop_training))
