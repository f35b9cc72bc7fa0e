"""What a training run can be told."""

from __future__ import annotations

from dataclasses import dataclass

from gplinker_tf.errors import InputError
from gplinker_tf.precision import PRECISIONS

POINTERS = ("efficient", "standard")


@dataclass(frozen=True)
class TrainingOptions:
    """The settings of a run; every default is the blog's script's.

    Args:
        pointer: `"efficient"` or `"standard"`.
        epochs: passes over the training file.
        batch_size: texts of a step.
        learning_rate: Adam's step size, constant.
        max_length: tokens of a text, [CLS] and [SEP] included.
        averaging: momentum of the weights' moving average, or `None` for none. It takes some 5,000
            steps to catch up: with little data, train without.
        head_size: size of a pointer's query.
        encoder_layers: use the first N layers of the encoder only, or `None` for all.
        limit: train on the first N lines only, or `None` for all.
        dev_limit: evaluate on the first N lines only, or `None` for all.
        seed: seed of weights, dropout and order.
        precision: what the layers compute in; weights and losses are float32 in each.
        jit: compile encoder and pointers with XLA, once for each length of a batch.

    Raises:
        InputError: a value is out of its range.

    Example:

    >>> TrainingOptions(epochs=3).batch_size
    64

    Source: `task_relation_extraction_gplinker.py` of bert4keras, https://kexue.fm/archives/8888.
    """

    pointer: str = "efficient"
    epochs: int = 20
    batch_size: int = 64
    learning_rate: float = 1e-5
    max_length: int = 128
    averaging: float | None = 0.999
    head_size: int = 64
    encoder_layers: int | None = None
    limit: int | None = None
    dev_limit: int | None = None
    seed: int = 42
    precision: str = "float32"
    jit: bool = False

    def __post_init__(self) -> None:
        self._expect(self.pointer in POINTERS, "pointer", f"one of {', '.join(POINTERS)}")
        self._expect(self.precision in PRECISIONS, "precision", f"one of {', '.join(PRECISIONS)}")
        for name in ("epochs", "batch_size", "encoder_layers", "limit", "dev_limit"):
            value = getattr(self, name)
            self._expect(value is None or value >= 1, name, "a number from 1 on")
        self._expect(self.learning_rate > 0, "learning_rate", "a number above 0")
        self._expect(self.max_length >= 4, "max_length", "at least 4 tokens: [CLS], two, [SEP]")
        self._expect(
            self.averaging is None or 0 < self.averaging < 1,
            "averaging",
            "a momentum between 0 and 1, or none",
        )
        even = self.head_size >= 2 and self.head_size % 2 == 0
        self._expect(even, "head_size", "an even number, since rotary positions turn pairs")

    def _expect(self, holds: bool, name: str, expected: str) -> None:
        if not holds:
            raise InputError(f"Expected {expected}. Received: {name}={getattr(self, name)!r}.")
