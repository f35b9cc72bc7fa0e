"""Texts joined to long documents: read in windows, truncated, and one by one.

    python -m benchmarks.long_documents RUN --data lic2019/dev_data.json

It prints precision, recall and F1 over the documents, characters per second, and peak memory. Each
way of reading runs in its own process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.command import RunArgument, TextsOption, run_command

#: Ways to read documents: text by text, or a value of `--long`.
WAYS = ("one by one", "sentences", "windows", "truncate")


def main(
    run: RunArgument,
    data: TextsOption,
    texts: Annotated[int, typer.Option(help="Texts per document.")] = 20,
    way: Annotated[str, typer.Option(help="Measure only this way, and print JSON.")] = "",
) -> None:
    """Compare whole documents with the same texts read one by one."""
    if way:
        typer.echo(json.dumps(measure(run, data, texts, way)))
        return
    typer.echo(
        f"{'':12}{'precision':>10}{'recall':>8}{'F1':>8}{'characters/s':>14}{'peak MiB':>10}"
    )
    for way in WAYS:
        command = [sys.executable, "-m", "benchmarks.long_documents", run, "--data", data]
        command += ["--texts", str(texts), "--way", way]
        found = json.loads(subprocess.check_output(command, text=True).splitlines()[-1])
        typer.echo(
            f"{way:12}{found['precision']:>10.4f}{found['recall']:>8.4f}{found['f1']:>8.4f}"
            f"{found['speed']:>14,.0f}{found['memory']:>10,.0f}"
        )


def measure(run: Path, file: Path, texts: int, way: str) -> dict[str, float]:
    """Return the scores over the documents, characters per second, and peak memory in MiB."""
    from gplinker_tf import Example, Extraction, RelationExtractor
    from gplinker_tf.data import read_examples
    from gplinker_tf.metrics import evaluate_triples

    extractor = RelationExtractor.load(run)
    examples = read_examples(file, extractor.schema)
    groups = [examples[first : first + texts] for first in range(0, len(examples), texts)]
    documents = [
        Example(
            "\n".join(example.text for example in group),
            tuple(triple for example in group for triple in example.triples),
        )
        for group in groups
    ]
    if way == "one by one":
        read = [[example.text for example in group] for group in groups]
    else:
        extractor.windows = replace(extractor.windows, long=way)
        read = [[document.text] for document in documents]
    flat = [text for group in read for text in group]
    extractor(flat[:40])
    began = time.perf_counter()
    found = iter(extractor(flat))
    seconds = time.perf_counter() - began
    extractions = [
        Extraction(
            document.text,
            tuple(triple for _ in group for triple in next(found).triples),
        )
        for document, group in zip(documents, read, strict=True)
    ]
    scores = evaluate_triples(documents, extractions, extractor.tokenizer.tokenize).tokenized
    return {
        "precision": scores.precision,
        "recall": scores.recall,
        "f1": scores.f1,
        "speed": sum(map(len, flat)) / seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    run_command(main)
