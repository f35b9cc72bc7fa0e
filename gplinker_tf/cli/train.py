"""`gplinker train`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf.cli.command import (
    INTERRUPTED,
    JitOption,
    Precision,
    PrecisionOption,
    command,
)
from gplinker_tf.training.options import POINTERS, TrainingOptions

DEFAULT = TrainingOptions()
Pointer = Enum("Pointer", {name: name for name in POINTERS})


@command
def train(
    data: Annotated[
        Path,
        typer.Option(help="Folder with train_data.json, dev_data.json, all_50_schemas, or .gz."),
    ],
    encoder: Annotated[
        Path,
        typer.Option(
            help="Folder of a BERT: Google's (bert_config.json, bert_model.ckpt, vocab.txt) or "
            "Hugging Face's (config.json, model.safetensors, vocab.txt)."
        ),
    ],
    output: Annotated[Path, typer.Option(help="The run folder to write.")],
    pointer: Annotated[
        Pointer, typer.Option(help="Form of the pointers; efficient has far fewer parameters.")
    ] = Pointer[DEFAULT.pointer],
    epochs: Annotated[int, typer.Option(help="Passes over the data.")] = DEFAULT.epochs,
    batch_size: Annotated[int, typer.Option(help="Texts a step.")] = DEFAULT.batch_size,
    learning_rate: Annotated[
        float, typer.Option(help="Adam's step size, constant.")
    ] = DEFAULT.learning_rate,
    max_length: Annotated[
        int, typer.Option(help="Tokens of a text that are read, [CLS] and [SEP] included.")
    ] = DEFAULT.max_length,
    head_size: Annotated[
        int, typer.Option(help="Size of a pointer's query and key.")
    ] = DEFAULT.head_size,
    averaging: Annotated[
        bool,
        typer.Option(
            help=f"Evaluate and keep the moving average of the weights ({DEFAULT.averaging}). "
            "It takes some 5,000 steps to catch up: with little data, switch it off."
        ),
    ] = True,
    encoder_layers: Annotated[
        int | None, typer.Option(help="Use the first N layers of the encoder only.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Train on the first N lines only.")] = None,
    dev_limit: Annotated[
        int | None, typer.Option(help="Evaluate on the first N held-back lines only.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of weights, dropout and order.")] = DEFAULT.seed,
    cache: Annotated[
        bool,
        typer.Option(
            help="Keep the tokenised texts for the next run, in $GPLINKER_CACHE or the user's "
            "cache folder; changed input is noticed."
        ),
    ] = True,
    precision: PrecisionOption = Precision[DEFAULT.precision],
    jit: JitOption = DEFAULT.jit,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the run in a folder that is not empty.")
    ] = False,
) -> None:
    """Train on a folder of LIC2019 files and keep the best model by F1.

    Every default is the blog's script's. Ctrl-C ends the run and keeps the best model so far.

    Example: gplinker train --data lic2019 --encoder chinese_L-12_H-768_A-12 --output run
    """
    options = TrainingOptions(
        pointer=pointer.value,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        max_length=max_length,
        averaging=DEFAULT.averaging if averaging else None,
        head_size=head_size,
        encoder_layers=encoder_layers,
        limit=limit,
        dev_limit=dev_limit,
        seed=seed,
        precision=precision.value,
        jit=jit,
    )
    from gplinker_tf.data import LIC2019Folder, default_cache_folder

    data_folder = LIC2019Folder.open(data)
    from gplinker_tf.encoders import EncoderFolder
    from gplinker_tf.training import train as run_training

    result = run_training(
        data_folder,
        EncoderFolder.open(encoder),
        output,
        options,
        overwrite,
        report=typer.echo,
        cache=default_cache_folder() if cache else None,
    )
    if result.interrupted:
        kept = "the model as it was" if result.best is None else "the best model so far"
        typer.echo(f"Interrupted; {kept} is in {output}", err=True)
        raise typer.Exit(INTERRUPTED)
    typer.echo(f"Saved the model of epoch {result.best['epoch']} to {output}")
