"""F1 and cost of each part of the recipe, and of some alternatives, over several seeds.

    gplinker split lic2019/train_data.json --output part --dev-share 0.0834
    python -m benchmarks.recipe_parts --data part --schema lic2019/all_50_schemas \\
        --encoder zh-e5-small --encoder-layers 6 --texts 500 --epochs 8 --output parts.jsonl

Each row of the table is the recipe with one setting changed, trained on the first texts with each
seed. F1 is that of the best epoch on the dev set, at threshold 0. The difference from the recipe is
in mean F1 over the seeds, with an interval from a bootstrap over the dev set. After an
interruption, the same command continues where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.command import DataOption, EncoderOption, run_command
from benchmarks.short_runs import (
    LayersOption,
    OutputOption,
    ParallelOption,
    SchemaOption,
    ShortRun,
    finished,
)
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.metrics import bootstrap_f1, interval

RECIPE = "recipe"

#: The recipe, and the variants with one setting changed.
PARTS: dict[str, dict[str, Any]] = {
    RECIPE: {},
    "adversarial steps (FGM)": {"adversarial": 1.0},
    "first occurrences": {"occurrences": "first"},
    "published loss": {"loss_form": "published"},
    "initial score 0": {"initial_score": 0.0},
}


def main(
    data: DataOption,
    encoder: EncoderOption,
    schema: SchemaOption = None,
    encoder_layers: LayersOption = None,
    texts: Annotated[int, typer.Option(help="Number of training texts.")] = 500,
    epochs: Annotated[int, typer.Option(help="Epochs per run.")] = 8,
    seeds: Annotated[int, typer.Option(help="Number of seeds, from 1.")] = 3,
    parallel: ParallelOption = 1,
    output: OutputOption = Path("parts.jsonl"),
) -> None:
    """Train with the recipe and with each variant, and compare F1 and cost."""
    fixed = {"encoder_layers": encoder_layers, "limit": texts, "epochs": epochs}
    folders = DataFolder.open(data, schema), EncoderFolder.open(encoder)
    typer.echo(table(finished(_runs(fixed, seeds), *folders, parallel, output)))


def _runs(fixed: dict[str, Any], seeds: int) -> Iterator[ShortRun]:
    """Yield the runs seed by seed, so that finished runs compare all parts."""
    for seed in range(1, seeds + 1):
        for part, settings in PARTS.items():
            yield ShortRun(part, seed, {**fixed, **settings, "seed": seed})


def table(records: Sequence[dict[str, Any]]) -> str:
    """Return a Markdown table with one row per part, over the seeds it shares with the recipe."""
    of_recipe = {each["number"]: each for each in records if each["group"] == RECIPE}
    lines = [
        "| | seeds | F1 | lowest to highest | compared with the recipe | processor time per step |",
        "|---|---|---|---|---|---|",
    ]
    for part in PARTS:
        own = [each for each in records if each["group"] == part and each["number"] in of_recipe]
        if not own:
            continue
        others = [of_recipe[each["number"]] for each in own]
        f1s = [each["f1"] for each in own]
        cost = _mean(own, "processor_seconds") / _mean(others, "processor_seconds")
        cells = (
            part,
            len(own),
            f"{mean(f1s):.3f}",
            f"{min(f1s):.3f} to {max(f1s):.3f}",
            "reference" if part == RECIPE else _difference(own, others),
            f"{cost:.2f}",
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _mean(records: Sequence[dict[str, Any]], name: str) -> float:
    return mean(each[name] for each in records)


def _difference(own: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]]) -> str:
    draws = bootstrap_f1(np.array([each["counts"] for each in (*own, *others)]))
    lowest, highest = interval(draws[:, : len(own)].mean(1) - draws[:, len(own) :].mean(1))
    difference = _mean(own, "f1") - _mean(others, "f1")
    return f"{difference:+.3f} ({lowest:+.3f} to {highest:+.3f})"


if __name__ == "__main__":
    run_command(main)
