"""The audit agrees with labels, decoding and the metric, on hard texts."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gplinker_tf import Example, Extraction, Schema, Span, Triple
from gplinker_tf.alignment import (
    LONG_TEXTS,
    SEARCHES,
    LabelStatus,
    StatusFinder,
    TripleAligner,
    label_texts,
    read_labeled_texts,
)
from gplinker_tf.alignment import label_status as statuses
from gplinker_tf.alignment.text_windows import out_of_window
from gplinker_tf.audit import LabelNote, audit_labels
from gplinker_tf.backend import tf
from gplinker_tf.data import (
    AnnotatedTexts,
    DataFolder,
    read_numbered_examples,
    read_schema,
)
from gplinker_tf.decoding import decode_triples
from gplinker_tf.metrics import evaluate_triples
from gplinker_tf.models import MODELS, pair_targets
from gplinker_tf.tokenizers import BertTokenizer

#: A vocabulary with which words are unknown, contain each other, or differ only in case.
TOKENIZER = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"甲乙ab", "##a", "##b"])
SCHEMA = Schema((("", "x", ""), ("", "y", ""), ("", "z", "")))
LETTERS = "甲乙丙丁aAbBé "


@st.composite
def hard_examples(draw, offsets=False):
    text = draw(st.text(LETTERS, max_size=14))
    places = [(first, first + size) for size in (1, 2, 3) for first in range(len(text))]
    piece = st.sampled_from([text[first:last] for first, last in places] or [""])
    words = st.one_of(piece, piece, piece.map(str.swapcase), st.text(LETTERS, max_size=2))
    spans = words.map(Span)
    if offsets and text:
        placed = [Span(text[a:b], a, b) for a, b in places if b <= len(text)]
        spans = st.one_of(spans, st.sampled_from(placed), st.sampled_from(placed))
    triples = draw(st.lists(st.tuples(spans, st.sampled_from("xy"), spans), max_size=8))
    return Example(text, tuple(Triple(s, p, o) for s, p, o in triples))


CASES = st.lists(hard_examples(), min_size=1, max_size=6), st.sampled_from([4, 6, 9, 64])
PLACED = st.lists(hard_examples(offsets=True), min_size=1, max_size=6), CASES[1]


def perfect(examples, aligner):
    """Return what a model finds with high scores at the labels and low scores everywhere else."""
    by_text = list(
        label_texts(AnnotatedTexts("", range(len(examples)), examples), aligner).by_text()
    )
    found = [window for windows in by_text for window in windows]
    of_window = [number for number, windows in enumerate(by_text) for _ in windows]
    longest = max(len(encoding.token_ids) for encoding, _ in found)
    predicates = len(aligner.schema.predicates)
    labels = pair_targets([quintuples for _, quintuples in found], predicates)
    logits = {}
    for name, pairs in labels.items():
        logits[name] = np.full([len(found), pairs.shape[1], longest, longest], -9, np.float32)
        for text, label, place in np.argwhere(pairs.any(axis=-1)):
            first, last = pairs[text, label, place]
            logits[name][text, label, first, last] = 9
    mask = tf.sequence_mask([len(encoding.token_ids) for encoding, _ in found], longest)
    triples = decode_triples(logits["entity"], logits["head"], logits["tail"], mask)
    of_text = [[] for _ in examples]
    columns = triples.batch, triples.subject, triples.predicate, triples.object
    for window, subject, predicate, object_ in zip(*(c.numpy() for c in columns), strict=True):
        text = of_window[window]
        offsets, source = found[window][0].offsets, examples[text].text
        spans = [Span(source[offsets[a, 0] : offsets[b, 1]]) for a, b in (subject, object_)]
        of_text[text].append(Triple(spans[0], aligner.schema.predicates[predicate], spans[1]))
    return [
        Extraction(e.text, tuple(triples)) for e, triples in zip(examples, of_text, strict=True)
    ]


def expect_agreement(examples, aligner, offsets=False):
    """Check that the audit agrees with the labels, and with the metric on perfect scores."""
    audit = audit_labels(list(enumerate(examples, 1)), aligner, progress=False)
    learned, others = set(), set()
    windows = aligner.label(examples)
    for number, (text, found) in enumerate(StatusFinder(aligner)(examples)):
        labels = [
            out_of_window(quintuples.tolist(), window)
            for window, (_, quintuples) in zip(text.windows, windows, strict=False)
        ]
        for status in found:
            (learned if status.status is LabelStatus.LEARNABLE else others).update(
                (number, label) for label in status.labels
            )
        all_labels = {(number, label) for label in set().union(*labels)}
        assert all_labels == {label for label in learned | others if label[0] == number}
    assert len(learned) == audit.statuses.learnable, "each learnable triple has a label of its own"
    evaluation = evaluate_triples(examples, perfect(examples, aligner), aligner.tokenizer.tokenize)
    assert audit.ceiling == evaluation
    assert list(audit.ceiling.by_predicate) == list(evaluation.by_predicate)
    assert evaluation.tokenized.annotated == audit.statuses.learnable + audit.statuses.lost
    # With given offsets, a lost triple may be found through the labels of others.
    by_chance = evaluation.tokenized.correct - audit.statuses.learnable
    assert by_chance == 0 or (offsets and by_chance > 0)
    assert audit.statuses.annotated == sum(len(e.triples) for e in examples)
    return audit


@pytest.mark.slow
@settings(max_examples=60, deadline=None, derandomize=True)
@given(*CASES, st.sampled_from(SEARCHES), st.sampled_from(LONG_TEXTS))
def test_hard_lines_agree_with_labels_decoding_and_metric(examples, max_length, search, long):
    expect_agreement(examples, TripleAligner(TOKENIZER, SCHEMA, max_length, search, long=long))


@pytest.mark.slow
@settings(max_examples=60, deadline=None, derandomize=True)
@given(*PLACED, st.sampled_from(LONG_TEXTS))
def test_hard_lines_with_offsets_agree_too(examples, max_length, long):
    expect_agreement(
        examples, TripleAligner(TOKENIZER, SCHEMA, max_length, long=long), offsets=True
    )


@pytest.mark.slow
@pytest.mark.parametrize("search", SEARCHES)
def test_the_hard_lines_meet_every_fate_that_bert_has(search):
    met = Counter()

    @settings(max_examples=200, deadline=None, derandomize=True, database=None)
    @given(*CASES)
    def collect(examples, max_length):
        aligner = TripleAligner(TOKENIZER, SCHEMA, max_length, search)
        maker = MODELS["casrel"].target_builder(3)
        audit = audit_labels(list(enumerate(examples, 1)), aligner, target_builder=maker)
        met.update(
            {status: audit.statuses.of(status) for status in LabelStatus} | dict(audit.notes)
        )

    collect()
    never = {LabelStatus.ON_SPECIAL_TOKEN} | (
        {LabelNote.ELSEWHERE} if search == "characters" else set()
    )
    assert {kind for kind in (*LabelStatus, *LabelNote) if not met[kind]} == never


@pytest.mark.parametrize("max_length", [24, 128])
def test_the_sample_corpus_agrees_too(max_length, sample, tokenizer, schema):
    numbered = read_numbered_examples(sample / "dev_data.json", schema)
    aligner = TripleAligner(tokenizer, schema, max_length)
    audit = expect_agreement([example for _, example in numbered], aligner)
    quintuples = read_labeled_texts(sample / "dev_data.json", aligner).quintuples
    assert audit.statuses.learnable == sum(map(len, quintuples)) > 100
    assert (audit.statuses.lost == 0) == (max_length == 128)
    assert audit.statuses.lost == audit.statuses.of(LabelStatus.OUT_OF_REACH)
    assert audit.texts == 200 and (audit.longer > 0) == (max_length == 24)


def test_real_lines_agree_too(lic2019, zh_encoder):
    folder = DataFolder.open(lic2019)
    schema = read_schema(folder.schema)
    numbered = read_numbered_examples(folder.train, schema, limit=60)
    aligner = TripleAligner(BertTokenizer.from_folder(zh_encoder), schema, 48)
    expect_agreement([example for _, example in numbered], aligner)


def test_how_many_are_tokenized_together_changes_nothing(sample, tokenizer, schema, monkeypatch):
    numbered = read_numbered_examples(sample / "dev_data.json", schema)
    aligner = TripleAligner(tokenizer, schema, 24)
    whole = audit_labels(numbered, aligner)
    monkeypatch.setattr(statuses, "TOGETHER", 7)
    parts = audit_labels(numbered, aligner)
    np.testing.assert_array_equal(parts.statuses.table, whole.statuses.table)
    assert parts.notes == whole.notes and parts.findings == whole.findings
    labeled = read_labeled_texts(sample / "dev_data.json", aligner)
    np.testing.assert_array_equal(labeled.statuses.table, whole.statuses.table)
