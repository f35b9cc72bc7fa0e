"""`gplinker export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf.cli.choices import EXPORT_FLOAT32, ONNX, ExportFormat, ExportPrecision
from gplinker_tf.cli.command import RunArgument, command


@command
def export(
    run: RunArgument,
    format: Annotated[
        ExportFormat,
        typer.Option(
            help="onnx, for ONNX Runtime, or litert, for LiteRT (TensorFlow Lite), which run "
            "without TensorFlow; or savedmodel, for TensorFlow and TensorFlow Serving. All run "
            "without this package."
        ),
    ] = ONNX,
    output: Annotated[
        Path | None,
        typer.Option(
            help="The folder to write. If not given, RUN/onnx, RUN/litert or RUN/savedmodel.",
            show_default=False,
        ),
    ] = None,
    precision: Annotated[
        ExportPrecision,
        typer.Option(
            help="Data type of the stored weights. onnx and litert also offer float16, half the "
            "size, and int8, including embeddings, about a quarter of the size and faster."
        ),
    ] = EXPORT_FLOAT32,
    texts: Annotated[
        Path | None,
        typer.Option(
            help="For onnx in int8: typical texts, as for gplinker extract, to fit value ranges "
            "to; the first 256 are used. If not given, random tokens, which is nearly as good.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing export.")
    ] = False,
) -> None:
    """Export a trained model to run without this package: token ids in, triples out.

    The folder contains the model with its decoding, the vocabulary, the schema, the thresholds of
    gplinker tune, and a manifest with checksums, so that a damaged export is refused.

    Then, without the need for TensorFlow:
    gplinker extract RUN sentences.txt --runtime onnx (or litert)

    Example: gplinker export run --precision int8
    """
    from gplinker_tf.data import read_texts
    from gplinker_tf.export import export as export_run

    typical = None if texts is None else read_texts(texts)
    folder = export_run(run, output, format.value, precision.value, overwrite, typical)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    typer.echo(f"{folder}: {format.value}, {precision.value}, {size / 1e6:,.1f} MB", err=True)
