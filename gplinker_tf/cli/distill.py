"""`gplinker distill`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gplinker_tf.cli.choices import Format
from gplinker_tf.cli.command import (
    FORMAT_HELP,
    INTERRUPTED,
    CheckpointMinutesOption,
    ReplaceRunOption,
    ResumeRunOption,
    command,
)
from gplinker_tf.cli.extraction_input import ExtractionInput
from gplinker_tf.cli.training_options import (
    StudentConfigOption,
    given_settings,
    with_training_options,
)
from gplinker_tf.training import TrainingOptions

#: The training options for a student; the others are taken from its teacher.
STUDENT_OPTIONS = (
    *("recipe", "epochs", "batch_size", "learning_rate", "heads_rate", "averaging", "patience"),
    *("tune", "seed", "precision", "jit", "accumulation", "deterministic"),
)


@command
@with_training_options(STUDENT_OPTIONS)
def distill(
    context: typer.Context,
    run: Annotated[
        Path, typer.Argument(help="The run folder of the teacher, a gplinker model.", metavar="RUN")
    ],
    data: Annotated[
        list[Path],
        typer.Option(
            help="Texts to learn from, one per line, or in any format that extract reads; labels "
            "in them are ignored. Repeat the option for several files."
        ),
    ],
    output: Annotated[Path, typer.Option(help="The run folder to write the student to.")],
    layers: Annotated[
        int, typer.Option(help="Number of the teacher's encoder layers to keep.", min=1)
    ] = 3,
    input_format: Annotated[Format | None, typer.Option("--input-format", help=FORMAT_HELP)] = None,
    config: StudentConfigOption = None,
    overwrite: ReplaceRunOption = False,
    resume: ResumeRunOption = False,
    checkpoint_minutes: CheckpointMinutesOption = 10.0,
    **options: Any,
) -> None:
    """Train a smaller model on the scores of a trained one, using texts without labels.

    The student starts with some of the teacher's layers, evenly spaced, and with its task layers.
    One text in 20 is held out; on these, F1 compares the student with the teacher. The student is
    a run like any other: use it with evaluate, extract, tune, export and serve.

    Example: gplinker distill run --layers 3 --data unlabeled.txt --output student
    """
    settings = TrainingOptions.of(given_settings(context))
    from gplinker_tf.compression import distill as distill_run

    result = distill_run(
        run,
        ExtractionInput(data, input_format and input_format.value).read(),
        output,
        layers,
        settings,
        overwrite,
        report=typer.echo,
        resume=resume,
        checkpoint_minutes=checkpoint_minutes,
    )
    if result.interrupted:
        typer.echo(f"Interrupted; continue with --resume. The best model is in {output}.", err=True)
        raise typer.Exit(INTERRUPTED)
    if result.best is not None:
        typer.echo(f"Saved the model of epoch {result.best['epoch']} to {output}")
