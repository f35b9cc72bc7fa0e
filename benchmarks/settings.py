"""Settings of the benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: Sizes of a pointer layer on BERT base for the predicates of LIC2019.
HEAD = {"texts": 16, "length": 128, "labels": 49, "hidden_size": 768}


@dataclass(frozen=True)
class Settings:
    """Input folders and settings of the figures.

    Args:
        data: the folder of LIC2019.
        encoder: the folder of a BERT encoder.
        run: a run folder trained with that encoder, or `None` to train one for a few steps.
        table: the output folder of `gplinker compare`, or `None` to skip extraction by CasRel.
        folder: the folder for intermediate files.
        turns: the number of turns per comparison.
    """

    data: Path
    encoder: Path
    run: Path | None
    table: Path | None
    folder: Path
    turns: int
