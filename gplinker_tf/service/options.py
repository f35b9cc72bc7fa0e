"""Options of the service: its limits and its batches."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class ServiceOptions:
    """The limits of the service, and how it gathers texts into batches.

    Args:
        max_body: the maximum size of a request in bytes.
        max_texts: the maximum number of texts per request.
        max_characters: the maximum number of characters per text.
        max_queue: the maximum number of texts per run that are accepted but not yet answered.
        lowest_threshold: the lowest threshold that a request may ask for; far below 0, a model
            finds nearly everything, which takes long.
        batch_size: the maximum number of texts per batch.
        gather_ms: the milliseconds without a new text after which an incomplete batch starts.

    Raises:
        ValueError: a limit is too low, or the queue has no room for the texts of one request.

    Example:

    >>> ServiceOptions(max_texts=8).max_queue
    512
    """

    max_body: int = 1 << 20
    max_texts: int = 64
    max_characters: int = 10_000
    max_queue: int = 512
    lowest_threshold: float = -5.0
    batch_size: int = 32
    gather_ms: float = 5.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value, least = getattr(self, field.name), 0 if field.name == "gather_ms" else 1
            if field.name != "lowest_threshold" and not value >= least:
                raise ValueError(
                    f"Expected {field.name} of at least {least}. Received: {field.name}={value}."
                )
        if self.max_queue < self.max_texts:
            raise ValueError(
                "Expected a queue that has room for one request. Received: "
                f"max_queue={self.max_queue}, max_texts={self.max_texts}. Increase max_queue."
            )
