"""`gplinker train`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gplinker_tf.cli.choices import SINGLE, Strategy
from gplinker_tf.cli.command import (
    INTERRUPTED,
    CheckpointMinutesOption,
    DataOption,
    ReplaceRunOption,
    ResumeRunOption,
    SchemaFromDataOption,
    SchemaOption,
    command,
)
from gplinker_tf.cli.training_options import (
    ConfigOption,
    EncoderFamilyOption,
    EncoderOption,
    given_settings,
    with_training_options,
)
from gplinker_tf.extras import require
from gplinker_tf.training import TrainingOptions


@command
@with_training_options()
def train(
    context: typer.Context,
    data: DataOption,
    encoder: EncoderOption,
    output: Annotated[Path, typer.Option(help="The run folder to write.")],
    schema: SchemaOption = None,
    schema_from_data: SchemaFromDataOption = False,
    encoder_family: EncoderFamilyOption = None,
    config: ConfigOption = None,
    cache: Annotated[
        bool,
        typer.Option(
            help="Cache the tokenized texts for the next run, in $GPLINKER_CACHE or the user's "
            "cache folder; changed input is detected."
        ),
    ] = True,
    overwrite: ReplaceRunOption = False,
    resume: ResumeRunOption = False,
    checkpoint_minutes: CheckpointMinutesOption = 10.0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be trained on which data, and stop.")
    ] = False,
    tensorboard: Annotated[
        Path | None,
        typer.Option(
            help="Folder for TensorBoard's logs of loss, scores and learning rate; one per run. "
            "View them with: tensorboard --logdir FOLDER"
        ),
    ] = None,
    strategy: Annotated[
        Strategy,
        typer.Option(
            help="Where to train: on one GPU, on all GPUs of this machine, or on those of all "
            "machines in TF_CONFIG."
        ),
    ] = SINGLE,
    **options: Any,
) -> None:
    """Train on a folder of annotated texts and keep the best model by F1.

    By default, the settings suit the amount of data; --recipe blog uses those of the original
    script. Ctrl-C ends the run and keeps the best model so far. After Ctrl-C or a crash, the same
    command with --resume continues the run with the same results.

    Example: gplinker train --data lic2019 --encoder chinese_L-12_H-768_A-12 --output run
    """
    settings = TrainingOptions.of(given_settings(context))
    from gplinker_tf.alignment import default_cache_folder
    from gplinker_tf.data import DataFolder

    if tensorboard is not None:
        require("tensorboard", "--tensorboard")
    data_folder = DataFolder.open(data, schema, schema_from_data)
    from gplinker_tf.backend import keras
    from gplinker_tf.encoders import EncoderFolder
    from gplinker_tf.training import train as run_training

    result = run_training(
        data_folder,
        EncoderFolder.open(encoder, family=encoder_family),
        output,
        settings,
        overwrite,
        report=typer.echo,
        cache=default_cache_folder() if cache else None,
        resume=resume,
        checkpoint_minutes=checkpoint_minutes,
        dry_run=dry_run,
        strategy=strategy.value,
        callbacks=[] if tensorboard is None else [keras.callbacks.TensorBoard(str(tensorboard))],
    )
    if result is None:
        return
    if result.interrupted:
        kept = "the current model" if result.best is None else "the best model so far"
        typer.echo(f"Interrupted; {kept} is in {output}. Continue with --resume.", err=True)
        raise typer.Exit(INTERRUPTED)
    if result.best is not None:
        typer.echo(f"Saved the model of epoch {result.best['epoch']} to {output}")
