"""Smaller models compared with the original: F1, size and speed, as a table and a plot.

    python -m benchmarks.smaller RUN STUDENT --data lic2019/dev_data.json \\
        --vocabulary lic2019/train_data.json --layers 5 --layers 4 --layers 3

The named runs are measured, each also with its vocabulary cut to the texts of `--vocabulary`, and
RUN with encoder layers removed, both as `gplinker shrink` does. The models take turns; speed is
relative to RUN, by median processor time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.command import TextsOption, TurnsOption, run_command
from benchmarks.export import speeds


def main(
    runs: Annotated[list[Path], typer.Argument(help="A run folder, then those of its students.")],
    data: TextsOption,
    vocabulary: Annotated[Path, typer.Option(help="Texts whose tokens are kept.")],
    layers: Annotated[list[int] | None, typer.Option(help="Number of layers to keep.")] = None,
    texts: Annotated[int, typer.Option(help="Number of texts to measure F1 on.")] = 1000,
    timed: Annotated[int, typer.Option(help="Number of texts to time.")] = 160,
    turns: TurnsOption = 3,
    picture: Annotated[Path | None, typer.Option(help="Draw a plot to this PNG file.")] = None,
) -> None:
    """Measure smaller models."""
    from gplinker_tf.data import read_examples
    from gplinker_tf.metrics import evaluate_triples

    sides = dict(smaller_models(runs, vocabulary, layers or []))
    first = next(iter(sides.values()))
    examples = read_examples(data, first.schema, texts)
    words = [example.text for example in examples]
    scores, megabytes = {}, {}
    for name, side in sides.items():
        evaluation = evaluate_triples(examples, side(words), side.tokenizer.tokenize)
        scores[name], megabytes[name] = evaluation.tokenized.f1, size_of(side) / 1e6
    ratios = speeds(sides, words[:timed], 32, turns)
    speed = {name: processor for name, (_, processor) in ratios.items()}
    teacher = next(iter(scores.values()))
    typer.echo("| model | layers | tokens | MB | F1 | relative F1 | speed |")
    typer.echo("|---|---|---|---|---|---|---|")
    for name, side in sides.items():
        encoder = side.encoder_config
        typer.echo(
            f"| {name} | {encoder['num_hidden_layers']} | {encoder['vocab_size']:,} | "
            f"{megabytes[name]:.1f} | {scores[name]:.4f} | {scores[name] / teacher:.1%} | "
            f"{speed[name]:.2f}x |"
        )
    if picture is not None:
        draw(picture, scores, megabytes, speed)


def smaller_models(runs: list[Path], vocabulary: Path, layers: list[int]) -> Iterator[tuple]:
    """Yield extractors by name: the runs, with cut vocabularies, the first with fewer layers."""
    from gplinker_tf import RelationExtractor
    from gplinker_tf.compression import cut_vocabulary, keep_layers, spread_layers
    from gplinker_tf.data import read_texts

    loaded = {run.name: RelationExtractor.load(run) for run in runs}
    yield from loaded.items()
    corpus = list(read_texts(vocabulary))
    for name, extractor in loaded.items():
        yield f"{name}, vocabulary cut", cut_vocabulary(extractor, corpus)
    teacher = next(iter(loaded.values()))
    for kept in layers:
        chosen = spread_layers(kept, teacher.encoder_config["num_hidden_layers"])
        yield f"{runs[0].name}, {kept} layers kept", keep_layers(teacher, chosen)


def size_of(extractor) -> int:
    """Return the size of an extractor's weights, in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        extractor.save(folder)
        return (Path(folder) / "model.safetensors").stat().st_size


def draw(path: Path, scores: dict, megabytes: dict, speeds: dict) -> None:
    """Draw bars of F1, size and speed, one row per model."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    size = 9, 0.7 + 0.45 * len(scores)
    figure, panels = pyplot.subplots(1, 3, sharey=True, figsize=size, layout="constrained")
    columns = ("F1", "{:.3f}", scores), ("MB", "{:.1f}", megabytes), ("speed", "{:.2f}", speeds)
    for axes, (title, form, values) in zip(panels, columns, strict=True):
        colors = ["tab:gray" if "kept" in name else "tab:blue" for name in values]
        bars = axes.barh([*values], [*values.values()], color=colors, alpha=0.7)
        axes.bar_label(bars, fmt=form, padding=4)
        axes.set_title(title, loc="left")
        axes.margins(x=0.2)
        axes.xaxis.set_visible(False)
        axes.spines[["top", "right", "bottom"]].set_visible(False)
    panels[0].invert_yaxis()
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    run_command(main)
