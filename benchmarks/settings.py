"""What the figures are measured on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: A pointer layer on BERT base with the predicates of LIC2019.
HEAD = {"texts": 16, "length": 128, "labels": 49, "hidden_size": 768}


@dataclass(frozen=True)
class Settings:
    """What the figures are measured on.

    Args:
        data: folder of LIC2019's files.
        encoder: folder of a BERT.
        run: a run folder trained with that encoder, or `None` to train one for a few steps.
        table: folder of a `gplinker compare`, or `None`: what compares models needs one.
        folder: where intermediate folders go.
        turns: turns of each comparison.
    """

    data: Path
    encoder: Path
    run: Path | None
    table: Path | None
    folder: Path
    turns: int
