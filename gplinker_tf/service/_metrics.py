"""The counters that `/metrics` shows."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
TEXTS = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """The counters of one service, in their own registry."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.requests = Counter(
            "gplinker_requests",
            "Requests by path and status.",
            ["path", "status"],
            registry=registry,
        )
        self.seconds = Histogram(
            "gplinker_request_seconds",
            "Seconds from a request's headers to the end of its answer.",
            ["path"],
            buckets=SECONDS,
            registry=registry,
        )
        self.texts = Counter(
            "gplinker_texts", "Texts by run and outcome.", ["run", "outcome"], registry=registry
        )
        self.batch_texts = Histogram(
            "gplinker_batch_texts", "Texts per batch.", ["run"], buckets=TEXTS, registry=registry
        )
        self.unanswered = Gauge(
            "gplinker_unanswered_texts",
            "Texts that are accepted but not yet answered.",
            ["run"],
            registry=registry,
        )

    def page(self) -> bytes:
        """Return all counters in Prometheus's text format."""
        return generate_latest(self.registry)
