"""Exports of a trained run, compared with Keras: size, speed, F1, and how many triples agree.

    python -m benchmarks.export RUN --data lic2019/dev_data.json --texts 1000

All formats take turns, so that other programs slow down all of them alike. `speed` is the median
wall time of Keras divided by that of the export; `cpu` is the same ratio of processor time.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from benchmarks.command import RunArgument, TextsOption, TurnsOption, run_command
from benchmarks.timing import Seconds, seconds_of
from gplinker_tf import RelationExtractor

#: The formats and precisions to measure.
PRECISIONS = {"onnx": ("float32", "float16", "int8"), "litert": ("float32", "int8")}


def main(
    run: RunArgument,
    data: TextsOption,
    texts: Annotated[int, typer.Option(help="Number of texts to compare triples on.")] = 1000,
    timed: Annotated[int, typer.Option(help="Number of texts to time.")] = 320,
    batch_size: Annotated[int, typer.Option(help="Texts per batch.")] = 32,
    turns: TurnsOption = 5,
) -> None:
    """Measure exports of a run in all formats and precisions."""
    from gplinker_tf.data import read_examples
    from gplinker_tf.export import export
    from gplinker_tf.metrics import evaluate_triples

    keras = RelationExtractor.load(run)
    sides, sizes = {"keras float32": keras}, {"keras float32": run / "model.safetensors"}
    with tempfile.TemporaryDirectory() as folder:
        for format, precisions in PRECISIONS.items():
            for precision in precisions:
                name, exported = f"{format} {precision}", Path(folder) / format / precision
                export(keras, exported, format, precision)
                sides[name] = RelationExtractor.load(exported, runtime=format)
                sizes[name] = sides[name].predictor.path
        megabytes = {name: path.stat().st_size / 1e6 for name, path in sizes.items()}
    examples = read_examples(data, sides["keras float32"].schema, texts)
    words = [example.text for example in examples]
    found = {name: side(words) for name, side in sides.items()}
    want = triples_of(found["keras float32"])
    speed = speeds(sides, words[:timed], batch_size, turns)
    typer.echo(f"{'':16}{'MB':>8}{'speed':>8}{'cpu':>8}{'F1':>9}{'same triples':>15}")
    for name, extractions in found.items():
        tokenize = sides[name].tokenizer.tokenize
        f1 = evaluate_triples(examples, extractions, tokenize).tokenized.f1
        clock, processor = speed[name]
        same = len(want & triples_of(extractions))
        typer.echo(
            f"{name:16}{megabytes[name]:>8.1f}{clock:>7.2f}x{processor:>7.2f}x{f1:>9.4f}"
            f"{same:>8,} of {len(want):,}"
        )


def triples_of(extractions: list) -> set[tuple]:
    """Return all triples, each as the index of its text, its spans and its predicate."""
    return {
        (number, triple.subject, triple.predicate, triple.object)
        for number, extraction in enumerate(extractions)
        for triple in extraction.triples
    }


def speeds(
    sides: dict, texts: list[str], batch_size: int, turns: int
) -> dict[str, tuple[float, float]]:
    """Return the speed of each side relative to the first: by wall and by processor time."""
    took: dict[str, list[Seconds]] = {name: [] for name in sides}
    for turn in range(turns + 1):
        for name, side in sides.items():
            seconds = seconds_of(lambda side=side: side(texts, batch_size=batch_size))
            if turn:  # the first turn warms up
                took[name].append(seconds)
    medians = {name: [*map(median, zip(*own, strict=True))] for name, own in took.items()}
    clock, processor = next(iter(medians.values()))
    return {name: (clock / own[0], processor / own[1]) for name, own in medians.items()}


if __name__ == "__main__":
    run_command(main)
