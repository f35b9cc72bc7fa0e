"""`gplinker tune`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf.calibration import THRESHOLDS, Tuning
from gplinker_tf.cli.choices import FLOAT32
from gplinker_tf.cli.command import (
    AnnotatedFormatOption,
    JitOption,
    LimitOption,
    PrecisionOption,
    RunArgument,
    command,
)
from gplinker_tf.errors import InputError
from gplinker_tf.metrics import ScoreCounts

#: With fewer annotated triples, thresholds are mostly chance.
FEW = 300


@command
def tune(
    run: RunArgument,
    data: Annotated[
        Path,
        typer.Option(
            help="Annotated texts that are neither training nor test data: JSON lines, a JSON "
            "array, CSV or TSV, plain or .gz; - is standard input. Several hundred are enough."
        ),
    ],
    min_precision: Annotated[
        float | None,
        typer.Option(
            help="Choose the lowest threshold whose precision is at least this, with 95 % "
            "confidence, instead of the best F1.",
            show_default=False,
        ),
    ] = None,
    per_predicate: Annotated[
        bool | None,
        typer.Option(
            "--per-predicate/--one-for-all",
            help="Thresholds per predicate, or one for all. If not given, per predicate if "
            "cross-validation shows a gain.",
            show_default=False,
        ),
    ] = None,
    limit: LimitOption = None,
    input_format: AnnotatedFormatOption = None,
    precision: PrecisionOption = FLOAT32,
    jit: JitOption = False,
) -> None:
    """Choose a threshold, and learn how likely it is that a triple is correct.

    Every score of a triple must exceed the threshold. A higher one gives better precision, a lower
    one better recall; the best F1 is often not at 0. The result is saved in RUN/thresholds.json:
    evaluate, extract and report use it from then on, and every triple gets a probability.

    Tune on texts that the model was not trained on, and evaluate on yet other texts.

    Example: gplinker tune run --data tuning.json --min-precision 0.9
    """
    from gplinker_tf import RelationExtractor
    from gplinker_tf.data import TextInput, read_examples
    from gplinker_tf.tuning import tune as tune_run

    source = TextInput(data, input_format and input_format.value)
    _expect_unseen(run, data)
    extractor = RelationExtractor.load(run, precision.value, jit)
    typer.echo(source.description, err=True)
    examples = read_examples(source, extractor.schema, limit)
    tuning = tune_run(extractor, examples, min_precision, per_predicate, progress=True)
    tuning.save(run)
    typer.echo(_summary(tuning, len(examples)))
    typer.echo(f"Saved to {run / THRESHOLDS}; delete this file to use threshold 0 again.")


def _expect_unseen(run: Path, data: Path) -> None:
    from gplinker_tf.runs import role_of_file

    role = role_of_file(run, data)
    if role == "train":
        raise InputError(
            f"Expected texts that the model was not trained on. Received: {data}, the run's "
            "training file, on which every score is too high. Set texts aside before training, "
            "with gplinker split."
        )
    if role == "dev":
        typer.echo(
            f"gplinker: {data} is the run's dev file, on which the best epoch was chosen: F1 and "
            "probabilities may be slightly too high. Separate texts are better.",
            err=True,
        )


def _summary(tuning: Tuning, texts: int) -> str:
    """Return the chosen thresholds, and their scores on texts they were not chosen on."""
    calibration, annotated = tuning.calibration, tuning.chosen.annotated
    lines = [
        f"Chosen on {texts:,} texts with {annotated:,} triples: {calibration.in_words}",
        f"{'':<24}{'precision':>10}{'recall':>10}{'F1':>10}{'found':>10}",
        _row("threshold 0", tuning.at_zero),
        _row("tuned, cross-validated", tuning.out_of_fold),
        f"Probabilities: off by {tuning.reliability.error:.3f} on average (expected calibration "
        "error, cross-validated)",
    ]
    lines += [
        f"  {name}: threshold {value:g}" for name, value in sorted(calibration.by_predicate.items())
    ]
    if not calibration.threshold and not calibration.by_predicate:
        lines.append("No other threshold is reliably better than 0.")
    if annotated < FEW:
        lines.append(f"Fewer than {FEW} triples: other texts may well give other thresholds.")
    return "\n".join(lines)


def _row(name: str, scores: ScoreCounts) -> str:
    values = (scores.precision, scores.recall, scores.f1)
    return f"{name:<24}{''.join(f'{value:>10.4f}' for value in values)}{scores.found:>10,}"
