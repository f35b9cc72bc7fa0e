"""A label audit as Markdown: a summary, tables and examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from gplinker_tf._counted import counted
from gplinker_tf.alignment import LabelStatus, StatusCounts, TripleAligner
from gplinker_tf.alignment.label_status import CAUSES
from gplinker_tf.audit.audit import Audit, Finding
from gplinker_tf.audit.label_notes import LabelNote
from gplinker_tf.metrics import ScoreCounts

MEANINGS: dict[LabelStatus | LabelNote, str] = {
    LabelStatus.DUPLICATE: "the triple occurs again on the same line; it is learned and counted "
    "once",
    LabelStatus.MISSING: "the word does not occur in the text",
    LabelStatus.NOT_ALIGNED: "the word is in the text, but does not start and end at token "
    "boundaries",
    LabelStatus.OUT_OF_REACH: "the model never reads the subject and the object at once",
    LabelStatus.ON_SPECIAL_TOKEN: "its tokens are [CLS] or [SEP], where the model never finds "
    "anything",
    LabelNote.INSIDE: "the label covers only part of a longer word",
    LabelNote.REPEATED: "--occurrences decides which ones are labeled",
    LabelNote.RESPELT: "case, spaces or accents differ: right by tokenized match, wrong by exact",
    LabelNote.CLASHING: "the model's labels cannot represent it together with the text's other "
    "triples",
    LabelNote.ELSEWHERE: "the triple can't be learned, and a false label is learned in its place",
}

#: Characters of the text to show on each side of a word.
AROUND = 30


def audit_report(
    audits: Mapping[str, Audit], aligner: TripleAligner, model: str = "gplinker"
) -> str:
    """Write a report on several files: summary, tables and examples.

    Args:
        audits: the audit of each file, by the file's path.
        aligner: the aligner that labeled the texts.
        model: the name of the model whose target builder was used.

    Returns:
        The report as Markdown.

    Example:

    >>> from gplinker_tf.alignment import TripleAligner
    >>> from gplinker_tf.audit import audit_labels
    >>> from gplinker_tf.structures import Example, Schema, Span, Triple
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"甲乙丙"])
    >>> aligner = TripleAligner(tokenizer, Schema((("", "主演", ""),)))
    >>> triples = tuple(Triple(Span(s), "主演", Span("乙")) for s in ("甲", "丙"))
    >>> audits = {"dev.json": audit_labels([(1, Example("甲由乙", triples))], aligner)}
    >>> print(*audit_report(audits, aligner).splitlines()[6:10], sep="\\n")
    - 1 text, none of them longer than the limit.
    - 2 distinct triples; 1 can be learned.
    - 1 can't (50.00%): 1 not in the text.
    - Best possible recall: **50.00%** by tokenized match, 50.00% by exact match.
    """
    parts = ["# Label audit", "", _introduction(aligner, model), ""]
    for path, audit in audits.items():
        parts += [*_summary(path, audit), ""]
    for path, audit in audits.items():
        parts += [f"## Tables: {path}", "", *_tables(audit), ""]
    for path, audit in audits.items():
        parts += [f"## Examples: {path}", "", *_examples(path, audit)]
    return "\n".join(parts).rstrip() + "\n"


def _introduction(aligner: TripleAligner, model: str) -> str:
    windows, occurrences = aligner.windows, aligner.occurrences
    which = (
        "all its occurrences are used"
        if occurrences == "all"
        else (f"its {occurrences} occurrence is used")
    )
    long = {
        "sentences": "sentence by sentence",
        "windows": "in overlapping windows of several sentences",
        "truncate": "up to that limit",
    }[windows.long]
    return (
        "Training turns each annotated triple into a label: the tokens of its subject and of "
        f"its object. Offsets say where these are; for a word without offsets, {which}. "
        f"Texts of more than {windows.max_length} tokens are read {long}. A triple can be neither "
        "learned nor found if its subject and object are never read at once. The best possible "
        f"recall is that of a {model} that makes no mistakes."
    )


def _summary(path: str, audit: Audit) -> Iterator[str]:
    statuses = audit.statuses
    yield f"**{path}**"
    yield ""
    longer = f"{audit.longer:,}" if audit.longer else "none"
    yield f"- {counted(audit.texts, 'text')}, {longer} of them longer than the limit."
    if not statuses.annotated:
        yield "- No triples: there is nothing to learn or measure here."
        return
    distinct = statuses.annotated - statuses.of(LabelStatus.DUPLICATE)
    again = (
        f", {counted(statuses.of(LabelStatus.DUPLICATE), 'duplicate')}"
        if statuses.of(LabelStatus.DUPLICATE)
        else ""
    )
    yield f"- {counted(distinct, 'distinct triple')}{again}; {statuses.learnable:,} can be learned."
    if statuses.lost:
        share, causes = statuses.lost / distinct, statuses.lost_in_words()
        yield f"- {statuses.lost:,} can't ({share:.2%}): {causes}."
    best, exact = audit.ceiling.tokenized, audit.ceiling.exact
    spurious = best.found - best.correct
    yield (
        f"- Best possible recall: **{best.recall:.2%}** by tokenized match, "
        f"{exact.recall:.2%} by exact match."
    )
    if spurious:
        yield (
            f"- Perfect scores also give {counted(spurious, 'triple')} beyond the annotated ones: "
            f"F1 is {best.f1:.2%} at best."
        )
    for note, count in sorted(audit.notes.items(), key=lambda item: -item[1]):
        meaning = MEANINGS[note]
        yield f"- {_capital(note.value)}: {counted(count, 'triple')}. {_capital(meaning)}."
    for times, words in ((0, "without a triple"), (1, "with only one triple")):
        predicates = audit.predicates_annotated(times)
        if predicates:
            names = ", ".join(map(_cell, predicates))
            yield f"- {counted(len(predicates), 'predicate')} {words}: {names}."


def _tables(audit: Audit) -> Iterator[str]:
    statuses = audit.statuses
    kinds: list[tuple[LabelStatus | LabelNote, int]] = [
        *((status, statuses.of(status)) for status in (LabelStatus.DUPLICATE, *CAUSES)),
        *audit.notes.items(),
    ]
    rows = [(kind, count) for kind, count in kinds if count]
    if rows:
        yield from _table(
            ("finding", "triples", "share", "meaning"),
            (
                (kind.value, f"{count:,}", f"{count / statuses.annotated:.2%}", MEANINGS[kind])
                for kind, count in rows
            ),
        )
        yield ""
    columns = (*(status.value for status in LabelStatus), "best recall", "exact")
    by_predicate = {
        predicate: statuses.predicate(label)
        for label, predicate in enumerate(audit.schema.predicates)
    }
    order = sorted(by_predicate, key=lambda predicate: -by_predicate[predicate].annotated)
    yield from _table(
        ("predicate", "triples", *columns),
        [
            *(
                _row(_cell(name), by_predicate[name], audit.ceiling.by_predicate.get(name))
                for name in order
            ),
            _row("**all**", statuses, (audit.ceiling.tokenized, audit.ceiling.exact)),
        ],
    )


def _row(
    name: str, statuses: StatusCounts, scores: tuple[ScoreCounts, ScoreCounts] | None
) -> tuple[str, ...]:
    counts = (f"{statuses.of(status):,}" for status in LabelStatus)
    shares = (f"{score.recall:.2%}" if score.annotated else "" for score in scores or ())
    return name, f"{statuses.annotated:,}", *counts, *(shares if scores else ("", ""))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for cells in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(cells)} |"


def _examples(path: str, audit: Audit) -> Iterator[str]:
    found = [kind for kind in MEANINGS if audit.findings.get(kind)]
    if not found:
        yield "None."
        yield ""
    for kind in found:
        yield f"### {_capital(kind.value)}"
        yield ""
        for finding in audit.findings[kind]:
            yield f"- `{path}:{finding.line}` {_code(_shown(finding))}"
            yield f"  {_code(_excerpt(finding))}"
        yield ""


def _shown(finding: Finding) -> str:
    """Return the triple, the word that the finding is about, and its detail."""
    about = f": {finding.word}" + (f" -> {finding.detail}" if finding.detail else "")
    return f"({', '.join(finding.triple.words)}){about}"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _excerpt(finding: Finding) -> str:
    """Return the text around the word, or the start of the text if the word has no position."""
    start = max((finding.start or 0) - AROUND, 0)
    end = (finding.start or AROUND) + len(finding.word) + AROUND
    before, behind = "…" * (start > 0), "…" * (end < len(finding.text))
    return before + finding.text[start:end] + behind


def _code(text: str) -> str:
    """Format part of a line as inline code, whatever it contains."""
    line = re.sub(r"\s", " ", text)
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def _cell(text: str) -> str:
    """Escape text for a table cell or a sentence, whatever it contains."""
    return re.sub(r"([\\|*_`<])", r"\\\1", re.sub(r"\s", " ", text))
