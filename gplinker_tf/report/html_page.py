"""The report as one self-contained HTML file, with its styles and script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from string import Template

import gplinker_tf
from gplinker_tf._counted import counted
from gplinker_tf.errors_by_cause import Reason
from gplinker_tf.report._figures import SCORE_TITLES, epoch_rows, score_cells
from gplinker_tf.report._html_texts import disagreement, example, predicates_of
from gplinker_tf.report._marking import NOTE, RULE
from gplinker_tf.report.markdown import WORST
from gplinker_tf.report.run_report import CAUSE_TITLES, CauseRow, RunReport

TEMPLATE = "page.html"
#: How many texts are unfolded; the others are folded, so that the figures are not far below.
OPEN = 5
LEGEND = (
    '<p class="note">In the texts <mark class="gold">gold</mark> spans are underlined and '
    f'<mark class="found">found</mark> ones shaded. {escape(NOTE)}</p>'
)


def page(report: RunReport) -> str:
    """Return the content of the HTML file; all texts in it are escaped.

    Args:
        report: the report.

    Example:

    >>> from gplinker_tf.metrics import Evaluation, ScoreCounts
    >>> right = ScoreCounts(correct=3, found=3, annotated=3)
    >>> content = page(RunReport("<my run>", 2, Evaluation(right, right, {}), mistakes=()))
    >>> "<title>Errors of &lt;my run&gt;</title>" in content, "<h2>No errors</h2>" in content
    (True, True)
    """
    counts, removed = report.counts, report.evaluation.removed
    template = Template((files("gplinker_tf.report") / TEMPLATE).read_text(encoding="utf-8"))
    return template.substitute(
        title=escape(f"Errors of {report.name}"),
        opening=(
            f"{counted(report.texts, 'text')}, {counted(counts.annotated, 'gold triple')}, "
            f"{counts.found:,} found, {counts.correct:,} of them correct; words match as tokens"
            + (f"; {removed.in_words()}" if any(removed) else "")
        ),
        scores="".join(
            f"<div><dt>{title}</dt><dd>{score:.4f}</dd></div>"
            for title, score in (
                ("precision", counts.precision),
                ("recall", counts.recall),
                ("F1", counts.f1),
                ("exact F1", report.evaluation.exact.f1),
            )
        ),
        remarks=_remarks(report.remarks),
        legend=LEGEND if report.mistakes and report.examples else "",
        first_texts=_first_texts(report),
        causes=_causes(report),
        examples=_examples(report),
        predicates=_predicates(report),
        epochs=_epochs(report),
        footer=f"gplinker_tf {gplinker_tf.__version__}, gplinker report",
    )


def _remarks(remarks: Sequence[str]) -> str:
    lines = "".join(f"<p>{escape(remark)}</p>" for remark in remarks)
    return f'<div class="remarks">{lines}</div>' if lines else ""


def _first_texts(report: RunReport) -> str:
    texts = [disagreement(text) for text in report.first_texts]
    if not texts:
        return ""
    kinds = "".join(
        f"<li><b>{reason.title}</b>: {escape(reason.meaning)}</li>" for reason in Reason
    )
    others = texts[OPEN:]
    folded = _folded(f"The other {len(others)}", "".join(others)) if others else ""
    return (
        f"<h2>Worth a look first <small>{len(texts)}</small></h2><p>{escape(RULE)}</p>"
        f"<ul>{kinds}</ul>{''.join(texts[:OPEN])}{folded}"
    )


def _folded(title: str, content: str) -> str:
    return f"<details><summary>{title}</summary>{content}</details>"


def _causes(report: RunReport) -> str:
    if not report.mistakes:
        return "<h2>No errors</h2>"
    rows = report.causes()
    most = max(row.share for row in rows)
    cells = (
        (
            f'<a href="#{row.cause.slug}">{row.cause.title}</a>'
            f'<span class="bar" style="width:{row.share / most:.1%}"></span>',
            *row.cells,
        )
        for row in rows
    )
    table = _table(CAUSE_TITLES, cells, wide=("missed", "wrong"))
    return f'<h2>By cause</h2><div class="causes">{table}</div>'


def _examples(report: RunReport) -> str:
    rows = report.causes()
    if not rows or not report.examples:
        return ""
    shown = [mistake for row in rows for mistake in row.examples(report.examples)]
    names = sorted({name for mistake in shown for name in predicates_of(mistake)})
    causes = [(row.cause.slug, row.cause.title) for row in rows]
    sections = "".join(_section(row, report.examples) for row in rows)
    return (
        '<div class="examples">'
        '<div class="filter" role="group" aria-label="Which examples are shown">'
        f"{_select('cause', causes)}{_select('predicate', [(name, name) for name in names])}"
        '<button type="button" id="reset" title="Escape">Show all</button>'
        '<p class="count" id="shown" aria-live="polite"></p></div>'
        f"{sections}</div>"
    )


def _select(name: str, options: Sequence[tuple[str, str]]) -> str:
    choices = "".join(
        f'<option value="{escape(value)}">{escape(title)}</option>' for value, title in options
    )
    return (
        f'<label>{name} <select id="{name}"><option value="">every {name}</option>'
        f"{choices}</select></label>"
    )


def _section(row: CauseRow, examples: int) -> str:
    title, slug = row.cause.title, row.cause.slug
    shown = row.examples(examples)
    some = f", {len(shown)} shown" if len(shown) < len(row.mistakes) else ""
    return (
        f'<section id="{slug}" data-cause="{slug}" aria-labelledby="{slug}-title">'
        f'<h2 id="{slug}-title">{title[0].upper()}{title[1:]} '
        f"<small>{len(row.mistakes):,}{some}</small></h2>"
        f'<p>{escape(row.cause.meaning)}</p><p class="advice">{escape(row.cause.advice)}</p>'
        f"{''.join(map(example, shown))}</section>"
    )


def _predicates(report: RunReport) -> str:
    rows = [(escape(name), *score_cells(counts)) for name, counts in report.predicates()]
    if not rows:
        return ""
    titles = ("predicate", *SCORE_TITLES)
    worst = "<h2>Predicates <small>most errors first</small></h2>" + _table(titles, rows[:WORST])
    if len(rows) <= WORST:
        return worst
    return worst + _folded(f"The other {len(rows) - WORST}", _table(titles, rows[WORST:]))


def _epochs(report: RunReport) -> str:
    if not report.history:
        return ""
    best = max(record.get("f1") or 0.0 for record in report.history)
    # As in training, the later of two equal epochs counts as better.
    number = [str(r["epoch"]) for r in report.history if (r.get("f1") or 0.0) == best][-1]
    title = "<h2>Epochs <small>total loss and its parts; the best F1 in bold</small></h2>"
    titles, *rows = epoch_rows(report.history)
    return title + _table(titles, rows, best=number)


def _table(
    titles: Sequence[str],
    rows: Iterable[Sequence[str]],
    wide: Sequence[str] = (),
    best: str | None = None,
) -> str:
    """Return a table of HTML cells; `wide` columns are shown on wide pages only."""
    classes = [' class="wide"' if title in wide else "" for title in titles]

    def line(cells: Sequence[str], tag: str) -> str:
        return "".join(
            f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(classes, cells, strict=True)
        )

    body = "".join(
        f"<tr{' class=best' if cells[0] == best else ''}>{line(cells, 'td')}</tr>" for cells in rows
    )
    return f"<table><thead><tr>{line(titles, 'th')}</tr></thead><tbody>{body}</tbody></table>"
