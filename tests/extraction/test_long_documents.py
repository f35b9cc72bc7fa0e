"""Texts longer than the model's maximum length: windows, offsets in the text, mentions."""

import copy
import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import tiny_encoder

from gplinker_tf import GPLinker, RelationExtractor, Schema
from gplinker_tf.data import read_examples
from gplinker_tf.extraction import CONFIG, Prediction, Predictor
from gplinker_tf.tokenizers import BertTokenizer

TOKENIZER = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"甲乙丙。"])
SUBJECT, OBJECT = 4, 5
SCHEMA = Schema((("人物", "认识", "地点"),))
MAX_LENGTH = 12


class EachWithEach(Predictor):
    """A predictor that links each 甲 to each 乙 in the same window; the closer the better."""

    def __call__(self, token_ids, segment_ids, threshold, max_pairs, max_triples):
        rows = [
            (text, subject, object_, 20.0 - abs(subject - object_))
            for text, ids in enumerate(token_ids)
            for subject, object_ in product(
                np.flatnonzero(ids == SUBJECT), np.flatnonzero(ids == OBJECT)
            )
        ]
        batch, subjects, objects, scores = np.array(rows).reshape(-1, 4).T
        spans = [np.stack([ends, ends], axis=1).astype(int) for ends in (subjects, objects)]
        no = np.zeros(len(token_ids), bool)
        labels = np.zeros(len(rows), int)
        return Prediction(
            batch.astype(int),
            spans[0],
            labels,
            spans[1],
            scores,
            scores / 4,
            no,
            no.astype(int),
            ~no,
        )


@pytest.fixture(scope="module")
def by_rule():
    extractor = RelationExtractor(GPLinker(tiny_encoder(), 1), TOKENIZER, SCHEMA, MAX_LENGTH)
    extractor.predictor = EachWithEach()
    return extractor


@pytest.mark.slow
@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text("甲乙丙 。", max_size=60), st.integers(1, 7))
def test_each_mention_that_a_window_has_is_found_once_where_it_is(by_rule, text, batch_size):
    encoding = TOKENIZER.encode(text)
    ids, offsets = encoding.token_ids, encoding.offsets.tolist()
    windows = by_rule.windows.cut(text, encoding)
    expected = {
        (*offsets[subject], *offsets[object_])
        for start, end in windows
        for subject, object_ in product(range(start, end + 1), repeat=2)
        if ids[subject] == SUBJECT and ids[object_] == OBJECT
    }
    [extraction] = by_rule([text], batch_size=batch_size)
    assert len(extraction.triples) == bool(expected) and not extraction.truncated
    for triple in extraction.triples:
        found = [
            (m.subject.start, m.subject.end, m.object.start, m.object.end) for m in triple.mentions
        ]
        assert len(found) == len(set(found)) and set(found) == expected
        for mention in triple.mentions:
            for span in (mention.subject, mention.object):
                assert text[span.start : span.end] == span.text
        scores = [mention.score for mention in triple.mentions]
        assert scores == sorted(scores, reverse=True) and triple.score == scores[0]
        best = triple.mentions[0]
        assert (triple.subject, triple.object) == (best.subject, best.object)
    assert {(span.text, span.type) for span in extraction.entities} <= {
        ("甲", "人物"),
        ("乙", "地点"),
    }


def test_which_mentions_are_listed(by_rule):
    text = "甲丙丙乙。丙丙。甲乙。"
    [of_all] = by_rule(text).triples
    assert [(m.subject.start, m.object.start) for m in of_all.mentions][:2] == [(8, 9), (0, 3)]
    [first] = by_rule(text, mentions="first").triples
    assert (first.subject.start, first.object.start, len(first.mentions)) == (0, 3, 1)
    [nearest] = by_rule(text, mentions="nearest").triples
    assert (nearest.subject.start, nearest.object.start, len(nearest.mentions)) == (8, 9, 1)
    with pytest.raises(ValueError, match="Received: mentions='last'"):
        by_rule(text, mentions="last")


def test_the_original_script_reads_the_beginning_only(by_rule):
    truncating = copy.copy(by_rule)
    truncating.windows = replace(by_rule.windows, long="truncate")
    truncating.predictor = by_rule.predictor
    text = "丙" * 10 + "甲乙"
    assert truncating(text).truncated and not truncating(text).triples
    assert by_rule(text).triples and not by_rule(text).truncated


@pytest.mark.slow
def test_a_real_model_reads_all_of_a_document(run_folder, sample, low_threshold):
    extractor = RelationExtractor.load(run_folder)
    sentences = [example.text for example in read_examples(sample / "dev_data.json", limit=12)]
    extractor.windows = replace(extractor.windows, long="sentences")
    document = "\n".join(sentences)
    [once] = extractor([document], low_threshold)
    [by_two] = extractor([document], low_threshold, batch_size=2)
    assert once.triples and [t.words for t in once.triples] == [t.words for t in by_two.triples]
    for triple in once.triples:
        for mention in triple.mentions:
            assert document[mention.object.start : mention.object.end] == triple.object.text
    assert max(m.object.end for t in once.triples for m in t.mentions) > 128


@pytest.mark.slow
def test_how_long_texts_are_read_is_saved(run_folder, tmp_path):
    extractor = RelationExtractor.load(run_folder)
    assert extractor.windows.long == "truncate", "trained by the original script's recipe"
    extractor.save(tmp_path)
    assert RelationExtractor.load(tmp_path).windows == extractor.windows
    config = json.loads((tmp_path / CONFIG).read_text("utf-8"))
    del config["long"]  # as version 0.1 wrote it
    (tmp_path / CONFIG).write_text(json.dumps(config), "utf-8")
    assert RelationExtractor.load(tmp_path).windows.long == "truncate"
