"""Metrics: counts by hand for both kinds of match, and the script's file."""

import json

import pytest

from gplinker_tf import Example, Extraction, Span, Triple
from gplinker_tf.metrics import ScoreCounts, evaluate_triples
from gplinker_tf.runs import write_predictions


def triple(subject, predicate, object_, start=None):
    return Triple(Span(subject, start), predicate, Span(object_))


def tokenize(word):
    return word.lower().split()


GOLD = [
    Example("t0", (triple("A b", "p", "c"), triple("A b", "q", "c"), triple("d", "p", "e"))),
    Example("t1", (triple("f", "p", "g"),)),
    Example("t2", ()),
]
FOUND = [
    # one match by tokens only, one missed triple, and one triple at two positions
    Extraction(
        "t0", (triple("a  B", "p", "c", 0), triple("d", "p", "e", 1), triple("d", "p", "e", 9))
    ),
    Extraction("t1", (triple("f", "q", "g"),)),
    Extraction("t2", (triple("x", "r", "y"),)),
]


def test_counts_by_hand():
    evaluation = evaluate_triples(GOLD, FOUND, tokenize)
    assert evaluation.tokenized == ScoreCounts(correct=2, found=4, annotated=4)
    assert evaluation.exact == ScoreCounts(correct=1, found=4, annotated=4)
    assert evaluation.tokenized.f1 == 0.5 and evaluation.exact.precision == 0.25
    assert list(evaluation.by_predicate) == ["p", "q", "r"]
    assert evaluation.by_predicate["p"] == (ScoreCounts(2, 2, 3), ScoreCounts(1, 2, 3))
    assert evaluation.by_predicate["q"] == (ScoreCounts(0, 1, 1), ScoreCounts(0, 1, 1))
    assert evaluation.by_predicate["r"] == (ScoreCounts(0, 1, 0), ScoreCounts(0, 1, 0))


def test_annotations_are_a_set_too():
    gold = [Example("t", (triple("A", "p", "b"), triple("a", "p", "b")))]
    found = [Extraction("t", (triple("a", "p", "b"),))]
    evaluation = evaluate_triples(gold, found, tokenize)
    assert evaluation.tokenized == ScoreCounts(1, 1, 1)
    assert evaluation.exact == ScoreCounts(1, 1, 2)


def test_nothing_found_or_nothing_annotated_is_zero():
    counts = ScoreCounts(0, 0, 0)
    assert (counts.precision, counts.recall, counts.f1) == (0.0, 0.0, 0.0)
    assert ScoreCounts(0, 0, 5).f1 == 0.0


def test_the_table_aligns_chinese():
    gold = [Example("t", (triple("a", "出品公司", "b"), triple("a", "p", "b")))]
    table = evaluate_triples(gold, [Extraction("t", ())], tokenize).table()
    rows = table.splitlines()
    assert [row.split()[0] for row in rows[2:]] == ["p", "出品公司", "all"]
    columns = [row.index("0.0000") + (4 if "公" in row else 0) for row in rows[2:]]
    assert len(set(columns)) == 1


def test_extractions_of_other_texts():
    with pytest.raises(ValueError, match="3 examples, 2 extractions"):
        evaluate_triples(GOLD, FOUND[:2], tokenize)
    with pytest.raises(ValueError, match="in the same order"):
        evaluate_triples(GOLD, FOUND[::-1], tokenize)


def test_the_scripts_predictions_file(tmp_path):
    path = tmp_path / "dev_pred.json"
    path.write_text("old")
    write_predictions(path, GOLD, FOUND, tokenize)
    text = path.read_text("utf-8")
    first, end = json.JSONDecoder().raw_decode(text)
    assert first == {
        "text": "t0",
        "spo_list": [["A b", "p", "c"], ["A b", "q", "c"], ["d", "p", "e"]],
        "spo_list_pred": [["a  B", "p", "c"], ["d", "p", "e"]],
        "new": [],
        "lack": [["A b", "q", "c"]],
        "places": [
            {"subject_span": [start, None], "object_span": [None, None], "score": None}
            for start in (0, 1)
        ],
    }
    second, _ = json.JSONDecoder().raw_decode(text[end:].lstrip())
    assert second["new"] == [["f", "q", "g"]] and second["lack"] == [["f", "p", "g"]]
    assert [item.name for item in tmp_path.iterdir()] == ["dev_pred.json"]
