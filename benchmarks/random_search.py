"""How near `--recipe auto` comes to the best of settings drawn at random, with few training texts.

    gplinker split lic2019/train_data.json --output part --dev-share 0.0834
    python -m benchmarks.random_search --data part --schema lic2019/all_50_schemas \
        --encoder zh-e5-small --encoder-layers 6 --texts 200 --texts 500 --output search.jsonl

For each number of texts the recipe's own run comes first, then those of drawn settings; all have
the same seed, and F1 is of the best epoch on the texts that the run is evaluated on. The same
command again goes on where it stopped.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import typer
from tqdm import tqdm

from benchmarks.command import DataOption, EncoderOption, run_command
from benchmarks.worker import figures_or_failure
from gplinker_tf import TrainingOptions
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder

#: Epochs are drawn around what makes some 1,800 steps of 8 texts, at most 20: from so many times
#: their number to so many.
STEPS, MOST_EPOCHS, SHARES = 1_800, 20, (0.5, 1.5)


class Point(NamedTuple):
    """A run: how many texts it has, which settings are drawn for it (0: none), and these."""

    texts: int
    number: int
    settings: dict[str, Any]


def main(
    data: DataOption,
    encoder: EncoderOption,
    schema: Annotated[Path | None, typer.Option(help="Schema, if the folder has none.")] = None,
    encoder_layers: Annotated[int | None, typer.Option(help="First layers to use.")] = None,
    texts: Annotated[list[int], typer.Option(help="Training texts; may be repeated.")] = [200],  # noqa: B006
    points: Annotated[int, typer.Option(help="Settings drawn for each number of texts.")] = 20,
    seed: Annotated[int, typer.Option(help="Of the drawn settings.")] = 1,
    parallel: Annotated[int, typer.Option(help="Runs side by side.")] = 1,
    output: Annotated[Path, typer.Option(help="Lines of JSON, one a run.")] = Path("search.jsonl"),
) -> None:
    """Train with the recipe's settings and with drawn ones, and compare their F1."""
    fixed = {"encoder_layers": encoder_layers, "deterministic": False, "seed": 1}
    done = read(output)
    wanted = [point for size in texts for point in drawn(size, points, seed)]
    left = [point for point in wanted if point[:2] not in done]
    folders = DataFolder.open(data, schema), EncoderFolder.open(encoder)
    with output.open("a") as lines, ThreadPoolExecutor(parallel) as pool:
        runs = {pool.submit(measure, point, fixed, *folders): point for point in left}
        for run in tqdm(as_completed(runs), total=len(left), unit=" runs"):
            point = runs[run]
            done[point[:2]] = {**point._asdict(), **run.result()}
            lines.write(json.dumps(done[point[:2]]) + "\n")
            lines.flush()
    for size in texts:
        typer.echo(summary(size, [each for key, each in done.items() if key[0] == size]))


def drawn(texts: int, count: int, seed: int) -> Iterator[Point]:
    """The recipe's point, then points drawn at random; the same for the same seed."""
    yield Point(texts, 0, {})
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
        yield Point(texts, number, settings)


def measure(
    point: Point, fixed: dict[str, Any], data: DataFolder, encoder: EncoderFolder
) -> dict[str, Any]:
    """F1 of a run, from a new process; or under `failure` why there is none."""
    settings = {**fixed, **point.settings, "limit": point.texts}

    return figures_or_failure(lambda worker: {"f1": worker.call(best_f1, settings, data, encoder)})


def best_f1(settings: dict[str, Any], data: DataFolder, encoder: EncoderFolder) -> float:
    """F1 of the best epoch of a run, which leaves nothing behind."""
    from gplinker_tf.training import train

    with tempfile.TemporaryDirectory() as folder:
        options = TrainingOptions.of(settings)
        result = train(
            *(data, encoder, Path(folder, "run"), options),
            progress=False,
            report=lambda line: None,
        )
        return result.best["f1"] if result.best else 0.0


def read(output: Path) -> dict[tuple[int, int], dict[str, Any]]:
    """The runs of an earlier command, without those that failed."""
    if not output.exists():
        return {}
    results = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    return {(each["texts"], each["number"]): each for each in results if "f1" in each}


def summary(texts: int, results: list[dict[str, Any]]) -> str:
    """The recipe's F1 beside the best of the others."""
    f1s = {each["number"]: each["f1"] for each in results if "f1" in each}
    own = f1s.pop(0, None)
    if own is None or not f1s:
        return f"{texts} texts: no run has ended."
    best = max(f1s, key=f1s.__getitem__)
    settings = next(each["settings"] for each in results if each["number"] == best)
    share = f"{own / f1s[best]:.0%}" if f1s[best] else "-"
    return (
        f"{texts} texts: auto {own:.4f}, best of {len(f1s)} drawn {f1s[best]:.4f} ({share}), "
        f"median {np.median(list(f1s.values())):.4f}; the best one's settings: {settings}"
    )


if __name__ == "__main__":
    run_command(main)
