"""The label audit: which annotated triples a model can learn, which it can't, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tqdm.auto import tqdm

from gplinker_tf.alignment import AlignedText
from gplinker_tf.counted import counted
from gplinker_tf.data.collector import collector_at_rest
from gplinker_tf.data.fate_counts import FateCounts
from gplinker_tf.data.fates import Fate, FateFinder, TripleFate
from gplinker_tf.data.gplinker_labels import GPLinkerLabels
from gplinker_tf.data.labels import PairLabelBuilder, distinct_quintuples, words_of
from gplinker_tf.data.perfect_scores import PerfectScores
from gplinker_tf.data.remarks import Remark, Remarks
from gplinker_tf.metrics import Evaluation
from gplinker_tf.reprs import shortened
from gplinker_tf.structures import Example, Schema, Triple


class Finding(NamedTuple):
    """A triple that met a fate or earned a remark, to be looked at.

    Args:
        line: the number of its line, from 1.
        text: the text of the line.
        triple: the triple.
        word: the end that it is about.
        start: offset of the word in the text, or where it is labelled; `None` where it is nowhere.
        detail: a remark's detail, or the tokens of a word that they changed; may be empty.
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
class Audit:
    """What the labels of a file hold.

    Args:
        texts: how many there are.
        truncated: texts with more tokens than are read.
        schema: the predicates.
        fates: the fates of all triples.
        ceiling: the scores of a model that makes no mistake.
        remarks: how many triples earned each remark.
        findings: the first triples of each fate, but not of the learnable, and of each remark.
    """

    texts: int
    truncated: int
    schema: Schema
    fates: FateCounts
    ceiling: Evaluation
    remarks: Counter[Remark]
    findings: dict[Fate | Remark, list[Finding]]

    def __repr__(self) -> str:
        remarks = counted(self.remarks.total(), "remark")
        return f"Audit({counted(self.texts, 'text')}, {self.fates}, {remarks})"

    def predicates_annotated(self, times: int) -> list[str]:
        """The predicates that are annotated just so many times."""
        return [
            predicate
            for label, predicate in enumerate(self.schema.predicates)
            if self.fates.predicate(label).annotated == times
        ]


@collector_at_rest()
def audit_labels(
    numbered_examples: Sequence[tuple[int, Example]],
    builder: PairLabelBuilder,
    findings: int = 5,
    progress: bool = False,
    label_maker: Any = None,
) -> Audit:
    """Labels annotated texts as training does, and says what becomes of each triple.

    Args:
        numbered_examples: the texts with their triples, each with the number of its line.
        builder: labels them; schema and length limit are its own.
        findings: how many triples of each fate and remark are kept to be looked at.
        progress: show a progress bar.
        label_maker: of the model whose perfect scores are decoded; GPLinker's where none is given.
            See `new_label_maker`.

    Example:

    >>> from gplinker_tf.structures import Span
    >>> from gplinker_tf.tokenizers import BertTokenizer
    >>> tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"甲乙丙"])
    >>> builder = PairLabelBuilder(tokenizer, Schema((("", "主演", ""),)))
    >>> triples = tuple(Triple(Span(s), "主演", Span("乙")) for s in ("甲", "丙"))
    >>> audit = audit_labels([(1, Example("甲由乙", triples))], builder)
    >>> audit.fates.learnable, audit.fates.lost_in_words(), audit.ceiling.tokenised.recall
    (1, '1 not in the text', 0.5)
    >>> audit.findings[Fate.MISSING][0].word
    '丙'
    """
    finder = FateFinder(builder)
    label_maker = label_maker or GPLinkerLabels(len(builder.schema.predicates))
    collected = _Collected(finder, label_maker, findings)
    examples = [example for _, example in numbered_examples]
    builder.finder.prepare(words_of(examples))
    found = zip(numbered_examples, finder(examples), strict=True)
    bar = tqdm(found, "audit", len(examples), leave=False, unit=" texts", disable=not progress)
    for (line, example), (text, fates) in bar:
        collected.add(line, example, text, fates)
    return Audit(
        len(numbered_examples),
        collected.truncated,
        builder.schema,
        collected.fates,
        collected.perfect.evaluation(),
        collected.remarks,
        dict(collected.findings),
    )


class _Collected:
    """What an audit has seen so far."""

    def __init__(self, finder: FateFinder, label_maker: Any, most: int) -> None:
        self.finder = finder
        self.most = most
        self.truncated = 0
        self.fates = FateCounts.none(finder.builder.schema)
        self.perfect = PerfectScores(label_maker, finder.builder)
        self.remarks: Counter[Remark] = Counter()
        self.findings: dict[Fate | Remark, list[Finding]] = defaultdict(list)

    def add(
        self, line: int, example: Example, text: AlignedText, fates: Sequence[TripleFate]
    ) -> None:
        self.truncated += text.encoding.truncated
        self.fates.add(example.triples, fates)
        quintuples = distinct_quintuples(label for fate in fates for label in fate.labels)
        decoded = self.perfect.add(example, text, quintuples)
        remarks_on = Remarks(example, text, self.finder, decoded)
        for triple, fate in zip(example.triples, fates, strict=True):
            if fate.fate is not Fate.LEARNABLE:
                detail = self._tokens(fate.span.text) if fate.fate is Fate.CHANGED else ""
                start = fate.span.start
                if start is None and fate.span.text in example.text:
                    start = example.text.find(fate.span.text)
                finding = Finding(line, example.text, triple, fate.span.text, start, detail)
                self._keep(fate.fate, finding)
            for remark, mention in remarks_on(triple, fate).items():
                self.remarks[remark] += 1
                self._keep(remark, Finding(line, example.text, triple, *mention))

    def _keep(self, kind: Fate | Remark, finding: Finding) -> None:
        if len(self.findings[kind]) < self.most:
            self.findings[kind].append(finding)

    def _tokens(self, word: str) -> str:
        return " ".join(self.finder.builder.tokenizer.tokenize(word)[1:-1])
