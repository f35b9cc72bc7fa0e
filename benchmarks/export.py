"""Exports of a trained run beside Keras: size, speed, F1, and whether the triples are the same.

    python -m benchmarks.export RUN --data lic2019/dev_data.json --texts 1000

The sides take turns, and a speed is the ratio of medians to that of Keras in the same turns: what
else the machine does then slows all of them alike. `cpu` is the same ratio of processor time.
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

#: The precisions of each format that are measured.
PRECISIONS = {"onnx": ("float32", "float16", "int8"), "litert": ("float32", "int8")}


def main(
    run: RunArgument,
    data: TextsOption,
    texts: Annotated[int, typer.Option(help="How many texts the triples are compared on.")] = 1000,
    timed: Annotated[int, typer.Option(help="How many texts are timed.")] = 320,
    batch_size: Annotated[int, typer.Option(help="Texts per batch.")] = 32,
    turns: TurnsOption = 5,
) -> None:
    """Measure exports of a run: formats and precisions."""
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
    """All triples, each with the number of its text and its spans."""
    return {
        (number, triple.subject, triple.predicate, triple.object)
        for number, extraction in enumerate(extractions)
        for triple in extraction.triples
    }


def speeds(
    sides: dict, texts: list[str], batch_size: int, turns: int
) -> dict[str, tuple[float, float]]:
    """How many times as fast as the first side each is, by the clock and by processor time."""
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
