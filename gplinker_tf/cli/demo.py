"""`gplinker demo`."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf.cli.command import INTERRUPTED, ReplaceRunOption, command
from gplinker_tf.structures import Extraction
from gplinker_tf.training import TrainingOptions

OPTIONS = TrainingOptions(seed=1)


@command
def demo(
    output: Annotated[Path, typer.Option(help="The run folder to write.")] = Path("gplinker-demo"),
    overwrite: ReplaceRunOption = False,
) -> None:
    """Train a small model from scratch on the sample corpus and use it on new sentences."""
    # With such a small model, several threads in one operation would wait for each other.
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    from gplinker_tf import RelationExtractor
    from gplinker_tf.data import DataFolder, read_texts
    from gplinker_tf.encoders import EncoderFolder
    from gplinker_tf.training import train

    sample = Path(str(files("gplinker_tf.data") / "sample"))
    encoder = EncoderFolder.open(sample, weights_required=False)
    data = DataFolder.open(sample)
    result = train(data, encoder, output, OPTIONS, overwrite, report=typer.echo)
    assert result is not None, "only a dry run has no result"
    best = result.best
    if result.interrupted or best is None:
        raise typer.Exit(INTERRUPTED)
    typer.echo(
        f"\nOn the dev set: precision {best['precision']:.3f}, "
        f"recall {best['recall']:.3f}, F1 {best['f1']:.3f}\n"
    )
    new = sample / "new_sentences.txt"
    for extraction in RelationExtractor.load(output)(read_texts(new)):
        typer.echo(_show(extraction))
    typer.echo(f"The model is in {output}. Try:\n  gplinker extract {output} FILE")


def _show(extraction: Extraction) -> str:
    lines = [extraction.text]
    for triple in extraction.triples:
        subject, object_ = triple.subject, triple.object
        lines.append(
            f"  {subject.text} [{subject.start}:{subject.end}]  {triple.predicate}  "
            f"{object_.text} [{object_.start}:{object_.end}]  score {triple.score:.1f}"
        )
    return "\n".join(lines) + "\n"
