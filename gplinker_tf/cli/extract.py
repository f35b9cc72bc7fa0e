"""`gplinker extract`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Annotated

import typer
from tqdm.auto import tqdm

from gplinker_tf._counted import counted
from gplinker_tf.cli.arrivals import ON_RAY, windows
from gplinker_tf.cli.bad_lines import BadLines
from gplinker_tf.cli.choices import (
    ALL_MENTIONS,
    FLOAT32,
    JSON_LINES,
    KERAS_RUNTIME,
    Format,
    LongTexts,
    Mentions,
    OutputFormat,
)
from gplinker_tf.cli.command import (
    FORMAT_HELP,
    ConsistentTypesOption,
    EntitiesOption,
    JitOption,
    PrecisionOption,
    RunArgument,
    RuntimeOption,
    ThresholdOption,
    text_command,
    threshold_in_words,
)
from gplinker_tf.cli.extraction_input import STDIN, ExtractionInput, expect_apart
from gplinker_tf.data import OUTPUT_FORMATS, ExtractionOutput, OutputOptions
from gplinker_tf.distributed import WorkerExtractor, map_on_ray
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Extraction

SET_ASIDE = "Use --bad-lines FILE to set such items aside and process the others."


@text_command
def extract(
    run: RunArgument,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Texts, one per line, or JSON lines, a JSON array, CSV or TSV with texts, plain "
            "or .gz; - is standard input, which is also the default.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(help="File to write, or a folder for neo4j-csv; - is standard output."),
    ] = STDIN,
    output_format: Annotated[
        OutputFormat, typer.Option("--format", help="Format to write.")
    ] = JSON_LINES,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Continue --output after an interruption; texts that it contains are skipped.",
        ),
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an output that is not empty.")
    ] = False,
    bad_lines: Annotated[
        Path | None,
        typer.Option(
            help="File for the errors of lines, rows or items that can't be read; the others are "
            "processed. If not given, the first such error ends the run."
        ),
    ] = None,
    threshold: ThresholdOption = None,
    consistent_types: ConsistentTypesOption = False,
    entities: EntitiesOption = False,
    max_pairs: Annotated[
        int,
        typer.Option(
            help="Maximum number of subject-object pairs to score per text, or per window of a "
            "long one, best first.",
            min=1,
        ),
    ] = 10_000,
    input_format: Annotated[Format | None, typer.Option("--input-format", help=FORMAT_HELP)] = None,
    max_triples: Annotated[
        int,
        typer.Option(
            help="Maximum number of triples to find per text, or per window of a long one, best "
            "first.",
            min=1,
        ),
    ] = 300,
    mentions: Annotated[
        Mentions,
        typer.Option(
            help="Which mentions of a triple to write: all, best first; only the first in the "
            "text; or only the one whose subject and object are nearest to each other."
        ),
    ] = ALL_MENTIONS,
    long: Annotated[
        LongTexts | None,
        typer.Option(
            help="How texts longer than the model's maximum length are read: by sentences, in "
            "windows of several sentences, or only their beginning. If not given, as in "
            "training.",
            show_default=False,
        ),
    ] = None,
    base_iri: Annotated[
        str, typer.Option(help="Prefix of the IRIs in ntriples.")
    ] = OutputOptions.base_iri,
    precision: PrecisionOption = FLOAT32,
    jit: JitOption = False,
    runtime: RuntimeOption = KERAS_RUNTIME,
    ray: Annotated[
        bool,
        typer.Option(
            "--ray",
            help="Extract on the Ray cluster at RAY_ADDRESS, or else on this machine, with one "
            "worker per GPU, or per core if there is no GPU. RUN must have the same path on all "
            "machines.",
        ),
    ] = False,
) -> None:
    """Extract the triples of texts, one line of JSON per text or in another format.

    Spans are half-open character offsets. A score is the sum of four terms, or of three with
    --no-tail. Results are in the order of the texts and are written as they come, so the input
    may be arbitrarily long.

    Example: gplinker extract run sentences.txt --output triples.jsonl --resume

    Example: cat sentences.txt | gplinker extract run --format csv > triples.csv
    """
    files = files or [STDIN]
    expect_apart(files, output)
    expect_apart(files, bad_lines)
    form = OUTPUT_FORMATS[output_format.value](OutputOptions(run.resolve().name, base_iri))
    if entities and not form.has_entities:
        known = ", ".join(name for name, kind in OUTPUT_FORMATS.items() if kind.has_entities)
        raise InputError(
            f"Expected a format with entities: {known}. Received: --entities and --format "
            f"{form.name}, which has only triples. Choose another format, or leave out "
            "--entities."
        )
    target = ExtractionOutput(form, output, resume, overwrite)
    if target.complete:
        typer.echo(
            f"{output} is complete: there is no .progress file of an interrupted run next to it. "
            "Nothing was extracted. If the texts have changed, start over with --overwrite",
            err=True,
        )
        return
    bad = None if bad_lines is None else BadLines(bad_lines, resume or overwrite)
    set_aside = None if bad is None else bad.add
    advice = SET_ASIDE if bad is None else ""
    source = ExtractionInput(files, input_format and input_format.value, set_aside, advice)
    extract_from = WorkerExtractor(
        run,
        runtime.value,
        precision.value,
        jit,
        long and long.value,
        threshold=threshold,
        max_pairs=max_pairs,
        max_triples=max_triples,
        mentions=mentions.value,
        consistent_types=consistent_types,
        entities=entities,
    )
    calibration = extract_from.calibration if ray else extract_from.extractor.calibration
    typer.echo(threshold_in_words(threshold, calibration), err=True)

    texts, before = target.remaining(source.read()), target.texts
    if ray:
        found = _begun(map_on_ray(extract_from, windows(texts, source.waits, ON_RAY)))
    else:
        found = map(extract_from, windows(texts, source.waits))
    bar = tqdm(
        desc="extract", total=source.total(), initial=target.texts, unit=" texts", leave=False
    )
    try:
        with bar, target:
            for extractions in found:
                for extraction in extractions:
                    target.write(extraction)
                bar.update(len(extractions))
    except InputError as error:
        written = counted(target.texts, "text")
        raise InputError(f"{error}\nWritten before the error: {written}.", error.place) from error
    finally:
        if bad is not None:
            typer.echo(bad.summary, err=True)
    if resume and target.texts == before:
        typer.echo(f"{output} is complete: it already had all {counted(before, 'text')}", err=True)


def _begun(found: Iterator[list[Extraction]]) -> Iterator[list[Extraction]]:
    """Wait until workers have loaded the run, so that nothing is written if they can't."""
    return chain(list(islice(found, 1)), found)
