"""Extraction by the workers of a Ray cluster, with results in order."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gplinker_tf.errors import InputError
from gplinker_tf.extras import require
from gplinker_tf.structures import Extraction

#: Windows of texts per worker that wait, run, or are done while an earlier one is not.
WINDOWS_PER_WORKER = 3

#: How often texts are given to a new worker after their worker has died.
RETRIES = 3

Extract = Callable[[list[str]], list[Extraction]]


def map_on_ray(
    extract: Extract, windows: Iterable[list[str]], workers: int | None = None
) -> Iterator[list[Extraction]]:
    """Yield the extractions of each window of texts, in order.

    Windows are read as workers become free, so there may be any number of them. If a worker dies,
    a new one takes over its texts; each result is yielded once. If reading the windows fails, the
    results of those before the error are yielded first.

    The cluster is the one that Ray is connected to, else the one at `RAY_ADDRESS`, else a local
    one on this machine.

    Args:
        extract: the function that each worker runs: a `WorkerExtractor`, or another one that can
            be pickled.
        windows: lists of texts.
        workers: the number of workers; defaults to one per GPU, or per core if there is no GPU.

    Raises:
        InputError: Ray is not installed, or workers died on the same texts repeatedly. Errors
            that `extract` raises are raised as well.

    Example, with a run folder that `gplinker train` wrote:

        for extractions in map_on_ray(WorkerExtractor("run"), [["北京"], ["上海", "广州"]]):
            print(len(extractions))
    """
    team, failure = _Team(extract, workers), None
    windows = iter(windows)
    while True:
        try:
            window = next(windows)
        except StopIteration:
            break
        except Exception as error:
            failure = error
            break
        if team.is_busy:
            yield team.first_result()
        team.submit(window)
    while team.tasks:
        yield team.first_result()
    if failure is not None:
        raise failure


class _Worker:
    def __init__(self, extract: Extract) -> None:
        self._extract = extract

    def extract(self, texts: list[str]) -> list[Extraction]:
        return self._extract(texts)


class _Team:
    """The workers and their tasks.

    Attributes:
        tasks: the tasks whose results are not taken yet, in the order of the windows, by worker.
    """

    def __init__(self, extract: Extract, workers: int | None) -> None:
        self._ray = _connected()
        known = self._ray.cluster_resources()
        cores, gpus = int(known["CPU"]), int(known.get("GPU", 0))
        needs = {"num_gpus": 1} if gpus else {"num_cpus": 1}
        worker = self._ray.remote(_Worker)
        worker = worker.options(max_restarts=-1, max_task_retries=RETRIES, **needs)
        self._workers = [worker.remote(extract) for _ in range(workers or gpus or cores)]
        self.tasks: dict[Any, Any] = {}

    @property
    def is_busy(self) -> bool:
        return len(self.tasks) >= WINDOWS_PER_WORKER * len(self._workers)

    def submit(self, window: list[str]) -> None:
        """Give a window to the worker with the least work."""
        load: Counter[Any] = Counter()
        if self.tasks:
            _, unfinished = self._ray.wait([*self.tasks], num_returns=len(self.tasks), timeout=0)
            load.update(self.tasks[task] for task in unfinished)
        worker = min(self._workers, key=load.__getitem__)
        self.tasks[worker.extract.remote(window)] = worker

    def first_result(self) -> list[Extraction]:
        """Wait for the result of the first window that is left, and return it."""
        errors, task = self._ray.exceptions, next(iter(self.tasks))
        del self.tasks[task]
        try:
            return self._ray.get(task)
        except errors.RayTaskError as error:
            raise error.cause from None
        except errors.ActorDiedError as error:
            raise InputError(
                f"Expected workers that stay alive. Received: {RETRIES + 1} that died on the same "
                f"texts. The last: {error} If memory ran out, start Ray with fewer cores, or use "
                "a higher threshold."
            ) from error


def _connected() -> Any:
    require("ray", "Distributed extraction")
    import ray

    if not ray.is_initialized():
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # no usage data is sent
        ray.init(include_dashboard=False, logging_level=logging.ERROR)
    return ray
