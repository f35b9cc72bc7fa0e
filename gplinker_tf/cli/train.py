"""`gplinker train`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf.cli.command import (
    INTERRUPTED,
    DataOption,
    JitOption,
    Precision,
    PrecisionOption,
    SchemaFromDataOption,
    SchemaOption,
    command,
)
from gplinker_tf.cli.training_options import (
    DEFAULT,
    AccumulationOption,
    AdversarialOption,
    AveragingOption,
    BatchSizeOption,
    ClipNormOption,
    ConfigOption,
    DevLimitOption,
    EncoderLayersOption,
    EncoderOption,
    EpochsOption,
    HeadsRateOption,
    InitialScoreOption,
    LearningRateOption,
    LimitOption,
    MaxLengthOption,
    Model,
    PatienceOption,
    Recipe,
    RecipeOption,
    WarmUpOption,
    given_settings,
)
from gplinker_tf.training.options import CHOICES, STRATEGIES, TrainingOptions
from gplinker_tf.training.recipes import AUTO

Pointer, Entities, LossForm = (
    Enum(name, {value: value for value in CHOICES[name]})
    for name in ("pointer", "entities", "loss_form")
)
Decay, AveragingForm, Occurrences = (
    Enum(name, {value: value for value in (AUTO, *CHOICES[name])})
    for name in ("decay", "averaging_form", "occurrences")
)
Strategy = Enum("Strategy", {name: name for name in STRATEGIES})


@command
def train(
    context: typer.Context,
    data: DataOption,
    encoder: EncoderOption,
    output: Annotated[Path, typer.Option(help="The run folder to write.")],
    schema: SchemaOption = None,
    schema_from_data: SchemaFromDataOption = False,
    config: ConfigOption = None,
    model: Annotated[
        Model,
        typer.Option(
            help="What to train; casrel tags subjects, then objects of each; the tplinkers give "
            "each pair of tokens a vector, which takes far more memory."
        ),
    ] = Model[DEFAULT.model],
    pointer: Annotated[
        Pointer, typer.Option(help="Form of the pointers; efficient has far fewer parameters.")
    ] = Pointer[DEFAULT.pointer],
    entities: Annotated[
        Entities, typer.Option(help="Find subjects and objects apart, or under one label.")
    ] = Entities[DEFAULT.entities],
    with_tail: Annotated[
        bool,
        typer.Option(
            "--tail/--no-tail",
            help="Score the ends of subject and object too; without nested entities, their starts "
            "will do.",
        ),
    ] = DEFAULT.with_tail,
    loss_form: Annotated[
        LossForm,
        typer.Option(
            "--loss",
            help="Sparse, from positions; multihot, from all scores: slower; or published, sparse "
            "in bert4keras's arithmetic: slower and not exact.",
        ),
    ] = LossForm[DEFAULT.loss_form],
    occurrences: Annotated[
        Occurrences,
        typer.Option(
            help="Which places of a word without offsets are labelled: the first, those of subject "
            "and object that are nearest to each other, or all."
        ),
    ] = Occurrences[DEFAULT.occurrences],
    recipe: RecipeOption = Recipe[DEFAULT.recipe],
    epochs: EpochsOption = DEFAULT.epochs,
    batch_size: BatchSizeOption = DEFAULT.batch_size,
    learning_rate: LearningRateOption = DEFAULT.learning_rate,
    heads_rate: HeadsRateOption = DEFAULT.heads_rate,
    warm_up: WarmUpOption = DEFAULT.warm_up,
    decay: Annotated[
        Decay, typer.Option(help="Whether the rate then stays or falls to 0 at the end.")
    ] = Decay[DEFAULT.decay],
    initial_score: InitialScoreOption = DEFAULT.initial_score,
    clip_norm: ClipNormOption = DEFAULT.clip_norm,
    adversarial: AdversarialOption = DEFAULT.adversarial,
    accumulation: AccumulationOption = DEFAULT.accumulation,
    max_length: MaxLengthOption = DEFAULT.max_length,
    head_size: Annotated[
        int, typer.Option(help="Size of a pointer's query and key.")
    ] = DEFAULT.head_size,
    averaging: AveragingOption = DEFAULT.averaging,
    averaging_form: Annotated[
        AveragingForm,
        typer.Option(
            help="Whether the EMA decay grows with the step, so that the average never lags far "
            "behind, or is constant, as in bert4keras."
        ),
    ] = AveragingForm[DEFAULT.averaging_form],
    patience: PatienceOption = DEFAULT.patience,
    encoder_layers: EncoderLayersOption = None,
    limit: LimitOption = None,
    dev_limit: DevLimitOption = None,
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
    deterministic: Annotated[
        bool, typer.Option(help="The same bits each time on one machine; off, GPUs are faster.")
    ] = DEFAULT.deterministic,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the run in a folder that is not empty.")
    ] = False,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with the run in the folder, or begin it if none is."),
    ] = False,
    checkpoint_minutes: Annotated[
        float, typer.Option(help="Between two checkpoints; each epoch's end has one too.")
    ] = 10.0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be trained on what, and stop.")
    ] = False,
    strategy: Annotated[
        Strategy,
        typer.Option(
            help="Where: on one GPU, on all of this machine, or on those of all in TF_CONFIG."
        ),
    ] = Strategy[STRATEGIES[0]],
) -> None:
    """Train on a folder of annotated texts and keep the best model by F1.

    With no option given the settings suit the amount of data; --recipe blog takes those of the
    original script. Ctrl-C ends the run and keeps the best model so far; after it, or a crash, the
    same command with --resume goes on as if undisturbed.

    Example: gplinker train --data lic2019 --encoder chinese_L-12_H-768_A-12 --output run
    """
    options = TrainingOptions(**given_settings(context))
    from gplinker_tf.data import DataFolder, default_cache_folder

    data_folder = DataFolder.open(data, schema, schema_from_data)
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
        resume=resume,
        checkpoint_minutes=checkpoint_minutes,
        dry_run=dry_run,
        strategy=strategy.value,
    )
    if dry_run:
        return
    if result.interrupted:
        kept = "the model as it was" if result.best is None else "the best model so far"
        typer.echo(f"Interrupted; {kept} is in {output}. Go on with --resume.", err=True)
        raise typer.Exit(INTERRUPTED)
    if result.best is not None:
        typer.echo(f"Saved the model of epoch {result.best['epoch']} to {output}")
