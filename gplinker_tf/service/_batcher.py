"""A queue that gathers the texts of many requests into batches for one model."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from gplinker_tf.service._refusal import Refusal, not_scored, queue_full
from gplinker_tf.service.options import ServiceOptions
from gplinker_tf.structures import Extraction

#: A function that extracts triples from texts with a threshold.
Extract = Callable[[list[str], float | None], list[Extraction]]

#: The result for a text: what was found, or why it was refused.
Outcome = Extraction | Refusal

LONGEST_RETRY = 60

log = logging.getLogger("gplinker_tf.service")


class Job(NamedTuple):
    """A text in the queue."""

    text: str
    threshold: float | None
    outcome: asyncio.Future[Outcome]


class Batcher:
    """A queue of texts, and one thread that processes them in batches.

    Texts share a batch only if their requests have the same threshold, so that no request affects
    the results of another.

    Args:
        extract: finds the triples of a batch; called in its own thread.
        options: the limits.
        on_batch: called with the number of texts of each batch.
    """

    def __init__(
        self, extract: Extract, options: ServiceOptions, on_batch: Callable[[int], None]
    ) -> None:
        self._extract, self._options, self._on_batch = extract, options, on_batch
        self._waiting: deque[Job] = deque()
        self._arrived = asyncio.Event()
        self._seconds_per_text = 0.0
        self._thread = ThreadPoolExecutor(1, "extract")
        self._loop = asyncio.create_task(self._run())
        #: The number of texts that are accepted but not yet answered.
        self.unanswered = 0

    async def extract(self, texts: Sequence[str], threshold: float | None) -> list[Outcome]:
        """Return what was found in each text, in the order of the texts.

        Raises:
            Refusal: the queue does not have room for all of them; then none is accepted.
        """
        if self.unanswered + len(texts) > self._options.max_queue:
            raise queue_full(self.unanswered, self._seconds_to_wait())
        self.unanswered += len(texts)
        loop = asyncio.get_running_loop()
        jobs = [Job(text, threshold, loop.create_future()) for text in texts]
        self._waiting.extend(jobs)
        self._arrived.set()
        try:
            return [await job.outcome for job in jobs]
        finally:
            self.unanswered -= len(texts)
            for job in jobs:
                job.outcome.cancel()

    async def close(self) -> None:
        """Stop the thread; texts that are still waiting are not processed."""
        self._loop.cancel()
        await asyncio.gather(self._loop, return_exceptions=True)
        self._thread.shutdown()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._arrived.wait()
            await self._gather()
            jobs = self._take()
            if not jobs:
                continue
            started = time.perf_counter()
            outcomes = await loop.run_in_executor(self._thread, self._outcomes, jobs)
            self._seconds_per_text = (time.perf_counter() - started) / len(jobs)
            self._on_batch(len(jobs))
            for job, outcome in zip(jobs, outcomes, strict=True):
                if not job.outcome.done():
                    job.outcome.set_result(outcome)

    async def _gather(self) -> None:
        """Wait until a batch is full, or no text has arrived for a few milliseconds."""
        while len(self._waiting) < self._options.batch_size:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), self._options.gather_ms / 1000)
            except asyncio.TimeoutError:
                return

    def _take(self) -> list[Job]:
        """Return the next batch: the first waiting text, and others with the same threshold."""
        jobs: list[Job] = []
        others: deque[Job] = deque()
        while self._waiting and len(jobs) < self._options.batch_size:
            job = self._waiting.popleft()
            if not job.outcome.done():
                same = not jobs or job.threshold == jobs[0].threshold
                (jobs if same else others).append(job)
        self._waiting.extendleft(reversed(others))
        if self._waiting:
            self._arrived.set()
        return jobs

    def _outcomes(self, jobs: Sequence[Job]) -> Sequence[Outcome]:
        """Process a batch; if it fails, each text on its own, so that one can't harm others."""
        try:
            return self._extract([job.text for job in jobs], jobs[0].threshold)
        except Exception as error:
            if len(jobs) > 1:
                return [outcome for job in jobs for outcome in self._outcomes([job])]
            log.error("The model failed on a text: %s", type(error).__name__)
            return [not_scored()]

    def _seconds_to_wait(self) -> int:
        seconds = math.ceil(self.unanswered * self._seconds_per_text)
        return min(max(seconds, 1), LONGEST_RETRY)
