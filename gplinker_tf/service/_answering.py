"""Results for the requests to a service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gplinker_tf._reprs import shortened
from gplinker_tf.service._batcher import Batcher, Outcome
from gplinker_tf.service._checks import check_predicates, fault_of, texts_of
from gplinker_tf.service._messages import ExtractRequest
from gplinker_tf.service._metrics import Metrics
from gplinker_tf.service._refusal import Refusal
from gplinker_tf.service.options import ServiceOptions
from gplinker_tf.service.served_run import ServedRun
from gplinker_tf.structures import Extraction


class Answering:
    """The runs of a running service, each with a queue.

    Args:
        runs: the runs; the first is the default.
        options: the limits.
        metrics: the counters of texts and batches.
    """

    def __init__(
        self, runs: Sequence[ServedRun], options: ServiceOptions, metrics: Metrics
    ) -> None:
        self._runs = {run.name: run for run in runs}
        self._default, self._options, self._counters = runs[0].name, options, metrics
        self._queues = {run.name: self._queue(run) for run in runs}

    async def outcomes(self, request: ExtractRequest) -> list[Outcome]:
        """Return what was found in each text, or why it was refused.

        Raises:
            Refusal: the whole request is refused.
        """
        texts = texts_of(request, self._options)
        run = self._run(request.run)
        check_predicates(request.predicates, run.extractor.schema.predicates)
        faults = [fault_of(text, self._options.max_characters) for text in texts]
        sound = [text for text, fault in zip(texts, faults, strict=True) if fault is None]
        found = iter(await self._queues[run.name].extract(sound, request.threshold))
        outcomes = [next(found) if fault is None else fault for fault in faults]
        for outcome in outcomes:
            kind = outcome.code if isinstance(outcome, Refusal) else "extracted"
            self._counters.texts.labels(run.name, kind).inc()
        return [_of_predicates(outcome, request.predicates) for outcome in outcomes]

    async def close(self) -> None:
        """Stop the threads of the queues."""
        for queue in self._queues.values():
            await queue.close()

    def _queue(self, run: ServedRun) -> Batcher:
        def extract(texts: list[str], threshold: float | None) -> list[Extraction]:
            return run.extract(texts, threshold, self._options.batch_size)

        observe = self._counters.batch_texts.labels(run.name).observe
        queue = Batcher(extract, self._options, observe)
        self._counters.unanswered.labels(run.name).set_function(lambda: queue.unanswered)
        return queue

    def _run(self, name: str | None) -> ServedRun:
        name = self._default if name is None else name
        if name not in self._runs:
            raise Refusal(
                404,
                "unknown_run",
                f"Expected one of the runs {', '.join(self._runs)}. Received: {shortened(name)}.",
            )
        return self._runs[name]


def _of_predicates(outcome: Outcome, predicates: Sequence[str] | None) -> Outcome:
    if predicates is None or isinstance(outcome, Refusal):
        return outcome
    asked = frozenset(predicates)
    return replace(outcome, triples=tuple(one for one in outcome.triples if one.predicate in asked))
