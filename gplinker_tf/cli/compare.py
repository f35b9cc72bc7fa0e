"""`gplinker compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gplinker_tf.cli.choices import LOCAL_SINGLE, LocalStrategy
from gplinker_tf.cli.command import (
    DataOption,
    SchemaFromDataOption,
    SchemaOption,
    also_called,
    command,
)
from gplinker_tf.cli.training_options import (
    ConfigOption,
    EncoderFamilyOption,
    EncoderOption,
    given_settings,
    with_training_options,
)
from gplinker_tf.comparison import VARIANTS

#: The most common training options; --config also accepts the others.
NAMES = (
    *("recipe", "epochs", "batch_size", "learning_rate", "accumulation", "max_length"),
    *("averaging", "encoder_layers", "limit", "dev_limit"),
)

#: The files that a comparison writes; the picture only if matplotlib is installed.
FILES = ("table.md", "table.json", "table.png")

#: Exit code if runs failed.
SOME_FAILED = 1


@command
@with_training_options(NAMES)
def compare(
    context: typer.Context,
    data: DataOption,
    encoder: EncoderOption,
    output: Annotated[Path, typer.Option(help="The folder to write to or continue in.")],
    models: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME,...",
            help=f"Models to train, from {', '.join(VARIANTS)}; all of them if not given.",
        ),
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, help="Number of runs per model, with seeds 1, 2, and so on.")
    ] = 1,
    schema: SchemaOption = None,
    schema_from_data: SchemaFromDataOption = False,
    test: Annotated[
        Path | None,
        typer.Option(
            help="Annotated test texts for F1, used once after a run is trained; its best epoch "
            "is then chosen on the dev set only."
        ),
    ] = None,
    encoder_family: EncoderFamilyOption = None,
    config: ConfigOption = None,
    measure: Annotated[
        bool, typer.Option(help="Measure speed and memory after all runs are trained.")
    ] = True,
    measure_again: Annotated[
        bool, typer.Option("--measure-again", help="Measure again what is already in speeds.json.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be trained or continued, and stop.")
    ] = False,
    strategy: Annotated[
        LocalStrategy,
        typer.Option(
            help="Where to train: on one GPU, or on all GPUs of this machine. Speed is measured "
            "on one."
        ),
    ] = LOCAL_SINGLE,
    **options: Any,
) -> None:
    """Train and compare the blog's models; write table.md, table.json and table.png.

    Each model is trained with settings that suit it and the amount of data, or, with --recipe
    blog, with those of the original script. --config accepts the options of run.yaml, except
    those that define a model. Runs are ordinary run folders, OUTPUT/runs/MODEL-seed-N. After an
    interruption, the same command continues. Finished runs are not trained again, and are in the
    table regardless of --models and --seeds.

    Example: gplinker compare --data lic2019 --encoder chinese_L-12_H-768_A-12 --output table
    """
    from gplinker_tf.comparison import chosen_variants, make_table
    from gplinker_tf.data import DataFolder
    from gplinker_tf.encoders import EncoderFolder

    result = make_table(
        DataFolder.open(data, schema, schema_from_data),
        EncoderFolder.open(encoder, family=encoder_family),
        output,
        chosen_variants(models or []),
        seeds,
        given_settings(context),
        report=typer.echo,
        measure=measure,
        measure_again=measure_again,
        dry_run=dry_run,
        strategy=strategy.value,
        test=test,
    )
    if result is None:
        return
    written = [path for name in FILES if (path := output / name).is_file()]
    typer.echo(f"Written: {', '.join(map(str, written))}")
    if result.failures:
        typer.echo(f"gplinker: failed: {', '.join(result.failures)}", err=True)
        raise typer.Exit(SOME_FAILED)


also_called("table", compare)
