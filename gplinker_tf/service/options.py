"""How much the service accepts, and how it gathers texts into batches."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class ServiceOptions:
    """The limits of the service, and how it gathers texts into batches.

    Args:
        max_body: bytes of a request.
        max_texts: texts of a request.
        max_characters: characters of a text.
        max_queue: texts that are accepted and not yet answered, for each run.
        lowest_threshold: lowest threshold that a request may ask for: far below 0 a model marks
            nearly everything, which takes long.
        batch_size: texts that the model reads at once.
        gather_ms: milliseconds without a new text after which a batch starts that is not full.

    Raises:
        ValueError: a limit is below 1, or the queue is shorter than a request may be.

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
                f"max_queue={self.max_queue}, max_texts={self.max_texts}. Raise the first."
            )
