"""Applying a function to many items in several processes or threads."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

import numpy as np

#: In place of a seed: leave NumPy's generator unchanged.
UNSEEDED = "unseeded"


def parallel_apply_generator(
    func: Callable[[Any], Any],
    iterable: Iterable[Any],
    workers: int,
    max_queue_size: int,
    dummy: bool = False,
    random_seeds: bool | Sequence[int | None] | None = True,
) -> Iterator[tuple[int, Any]]:
    """Yield the results of a function for many items, in the order in which they are ready.

    An error in the function is raised here. Processes are forked, so any function works; on a
    system that cannot fork, the function must be picklable.

    Args:
        func: the function.
        iterable: the items, taken as they are needed.
        workers: number of processes or threads.
        max_queue_size: maximum number of items that wait for a worker.
        dummy: use threads instead of processes.
        random_seeds: a seed of NumPy's generator for each worker; True for random seeds, False or
            `None` to leave the generators unchanged.

    Yields:
        The index of an item, from 0, and its result.

    Example:

    >>> sorted(parallel_apply_generator(len, ["a", "", "bcd"], 2, 10, dummy=True))
    [(0, 1), (1, 0), (2, 3)]
    """
    seeds = [None] * workers if random_seeds is True else list(random_seeds or [])
    seeds = [*seeds, *[UNSEEDED] * workers][:workers]
    executor, apply = (_threads if dummy else _processes)(func, workers, seeds)
    numbers: dict[Future, int] = {}
    finished: SimpleQueue[Future] = SimpleQueue()

    def results(unfinished: int) -> Iterator[tuple[int, Any]]:
        while len(numbers) > unfinished or not finished.empty():
            future = finished.get()
            yield numbers.pop(future), future.result()

    try:
        for number, item in enumerate(iterable):
            future = executor.submit(apply, item)
            numbers[future] = number
            future.add_done_callback(finished.put)
            yield from results(unfinished=max_queue_size + workers)
        yield from results(unfinished=0)
    finally:
        executor.shutdown(cancel_futures=True)


def parallel_apply(
    func: Callable[[Any], Any],
    iterable: Iterable[Any],
    workers: int,
    max_queue_size: int,
    callback: Callable[[Any], Any] | None = None,
    dummy: bool = False,
    random_seeds: bool | Sequence[int | None] | None = True,
    unordered: bool = True,
) -> list[Any] | None:
    """Return the results of a function for many items as a list.

    Args:
        func: the function.
        iterable: the items.
        workers: number of processes or threads.
        max_queue_size: maximum number of items that wait for a worker.
        callback: called with each result as soon as it is ready, instead of returning a list.
        dummy: use threads instead of processes.
        random_seeds: as for `parallel_apply_generator`.
        unordered: whether results may be in a different order from the items.

    Example:

    >>> parallel_apply(len, ["a", "", "bcd"], 2, 10, dummy=True, unordered=False)
    [1, 0, 3]
    """
    found = parallel_apply_generator(func, iterable, workers, max_queue_size, dummy, random_seeds)
    if callback is not None:
        for _, result in found:
            callback(result)
        return None
    if not unordered:
        found = iter(sorted(found, key=lambda pair: pair[0]))
    return [result for _, result in found]


def _threads(func: Callable, workers: int, seeds: Sequence) -> tuple[Executor, Callable]:
    waiting: SimpleQueue = SimpleQueue()
    for seed in seeds:
        waiting.put(seed)
    return ThreadPoolExecutor(workers, initializer=_seed, initargs=(waiting,)), func


def _processes(func: Callable, workers: int, seeds: Sequence) -> tuple[Executor, Callable]:
    can_fork = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if can_fork else None)
    waiting = context.SimpleQueue()
    for seed in seeds:
        waiting.put(seed)
    pool = ProcessPoolExecutor(workers, context, initializer=_start, initargs=(func, waiting))
    return pool, _apply


#: A worker process's function, which is forked with the process rather than pickled.
_function: Callable[[Any], Any]


def _start(func: Callable[[Any], Any], seeds: Any) -> None:
    global _function
    _function = func
    _seed(seeds)


def _seed(seeds: Any) -> None:
    seed = seeds.get()
    if seed != UNSEEDED:
        np.random.seed(seed)


def _apply(item: Any) -> Any:
    return _function(item)
