"""`gplinker convert`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf._counted import counted
from gplinker_tf.cli.command import command


@command
def convert(
    weights: Annotated[
        Path,
        typer.Option("--bert4keras", help="The file that the script's save_weights wrote."),
    ],
    config: Annotated[Path, typer.Option(help="The encoder's bert_config.json.")],
    schema: Annotated[Path, typer.Option(help="The predicates it was trained on, in order.")],
    vocab: Annotated[Path, typer.Option(help="The encoder's vocab.txt.")],
    output: Annotated[Path, typer.Option(help="The run folder to write.")],
    max_length: Annotated[int, typer.Option(help="The script's maxlen.")] = 128,
    cased: Annotated[bool, typer.Option("--cased", help="Set if do_lower_case was False.")] = False,
    encoder_layers: Annotated[
        int | None,
        typer.Option(help="Number of layers that were used, if fewer than in the config."),
    ] = None,
    encoder_family: Annotated[
        str | None,
        typer.Option(help="model= in the script's build_transformer_model, if not in the config."),
    ] = None,
) -> None:
    """Convert a model saved by bert4keras's GPLinker script into a run folder of this package.

    It reads HDF5 files and TensorFlow checkpoints, with standard or efficient pointers, of any
    encoder family. The format is detected from the content, regardless of the suffix. Then:
    gplinker extract RUN sentences.txt

    Example: gplinker convert --bert4keras best_model.weights --config bert_config.json
    --schema all_50_schemas --vocab vocab.txt --output run
    """
    from gplinker_tf.bert4keras.convert import extractor_from_bert4keras

    extractor = extractor_from_bert4keras(
        weights, config, schema, vocab, max_length, not cased, encoder_layers, encoder_family
    )
    extractor.save(output)
    model = extractor.model
    typer.echo(f"{output}: {model.pointer}, {counted(model.num_predicates, 'predicate')}", err=True)
