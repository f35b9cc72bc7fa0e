"""`gplinker audit`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.cli.choices import ALL_OCCURRENCES, SENTENCES, LongTexts, Model, Occurrences
from gplinker_tf.cli.command import DataOption, SchemaFromDataOption, SchemaOption, text_command
from gplinker_tf.training import TrainingOptions

DEFAULT = TrainingOptions()
DEFAULT_MODEL = Model(TrainingOptions.model)


@text_command
def audit(
    data: DataOption,
    encoder: Annotated[
        str,
        typer.Option(
            metavar="FOLDER|hf://NAME",
            help="Folder of the encoder to train, or its name on the Hugging Face Hub; only its "
            "vocab.txt is needed.",
        ),
    ],
    model: Annotated[
        Model, typer.Option(help="The model to train; not every model can represent every triple.")
    ] = DEFAULT_MODEL,
    schema: SchemaOption = None,
    schema_from_data: SchemaFromDataOption = False,
    max_length: Annotated[
        int, typer.Option(help="Maximum number of tokens read at once, as for training.")
    ] = DEFAULT.max_length,
    long: Annotated[
        LongTexts, typer.Option(help="How longer texts are read, as for training.")
    ] = SENTENCES,
    occurrences: Annotated[
        Occurrences,
        typer.Option(help="Which occurrences of a word without offsets are labeled."),
    ] = ALL_OCCURRENCES,
    examples: Annotated[
        int, typer.Option(min=0, help="Number of triples to show per status, with their lines.")
    ] = 5,
    output: Annotated[
        Path | None, typer.Option(help="Markdown file to write; if not given, it is printed.")
    ] = None,
) -> None:
    """Show which annotated triples a model can't learn, and why, before you train.

    Both files are labeled as in training, and each triple gets a status: learnable, duplicate,
    not in the text, not aligned with tokens, out of reach (the two ends are never read at once).
    The share of learnable triples that the model can tell apart is the best recall it can reach.
    The output is a summary, a table with one row per predicate, and examples with their lines.

    Example: gplinker audit --data lic2019 --encoder chinese_L-12_H-768_A-12 --output audit.md
    """
    from gplinker_tf.alignment import TripleAligner
    from gplinker_tf.audit import audit_labels, audit_report
    from gplinker_tf.data import DataFolder, read_numbered_examples
    from gplinker_tf.encoders.hub import download, is_hub_address
    from gplinker_tf.models import MODELS
    from gplinker_tf.runs import expect_target
    from gplinker_tf.tokenizers import BertTokenizer

    TrainingOptions(max_length=max_length)  # raises the errors that training would
    if output is not None:
        expect_target(output)
    folder = DataFolder.open(data, schema, schema_from_data)
    if is_hub_address(encoder):
        encoder = str(download(encoder, weights=False)[0])
    predicates = folder.read_schema()
    aligner = TripleAligner(
        *(BertTokenizer.from_folder(encoder), predicates, max_length),
        occurrences=occurrences.value,
        long=long.value,
    )
    target_builder = MODELS[model.value].target_builder(len(predicates.predicates))
    audits = {
        str(path): audit_labels(
            *(read_numbered_examples(path, predicates), aligner, examples),
            progress=True,
            target_builder=target_builder,
        )
        for path in (folder.train, folder.dev)
    }
    report = audit_report(audits, aligner, model.value)
    if output is None:
        typer.echo(report, nl=False)
    else:
        with whole_file(output) as unfinished:
            unfinished.write_text(report, encoding="utf-8")
        typer.echo(f"Written to {output}", err=True)
