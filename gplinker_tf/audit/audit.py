"""The label audit: which annotated triples a model can learn, which it can't, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from gplinker_tf._counted import counted
from gplinker_tf._html import html_line
from gplinker_tf._progress import Progress
from gplinker_tf._reprs import shortened
from gplinker_tf._tabular import Table, Tabular
from gplinker_tf.alignment import (
    AlignedText,
    LabelStatus,
    StatusCounts,
    StatusFinder,
    TripleAligner,
)
from gplinker_tf.alignment.label_status import TripleStatus
from gplinker_tf.alignment.text_windows import out_of_window
from gplinker_tf.alignment.triple_aligner import (
    distinct_quintuples,
    labeled_windows,
    words_of,
)
from gplinker_tf.audit.label_notes import LabelNote, LabelNotes
from gplinker_tf.audit.perfect_scores import PerfectScores
from gplinker_tf.data.collector import collector_at_rest
from gplinker_tf.metrics import Evaluation
from gplinker_tf.models import GPLinkerTargets
from gplinker_tf.structures import Example, Schema, Triple


class Finding(NamedTuple):
    """An example of a triple with a status or a note.

    Args:
        line: the line number, from 1.
        text: the text of the line.
        triple: the triple.
        word: the word that it is about, the subject or the object.
        start: offset of the word in the text, or of its label; `None` if there is neither.
        detail: a note's detail, a misaligned word's tokens, or a sufficient window; may be empty.
    """

    line: int
    text: str
    triple: Triple
    word: str
    start: int | None
    detail: str = ""

    def __repr__(self) -> str:
        return f"Finding(line {self.line}, {shortened(self.word)}, {self.triple})"


@dataclass(frozen=True)
class Audit(Tabular):
    """The result of a label audit: what training can learn from the labels of a file.

    `to_dataframe` and a notebook show how many triples of each predicate have each status.

    Args:
        texts: the number of texts.
        longer: the number of texts with more tokens than the model reads at once.
        schema: the predicates.
        statuses: how many triples have each status.
        ceiling: the scores of a model that makes no mistakes.
        notes: how many triples have each note.
        findings: the first triples with each status except learnable, and with each note.

    Example:

    >>> from importlib.resources import files
    >>> from gplinker_tf.data import read_numbered_examples, read_schema
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> sample = files("gplinker_tf.data") / "sample"
    >>> schema = read_schema(sample / "all_50_schemas")
    >>> aligner = TripleAligner(BertTokenizer.from_folder(sample), schema)
    >>> audit_labels(read_numbered_examples(sample / "dev_data.json"), aligner)
    Audit(200 texts, StatusCounts(400 annotated triples, 400 learnable, 0 lost), 8 notes)
    """

    texts: int
    longer: int
    schema: Schema
    statuses: StatusCounts
    ceiling: Evaluation
    notes: Counter[LabelNote]
    findings: dict[LabelStatus | LabelNote, list[Finding]]

    def __repr__(self) -> str:
        notes = counted(self.notes.total(), "note")
        return f"Audit({counted(self.texts, 'text')}, {self.statuses}, {notes})"

    def _table(self) -> Table:
        return self.statuses._table()

    def _heading(self) -> str:
        recall = f"Best possible recall: {self.ceiling.tokenized.recall:.2%}"
        notes = (f"{note.value}: {count:,}" for note, count in self.notes.items())
        return super()._heading() + html_line("; ".join([recall, *notes]))

    def predicates_annotated(self, times: int) -> list[str]:
        """Return the predicates that are annotated exactly this many times."""
        return [
            predicate
            for label, predicate in enumerate(self.schema.predicates)
            if self.statuses.predicate(label).annotated == times
        ]


@collector_at_rest()
def audit_labels(
    numbered_examples: Sequence[tuple[int, Example]],
    aligner: TripleAligner,
    findings: int = 5,
    progress: bool = False,
    target_builder: Any = None,
) -> Audit:
    """Label annotated texts as training does, and report what becomes of each triple.

    Args:
        numbered_examples: the texts with their triples, each with its line number.
        aligner: the aligner that labels them; it also has the schema and the length limit.
        findings: how many triples to keep as examples of each status and note.
        progress: show a progress bar.
        target_builder: the target builder of the model whose perfect scores are decoded; defaults
            to GPLinker's. `MODELS[name].target_builder` makes one.

    Returns:
        The counts, the best possible scores, and example triples.

    Example:

    >>> from gplinker_tf.structures import Span
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"甲乙丙"])
    >>> aligner = TripleAligner(tokenizer, Schema((("", "主演", ""),)))
    >>> triples = tuple(Triple(Span(s), "主演", Span("乙")) for s in ("甲", "丙"))
    >>> audit = audit_labels([(1, Example("甲由乙", triples))], aligner)
    >>> audit.statuses.learnable, audit.statuses.lost_in_words(), audit.ceiling.tokenized.recall
    (1, '1 not in the text', 0.5)
    >>> audit.findings[LabelStatus.MISSING][0].word
    '丙'
    """
    finder = StatusFinder(aligner)
    target_builder = target_builder or GPLinkerTargets(len(aligner.schema.predicates))
    collected = _Collected(finder, target_builder, findings)
    examples = [example for _, example in numbered_examples]
    aligner.finder.prepare(words_of(examples))
    found = zip(numbered_examples, finder(examples), strict=True)
    bar = Progress(found, "audit", len(examples), leave=False, unit=" texts", disable=not progress)
    for (line, example), (text, statuses) in bar:
        collected.add(line, example, text, statuses)
    return Audit(
        len(numbered_examples),
        collected.longer,
        aligner.schema,
        collected.statuses,
        collected.perfect.evaluation(),
        collected.notes,
        dict(collected.findings),
    )


class _Collected:
    """The results of an audit so far."""

    def __init__(self, finder: StatusFinder, target_builder: Any, most: int) -> None:
        self.finder = finder
        self.most = most
        self.longer = 0
        self.statuses = StatusCounts.none(finder.aligner.schema)
        self.perfect = PerfectScores(target_builder, finder.aligner)
        self.notes: Counter[LabelNote] = Counter()
        self.findings: dict[LabelStatus | LabelNote, list[Finding]] = defaultdict(list)

    def add(
        self, line: int, example: Example, text: AlignedText, statuses: Sequence[TripleStatus]
    ) -> None:
        self.longer += len(text.encoding.token_ids) > self.finder.aligner.windows.max_length
        self.statuses.add(example.triples, statuses)
        quintuples = distinct_quintuples(label for status in statuses for label in status.labels)
        found = self.perfect.add(example, labeled_windows(text, quintuples))
        decoded = set().union(*map(out_of_window, found, text.windows))
        notes_on = LabelNotes(example, text, self.finder, decoded)
        for triple, status in zip(example.triples, statuses, strict=True):
            if status.status is not LabelStatus.LEARNABLE:
                detail = self._detail(triple, status, text)
                start = status.span.start
                if start is None and status.span.text in example.text:
                    start = example.text.find(status.span.text)
                finding = Finding(line, example.text, triple, status.span.text, start, detail)
                self._keep(status.status, finding)
            for note, mention in notes_on(triple, status).items():
                self.notes[note] += 1
                self._keep(note, Finding(line, example.text, triple, *mention))

    def _keep(self, kind: LabelStatus | LabelNote, finding: Finding) -> None:
        if len(self.findings[kind]) < self.most:
            self.findings[kind].append(finding)

    def _detail(self, triple: Triple, status: TripleStatus, text: AlignedText) -> str:
        aligner = self.finder.aligner
        if status.status is LabelStatus.NOT_ALIGNED:
            return " ".join(aligner.tokenizer.tokenize(status.span.text)[1:-1])
        if status.status is LabelStatus.OUT_OF_REACH:
            windows = aligner.windows_reaching(triple, text)
            return f"within reach with --long {windows.long} --max-length {windows.max_length}"
        return ""
