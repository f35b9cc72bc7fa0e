"""`--recipe auto` compared with the best of random settings, for small training sets.

    gplinker split lic2019/train_data.json --output part --dev-share 0.0834
    python -m benchmarks.random_search --data part --schema lic2019/all_50_schemas \\
        --encoder zh-e5-small --encoder-layers 6 --texts 200 --texts 500 --output search.jsonl

For each number of texts, the recipe runs first, then the random settings, all with the same seed.
F1 is that of the best epoch on the dev set. After an interruption, the same command continues where
it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
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

#: The number of epochs that gives 1,800 steps of 8 texts, at most 20, is multiplied by a random
#: factor from this range.
STEPS, MOST_EPOCHS, SHARES = 1_800, 20, (0.5, 1.5)


def main(
    data: DataOption,
    encoder: EncoderOption,
    schema: SchemaOption = None,
    encoder_layers: LayersOption = None,
    texts: Annotated[list[int], typer.Option(help="Training texts; may be repeated.")] = [200],  # noqa: B006
    points: Annotated[int, typer.Option(help="Random settings per number of texts.")] = 20,
    seed: Annotated[int, typer.Option(help="Seed of the random settings.")] = 1,
    parallel: ParallelOption = 1,
    output: OutputOption = Path("search.jsonl"),
) -> None:
    """Train with the recipe's settings and with random ones, and compare F1."""
    fixed = {"encoder_layers": encoder_layers, "deterministic": False, "seed": 1}
    folders = DataFolder.open(data, schema), EncoderFolder.open(encoder)
    runs = (run for size in texts for run in drawn(size, points, seed, fixed))
    records = finished(runs, *folders, parallel, output)
    for size in texts:
        typer.echo(summary(size, [each for each in records if each["group"] == size]))


def drawn(texts: int, count: int, seed: int, fixed: dict[str, Any]) -> Iterator[ShortRun]:
    """Yield the recipe's run, number 0, then runs with random settings determined by the seed."""
    yield ShortRun(texts, 0, {**fixed, "limit": texts})
    random = np.random.default_rng((seed, texts))
    middle = min(round(STEPS * 8 / texts), MOST_EPOCHS)
    for number in range(1, count + 1):
        batch_size = int(random.choice([4, 8, 16]))
        epochs = max(1, round(middle * random.uniform(*SHARES)))
        settings = {
            "batch_size": batch_size,
            "epochs": epochs,
            "learning_rate": float(f"{10 ** random.uniform(-5, -3.3):.1e}"),
            "heads_rate": float(random.choice([1, 3, 10, 30, 100])),
            "warm_up": round(epochs * texts / batch_size * random.uniform(0, 0.3)),
            "decay": str(random.choice(["constant", "linear"])),
            "initial_score": float(random.choice([0, -3, -7])),
            "occurrences": str(random.choice(["first", "all"])),
        }
        yield ShortRun(texts, number, {**fixed, **settings, "limit": texts})


def summary(texts: int, results: list[dict[str, Any]]) -> str:
    """Compare the recipe's F1 with the best of the others."""
    f1s = {each["number"]: each["f1"] for each in results}
    own = f1s.pop(0, None)
    if own is None or not f1s:
        return f"{texts} texts: not enough finished runs."
    best = max(f1s, key=f1s.__getitem__)
    settings = next(each["settings"] for each in results if each["number"] == best)
    share = f"{own / f1s[best]:.0%}" if f1s[best] else "-"
    return (
        f"{texts} texts: auto {own:.4f}, best of {len(f1s)} random {f1s[best]:.4f} ({share}), "
        f"median {np.median(list(f1s.values())):.4f}; best settings: {settings}"
    )


if __name__ == "__main__":
    run_command(main)
