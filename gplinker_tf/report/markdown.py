"""The report as Markdown; its summary is also easy to read in a terminal."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from gplinker_tf._counted import counted
from gplinker_tf.errors_by_cause import Disagreement, Mistake, Reason
from gplinker_tf.metrics.evaluation import display_width
from gplinker_tf.report._figures import SCORE_TITLES, confidence, epoch_rows, score_cells
from gplinker_tf.report._marking import NOTE, RULE, marks, shown_triples
from gplinker_tf.report.run_report import CAUSE_TITLES, CauseRow, RunReport
from gplinker_tf.structures import Triple

#: How many predicates the summary lists.
WORST = 10

BRACKETS = {"gold": "⟦⟧", "found": "‹›"}
LEGEND = f"In the texts ⟦gold⟧ and ‹found› spans are marked. {NOTE}"


def markdown_summary(report: RunReport) -> str:
    """Return the figures: overall, by cause, of the worst predicates, and by epoch.

    Args:
        report: the report.

    Example:

    >>> from gplinker_tf.metrics import Evaluation, ScoreCounts
    >>> right = ScoreCounts(correct=3, found=3, annotated=3)
    >>> print(markdown_summary(RunReport("run", 2, Evaluation(right, right, {}), mistakes=())))
    # Errors of run
    <BLANKLINE>
    2 texts, 3 gold triples, 3 found, 3 of them correct: precision 1.0000, recall 1.0000, F1 1.0000
    (exact 1.0000)
    <BLANKLINE>
    No errors.
    """
    parts = [
        *_opening(report),
        *_causes(report),
        *_predicates(report, WORST),
        *_epochs(report),
    ]
    return "\n\n".join(parts) + "\n"


def markdown_report(report: RunReport) -> str:
    """Return the whole report: texts worth a look, figures, all predicates, examples by cause.

    Args:
        report: the report, which also says how many examples to show.

    Example:

    >>> from gplinker_tf.errors_by_cause import Cause
    >>> from gplinker_tf.metrics import Evaluation, ScoreCounts
    >>> from gplinker_tf.structures import Span
    >>> counts = ScoreCounts(correct=1, found=1, annotated=2)
    >>> gold = Triple(Span("Rain", 9, 13), "author", Span("Li", 0, 2))
    >>> missed = Mistake(1, "Li wrote Rain", Cause.NOT_FOUND, gold)
    >>> report = RunReport("run", 1, Evaluation(counts, counts, {}), (missed,))
    >>> print("\\n".join(markdown_report(report).splitlines()[-2:]))
    - 1: ⟦Li⟧ wrote ⟦Rain⟧
      - gold: Rain → author → Li
    """
    sections = (part for row in report.causes() for part in _section(row, report.examples))
    legend = [LEGEND] if report.mistakes and report.examples else []
    parts = [
        *_opening(report),
        *legend,
        *_first_texts(report),
        *_causes(report),
        *sections,
        *_predicates(report),
        *_epochs(report),
    ]
    return "\n\n".join(parts) + "\n"


def _opening(report: RunReport) -> Iterator[str]:
    counts, exact = report.counts, report.evaluation.exact
    yield f"# Errors of {plain(report.name)}"
    yield (
        f"{counted(report.texts, 'text')}, {counted(counts.annotated, 'gold triple')}, "
        f"{counts.found:,} found, {counts.correct:,} of them correct: precision "
        f"{counts.precision:.4f}, recall {counts.recall:.4f}, F1 {counts.f1:.4f} (exact "
        f"{exact.f1:.4f})"
    )
    if any(report.evaluation.removed):
        yield f"{report.evaluation.removed.in_words()}."
    yield from ([" ".join(map(plain, report.remarks))] if report.remarks else [])
    if not report.mistakes:
        yield "No errors."


def _first_texts(report: RunReport) -> Iterator[str]:
    if texts := report.first_texts:
        yield f"## Worth a look first: {len(texts)}"
        yield RULE
        yield from (f"**{reason.title}**: {reason.meaning}" for reason in Reason)
        yield "\n".join(map(_disagreement, texts))


def _disagreement(disagreement: Disagreement) -> str:
    marked = _marked(disagreement.mistakes)
    lines = [f"- {disagreement.number}, {disagreement.reason.title}: {marked}"]
    for mistake in disagreement.mistakes:
        triples = (f"{side} {_words(triple)}" for side, triple in shown_triples(mistake))
        lines.append(f"  - {mistake.cause.title}: {'; '.join(triples)}")
    return "\n".join(lines)


def _causes(report: RunReport) -> Iterator[str]:
    if report.mistakes:
        yield "## By cause"
        yield table(CAUSE_TITLES, [(row.cause.title, *row.cells) for row in report.causes()])


def _section(row: CauseRow, examples: int) -> Iterator[str]:
    title = row.cause.title
    yield f"## {title[0].upper()}{title[1:]}: {len(row.mistakes):,}"
    yield f"{row.cause.meaning} **What to do:** {plain(row.cause.advice)}"
    if examples:
        yield "\n".join(_example(mistake) for mistake in row.examples(examples))


def _example(mistake: Mistake) -> str:
    lines = [f"- {mistake.number}: {_marked([mistake])}"]
    lines += [f"  - {side}: {_words(triple)}" for side, triple in shown_triples(mistake)]
    return "\n".join(lines)


def _marked(mistakes: Sequence[Mistake]) -> str:
    text = mistakes[0].text
    sides = list(BRACKETS)
    spans = {(start, end, sides.index(side)) for start, end, (side, _) in marks(mistakes)}
    # Close spans before opening others at the same offset; a span inside another stays inside.
    opened = [(start, 1, -end, side) for start, end, side in spans]
    closed = [(end, 0, -start, -side) for start, end, side in spans]
    parts, place = [], 0
    for offset, opens, _, side in sorted(opened + closed):
        bracket = BRACKETS[sides[abs(side)]][1 - opens]
        parts += [plain(text[place:offset]), bracket]
        place = offset
    return "".join([*parts, plain(text[place:])])


def _words(triple: Triple) -> str:
    known = confidence(triple)
    return " → ".join(map(plain, triple.words)) + (f" ({known})" if known else "")


def _predicates(report: RunReport, limit: int | None = None) -> Iterator[str]:
    rows = report.predicates()
    if rows:
        shown = len(rows[:limit])
        some = f"the {shown} of {len(rows)} with the most errors" if shown < len(rows) else "all"
        yield f"## Predicates: {some}"
        yield table(
            ("predicate", *SCORE_TITLES),
            [(plain(name), *score_cells(counts)) for name, counts in rows[:limit]],
        )


def _epochs(report: RunReport) -> Iterator[str]:
    if report.history:
        yield "## Epochs"
        titles, *rows = epoch_rows(report.history)
        yield table(titles, rows)


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table that aligns in a terminal, the first column left, the others right.

    Example:

    >>> print(table(("name", "F1"), [("主演", "0.5")]))
    | name |  F1 |
    |:-----|----:|
    | 主演 | 0.5 |
    """
    lines = [titles, *rows]
    widths = [max(map(display_width, column)) for column in zip(*lines, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padding = [" " * (w - display_width(c)) for w, c in zip(widths, cells, strict=True)]
        first, *others = zip(cells, padding, strict=True)
        return f"| {''.join(first)} |" + "".join(f" {pad}{cell} |" for cell, pad in others)

    rule = f"|:{'-' * (widths[0] + 1)}|" + "".join(f"{'-' * (w + 1)}:|" for w in widths[1:])
    return "\n".join([line(titles), rule, *map(line, rows)])


def plain(text: str) -> str:
    """Escape text so that Markdown shows it as it is, in one line, including tags.

    Example:

    >>> print(plain("<b>*a*</b>"))
    &lt;b&gt;\\*a\\*&lt;/b&gt;
    """
    one_line = " ".join(text.splitlines())
    return re.sub(r"([\\`*_\[\]|~#])", r"\\\1", html.escape(one_line, quote=False))
