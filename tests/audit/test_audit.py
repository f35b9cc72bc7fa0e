"""The audit: a made-up text for each cause, the report, and the numbers in docs/audit.md."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from gplinker_tf import Example, Span, Triple
from gplinker_tf.alignment import (
    LabelStatus,
    StatusFinder,
    TripleAligner,
    label_texts,
)
from gplinker_tf.audit import LabelNote, PerfectScores, audit_labels, audit_report
from gplinker_tf.data import (
    AnnotatedTexts,
    DataFolder,
    read_numbered_examples,
    read_schema,
)
from gplinker_tf.models import MODELS, GPLinkerTargets
from gplinker_tf.structures import Encoding
from gplinker_tf.tokenizers import BertTokenizer


def example(text, *words, predicate="主演"):
    return Example(text, tuple(Triple(Span(s), predicate, Span(o)) for s, o in words))


def fates_of(example, aligner):
    [(_, found)] = StatusFinder(aligner)([example])
    return [status.status for status in found]


@pytest.mark.parametrize(
    ("text", "words", "status"),
    [
        ("电影由韩知秋导演", ("电影", "韩知秋"), LabelStatus.LEARNABLE),
        ("NO由韩知秋导演", ("no", "韩知秋"), LabelStatus.LEARNABLE),
        ("电影由韩知秋导演", ("电影", "候鸟"), LabelStatus.MISSING),
        ("电影由韩知秋导演", ("", "韩知秋"), LabelStatus.MISSING),
        # one unknown token for both characters
        ("☃☂由韩知秋导演", ("☂", "韩知秋"), LabelStatus.NOT_ALIGNED),
        ("电影 由韩知秋导演", ("电影", " "), LabelStatus.NOT_ALIGNED),
        # both unknown: the tokens match, but the characters do not
        ("𠮷和𡃁由韩知秋导演", ("𠮷", "韩知秋"), LabelStatus.LEARNABLE),
        ("𠮷和𡃁由韩知秋导演", ("𡃁", "韩知秋"), LabelStatus.LEARNABLE),
        ("𠮷由韩知秋导演", ("𡃁", "韩知秋"), LabelStatus.MISSING),
        ("电影由韩知秋自导自演", ("电影", "自演"), LabelStatus.OUT_OF_REACH),
        # of two causes the first one counts, at either end
        ("电影由韩知秋自导自演", ("候鸟", "自演"), LabelStatus.MISSING),
        ("电影由韩知秋自导自演", ("自演", "候鸟"), LabelStatus.MISSING),
    ],
)
def test_each_cause(text, words, status, tokenizer, schema):
    aligner = TripleAligner(tokenizer, schema, max_length=10, long="truncate")
    assert fates_of(example(text, words), aligner) == [status]
    if status is LabelStatus.OUT_OF_REACH:
        assert fates_of(
            example(text, words), TripleAligner(tokenizer, schema, 12, long="truncate")
        ) == [LabelStatus.LEARNABLE]


@pytest.mark.parametrize(
    ("subject", "object_", "status"),
    [
        ((0, 2), (9, 11), LabelStatus.LEARNABLE),
        ((0, 2), (14, 16), LabelStatus.OUT_OF_REACH),
        ((4, 7), (9, 11), LabelStatus.NOT_ALIGNED),  # no token ends after NOZ
        ((4, 7), (14, 16), LabelStatus.NOT_ALIGNED),
    ],
)
def test_each_cause_at_given_offsets(subject, object_, status, schema):
    tokenizer = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"江宁在由", "nozen"])
    text = "江宁由由NOZEN江宁在由由江宁"
    ends = [Span(text[start:end], start, end) for start, end in (subject, object_)]
    line = Example(text, (Triple(ends[0], "主演", ends[1]),))
    aligner = TripleAligner(tokenizer, schema, max_length=10, long="truncate")
    assert fates_of(line, aligner) == [status]
    [finding] = audit_labels([(1, line)], aligner).findings.get(status, [None])
    assert finding is None or finding.start == (14 if status is LabelStatus.OUT_OF_REACH else 4)


def test_of_two_places_of_one_triple_the_one_that_is_read_counts(tokenizer, schema):
    text = "电影由韩知秋自导自演电影"
    first, last, person = Span("电影", 0, 2), Span("电影", 10, 12), Span("韩知秋", 3, 6)
    line = Example(text, tuple(Triple(span, "主演", person) for span in (last, first)))
    aligner = TripleAligner(tokenizer, schema, max_length=10, long="truncate")
    assert fates_of(line, aligner) == [LabelStatus.DUPLICATE, LabelStatus.LEARNABLE]
    assert audit_labels([(1, line)], aligner).ceiling.tokenized.recall == 1


def test_the_limit_counts_cls_and_sep(tokenizer, schema):
    line = example("电影由韩知秋", ("电影", "韩知秋"))
    assert fates_of(line, TripleAligner(tokenizer, schema, 8)) == [LabelStatus.LEARNABLE]
    assert fates_of(line, TripleAligner(tokenizer, schema, 7, long="truncate")) == [
        LabelStatus.OUT_OF_REACH
    ]


def test_doubled_is_what_the_labels_cannot_tell_apart(tokenizer, schema):
    aligner = TripleAligner(tokenizer, schema)
    film, other = ("Nozen", "韩知秋"), ("NOZEN", "韩知秋")
    line = example("nozen由韩知秋导演", film, film, other, ("候鸟", "电"), ("候鸟", "电"))
    assert fates_of(line, aligner) == [
        *(
            LabelStatus.LEARNABLE,
            LabelStatus.DUPLICATE,
            LabelStatus.DUPLICATE,
            LabelStatus.MISSING,
            LabelStatus.DUPLICATE,
        )
    ]
    directed = Triple(Span("Nozen"), "导演", Span("韩知秋"))
    line = Example("nozen由韩知秋导演", (*example("", film).triples, directed))
    assert fates_of(line, aligner) == [LabelStatus.LEARNABLE, LabelStatus.LEARNABLE]
    # unknown words have equal tokens but are different words
    line = example("𠮷和𡃁由韩知秋导演", ("𡃁", "韩知秋"), ("𠮷", "韩知秋"), ("𡃁", "韩知秋"))
    assert fates_of(line, aligner) == [
        LabelStatus.LEARNABLE,
        LabelStatus.LEARNABLE,
        LabelStatus.DUPLICATE,
    ]
    aligner = TripleAligner(tokenizer, schema, search="tokens")
    assert fates_of(line, aligner) == [
        LabelStatus.NOT_ALIGNED,
        LabelStatus.LEARNABLE,
        LabelStatus.DUPLICATE,
    ]


class SplittingTokenizer:
    """A tokenizer that accepts [CLS] and [SEP] as words, which BERT's own never does."""

    def tokenize(self, text):
        return ["[CLS]", *text.split(), "[SEP]"]

    def encode_batch(self, texts, max_length=None):
        return [self._encode(text, max_length) for text in texts]

    def _encode(self, text, max_length):
        tokens = self.tokenize(text)
        read = tokens if max_length is None else [*tokens[:-1][: max_length - 1], "[SEP]"]
        offsets = [(0, 0)]
        for token in read[1:-1]:
            start = text.index(token, offsets[-1][1])
            offsets.append((start, start + len(token)))
        ids = np.array([sum(token.encode()) for token in read], np.int32)
        encoded = np.array([*offsets, (0, 0)], np.int32)
        return Encoding(ids, np.zeros_like(ids), encoded, len(read) < len(tokens))


def test_a_border_is_a_masked_cell(schema):
    aligner = TripleAligner(SplittingTokenizer(), schema, search="tokens")
    line = example("a b", ("a", "[SEP]"), ("[CLS] a", "b"), ("b [SEP]", "b"), ("a", "b"))
    masked = [LabelStatus.ON_SPECIAL_TOKEN] * 3
    assert fates_of(line, aligner) == [*masked, LabelStatus.LEARNABLE]
    [(_, quintuples)] = aligner.label([line])
    assert len(quintuples) == 4, "training labels them nevertheless"


@pytest.mark.parametrize(
    ("text", "words", "notes"),
    [
        ("电影由韩知秋导演", ("电影", "韩知秋"), {}),
        ("seas由韩知秋导演", ("sea", "韩知秋"), {LabelNote.INSIDE: "seas"}),
        ("sea的5个韩知秋", ("sea", "5"), {}),
        ("NO由韩知秋导演", ("no", "韩知秋"), {LabelNote.RESPELT: "NO"}),
        ("𠮷和𡃁由韩知秋导演", ("𠮷", "韩知秋"), {}),
        ("𠮷和𡃁和𠮷由韩知秋", ("𠮷", "韩知秋"), {LabelNote.REPEATED: "2 times"}),
        ("sea和sea和seas由韩知秋", ("sea", "韩知秋"), {LabelNote.REPEATED: "3 times"}),
        ("𠮷和𡃁由韩知秋导演", ("𡃁", "韩知秋"), {}),
        ("𠮷由韩知秋导演", ("𡃁", "韩知秋"), {}),
        ("电影由韩知秋导演", ("候鸟", "韩知秋"), {}),
        # annotated in the same text: the longer name is at the first occurrence, not the second
        (
            "韩知秋导演的月台由韩知秋出演",
            ("韩知秋", "韩知秋导演"),
            {LabelNote.INSIDE: "韩知秋导演", LabelNote.REPEATED: "2 times"},
        ),
        ("韩知秋和韩知秋导演", ("韩知秋", "韩知秋导演"), {LabelNote.REPEATED: "2 times"}),
        ("韩知秋导演的月台", ("韩知秋", "韩知秋导演"), {}),
    ],
)
def test_each_remark(text, words, notes, tokenizer, schema):
    aligner = TripleAligner(tokenizer, schema)
    audit = audit_labels([(7, example(text, words))], aligner)
    assert audit.notes == Counter(notes.keys())
    found = {kind: f for kind, f in audit.findings.items() if isinstance(kind, LabelNote)}
    assert {kind: f.detail for kind, [f] in found.items()} == notes
    for [finding] in found.values():
        assert (finding.line, finding.text) == (7, text) and finding.word in words
        assert text[finding.start :].lower().startswith((*words, "𠮷"))


@pytest.mark.parametrize("text", ["𠮷和𡃁由韩知秋导演", "𠮷由韩知秋导演"])
def test_the_search_by_tokens_labels_other_characters(text, tokenizer, schema):
    aligner = TripleAligner(tokenizer, schema, search="tokens")
    audit = audit_labels([(7, example(text, ("𡃁", "韩知秋")))], aligner)
    assert audit.notes == Counter([LabelNote.ELSEWHERE])
    [finding] = audit.findings[LabelNote.ELSEWHERE]
    assert (finding.word, finding.start, finding.detail) == ("𡃁", 0, "𠮷")


def test_given_offsets_leave_no_doubt(tokenizer, schema):
    text = "seas和sea和韩知秋导演"
    spans = Span("sea", 0, 3), Span("韩知秋", 9, 12)
    line = Example(text, (Triple(spans[0], "主演", spans[1]),))
    assert not audit_labels([(1, line)], TripleAligner(tokenizer, schema)).notes
    words = example(text, ("sea", "韩知秋"))
    assert audit_labels([(1, words)], TripleAligner(tokenizer, schema)).notes == Counter(
        [LabelNote.REPEATED]
    )


def test_what_the_model_cannot_hold_is_noted(tokenizer, schema):
    line = example("电影由韩知秋导演", ("电影", "韩知秋"), ("电影由", "韩知秋"))
    aligner = TripleAligner(tokenizer, schema)
    for model, recall in (("gplinker", 1), ("casrel", 0.5)):
        audit = audit_labels([(1, line)], aligner, target_builder=MODELS[model].target_builder(10))
        assert audit.statuses.learnable == 2 and audit.ceiling.tokenized.recall == recall
        found = audit.findings.get(LabelNote.CLASHING, [])
        assert [finding.word for finding in found] == ["电影由"] * (recall < 1)
        assert ("cannot represent it" in audit_report({"a": audit}, aligner, model)) == (recall < 1)


def test_the_report_counts_and_shows(tokenizer, schema):
    lines = [
        (1, example("电影由韩知秋导演", ("电影", "韩知秋"), ("电影", "韩知秋"), ("电影", "候鸟"))),
        (4, example("`seas`*\n由韩知秋", ("sea", "韩知秋"), predicate="导演")),
    ]
    aligner = TripleAligner(tokenizer, schema)
    audit = audit_labels(lines, aligner)
    report = audit_report({"a/train.json": audit}, aligner)
    for line in (
        "- 2 texts, none of them longer than the limit.",
        "- 3 distinct triples, 1 duplicate; 2 can be learned.",
        "- 1 can't (33.33%): 1 not in the text.",
        "- Best possible recall: **66.67%** by tokenized match, 66.67% by exact match.",
        "- 1 predicate with only one triple: 导演.",
        "| 主演 | 3 | 1 | 1 | 1 | 0 | 0 | 0 | 50.00% | 50.00% |",
        "| **all** | 4 | 2 | 1 | 1 | 0 | 0 | 0 | 66.67% | 66.67% |",
        "- `a/train.json:1` `(电影, 主演, 候鸟): 候鸟`",
        "- `a/train.json:4` `(sea, 导演, 韩知秋): sea -> seas`",
        "  `` `seas`* 由韩知秋 ``",
    ):
        assert line in report.splitlines()
    assert "- 8 predicates without a triple: 作者, 歌手, " in report
    headings = [line for line in report.splitlines() if line.startswith("#")]
    assert headings == [
        "# Label audit",
        "## Tables: a/train.json",
        "## Examples: a/train.json",
        "### Duplicate",
        "### Not in the text",
        "### Matched inside a longer word",
    ]


def test_a_file_without_triples(tokenizer, schema):
    aligner = TripleAligner(tokenizer, schema)
    audit = audit_labels([(1, Example("电影"))], aligner)
    assert audit.ceiling.tokenized.annotated == audit.ceiling.exact.annotated == 0
    report = audit_report({"dev.json": audit}, aligner)
    assert "- No triples" in report and "%" not in report


def test_findings_are_the_first_and_so_many_only(tokenizer, schema):
    lines = [(n, example("电影由韩知秋导演", ("电影", "候鸟"))) for n in range(1, 9)]
    aligner = TripleAligner(tokenizer, schema)
    [found] = audit_labels(lines, aligner, findings=3).findings.values()
    assert [finding.line for finding in found] == [1, 2, 3]
    audit = audit_labels(lines, aligner, findings=0)
    assert audit.statuses.of(LabelStatus.MISSING) == 8 and not any(audit.findings.values())


@pytest.mark.slow
def test_the_documented_counts(lic2019, zh_encoder):
    document = (Path(__file__).parents[2] / "docs" / "audit.md").read_text("utf-8")
    folder = DataFolder.open(lic2019)
    schema = read_schema(folder.schema)
    aligner = TripleAligner(BertTokenizer.from_folder(zh_encoder), schema, occurrences="all")
    columns = []
    for path in (folder.train, folder.dev):
        audit = audit_labels(read_numbered_examples(path, schema), aligner)
        counts = {status.value: audit.statuses.of(status) for status in LabelStatus}
        counts |= {note.value: audit.notes[note] for note in LabelNote}
        ceilings = audit.ceiling.tokenized.recall, audit.ceiling.exact.recall
        columns.append(
            {"triples": f"{audit.statuses.annotated:,}"}
            | {name: f"{count:,}" for name, count in counts.items()}
            | dict(
                zip(
                    ("best recall, tokenized", "best recall, exact"),
                    (f"{ceiling:.2%}" for ceiling in ceilings),
                    strict=True,
                )
            )
        )
    for name, train in columns[0].items():
        assert f"| {name} | {train} | {columns[1][name]} |" in document


@pytest.mark.slow
def test_the_documented_ceilings(lic2019, zh_encoder):
    document = (Path(__file__).parents[2] / "docs" / "audit.md").read_text("utf-8")
    folder = DataFolder.open(lic2019)
    schema = read_schema(folder.schema)
    aligner = TripleAligner(BertTokenizer.from_folder(zh_encoder), schema, occurrences="all")
    files = [AnnotatedTexts.read(path, schema) for path in (folder.train, folder.dev)]
    labeled = [label_texts(file, aligner) for file in files]
    makers = {model: MODELS[model].target_builder(49) for model in MODELS} | {
        "gplinker, mixed": GPLinkerTargets(49, roles=1),
        "gplinker, no tail": GPLinkerTargets(49, with_tail=False),
        "gplinker, mixed, no tail": GPLinkerTargets(49, roles=1, with_tail=False),
    }
    for name, maker in makers.items():
        columns = []
        for file, texts in zip(files, labeled, strict=True):
            perfect_scores = PerfectScores(maker, aligner)
            for line, windows in zip(file.examples, texts.by_text(), strict=True):
                perfect_scores.add(line, windows)
            best = perfect_scores.evaluation().tokenized
            columns.append((f"{best.recall:.2%}", best.found - best.correct, f"{best.f1:.2%}"))
        cells = [str(cell) for pair in zip(*columns, strict=True) for cell in pair]
        assert f"| {' | '.join([name, *cells])} |" in document
