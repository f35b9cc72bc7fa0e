"""Reports on a run folder."""

from __future__ import annotations

from pathlib import Path

from gplinker_tf.data import AnnotatedData, as_examples
from gplinker_tf.errors_by_cause import find_mistakes
from gplinker_tf.metrics import evaluate_triples
from gplinker_tf.report.run_report import RunReport


def report_run(
    run: str | Path,
    data: AnnotatedData | None = None,
    examples: int = 20,
    progress: bool = False,
) -> RunReport:
    """Report what a run got wrong, and why.

    Args:
        run: the run folder.
        data: annotated texts to extract from first: a file, a DataFrame or a list, as for
            `as_examples`; defaults to the saved predictions for the dev set.
        examples: how many texts to show as worth a look first, and how many mistakes of each
            cause.
        progress: show a progress bar.

    Returns:
        The report; a notebook displays it, and `markdown_report` and `page` format it.

    Raises:
        InputError: the folder or the file can't be read.

    Example:

        report_run("run")                      # in the last line of a cell
        report_run("run").to_dataframe()       # one row per error
    """
    from gplinker_tf.extraction import RelationExtractor
    from gplinker_tf.runs import HISTORY, PREDICTIONS, read_history, read_predictions

    run = Path(run)
    extractor = RelationExtractor.load(run)
    if data is None:
        annotated, extractions = read_predictions(run / PREDICTIONS)
    else:
        annotated = as_examples(data, extractor.schema)
        extractions = extractor([example.text for example in annotated], progress=progress)
    tokenizer = extractor.tokenizer
    mistakes = find_mistakes(annotated, extractions, tokenizer, extractor.schema, extractor.windows)
    return RunReport(
        name=run.resolve().name,
        texts=len(annotated),
        evaluation=evaluate_triples(annotated, extractions, tokenizer.tokenize),
        mistakes=tuple(mistakes),
        history=read_history(run / HISTORY),
        examples=examples,
    )
