"""RelationExtractor: from texts to triples with spans."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from extracted import BORDERS, as_rows, assert_same, tiny_extractor
from tiny import tiny_model

from gplinker_tf import Example, Extraction, RelationExtractor, Schema, Span, Triple
from gplinker_tf.batching import pad_batch
from gplinker_tf.metrics import ScoreCounts, evaluate_triples
from gplinker_tf.metrics.matching import exact_key
from gplinker_tf.metrics.text_counts import text_counts
from gplinker_tf.runs import read_predictions, write_predictions
from gplinker_tf.tokenizers import BertTokenizer

pytestmark = pytest.mark.slow


def test_triples_name_their_text(extractor, texts, low_threshold):
    found = extractor(texts, threshold=low_threshold)
    triples = [(e.text, triple) for e in found for triple in e.triples]
    assert len(triples) > 50
    for text, triple in triples:
        assert text[triple.subject.start : triple.subject.end] == triple.subject.text != ""
        assert text[triple.object.start : triple.object.end] == triple.object.text != ""
        assert triple.predicate in extractor.schema.index
        assert triple.score > 4 * low_threshold
    for extraction in found:
        scores = [triple.score for triple in extraction.triples]
        assert scores == sorted(scores, reverse=True)


def test_results_do_not_depend_on_the_batch(extractor, texts, low_threshold):
    expected = extractor(texts, low_threshold)
    assert_same(extractor(texts, low_threshold, batch_size=3), expected)
    assert_same(extractor(texts[::-1], low_threshold)[::-1], expected)
    assert_same([extractor([text], low_threshold)[0] for text in texts[:5]], expected[:5])


def test_the_stream_gives_the_same_in_order(extractor, texts, monkeypatch, low_threshold):
    monkeypatch.setattr("gplinker_tf.extraction.portions.TEXTS_TOGETHER", 7)
    found = list(extractor.stream(iter(texts), low_threshold))
    assert [extraction.text for extraction in found] == texts
    assert as_rows(found) == as_rows(extractor(iter(texts), low_threshold))


@pytest.mark.parametrize("window", [4, 5, 4096])
def test_texts_before_an_error_are_extracted(extractor, texts, monkeypatch, window):
    monkeypatch.setattr("gplinker_tf.extraction.portions.TEXTS_TOGETHER", window)

    def breaking_off():
        yield from texts[:8]
        raise OSError("the connection is gone")

    found = []
    with pytest.raises(OSError, match="the connection is gone"):
        found.extend(extractor.stream(breaking_off()))
    assert [extraction.text for extraction in found] == texts[:8]


def test_a_higher_threshold_finds_a_part(extractor, texts, low_threshold):
    uncut = {"max_pairs": 1_000_000, "max_triples": 1_000_000}
    low = extractor(texts, low_threshold, **uncut)
    high = extractor(texts, low_threshold + 1, **uncut)
    for more, fewer in zip(as_rows(low), as_rows(high), strict=True):
        assert set(fewer) <= set(more)
    assert sum(len(e.triples) for e in high) < sum(len(e.triples) for e in low)


def test_texts_of_no_and_of_very_many_characters(extractor, texts, low_threshold):
    truncating = copy.copy(extractor)
    truncating.windows = replace(extractor.windows, long="truncate")
    empty, long, plain = truncating(["", texts[0] * 4000, texts[0]], low_threshold)
    assert (empty.text, empty.triples, empty.truncated) == ("", (), False)
    assert long.truncated and len(long.text) > 60_000 and not plain.truncated
    assert all(triple.object.end <= 126 for triple in long.triples)
    assert truncating([]) == []


def test_a_cap_that_cut_is_told(extractor, texts, low_threshold):
    found = extractor(texts, low_threshold, max_pairs=3)
    assert any(extraction.capped for extraction in found)
    assert not any(extraction.capped for extraction in extractor(texts, threshold=50))


def test_one_text_gives_its_own_extraction(extractor, texts, low_threshold):
    found = extractor(texts[0], low_threshold)
    assert found == extractor([texts[0]], low_threshold)[0] and found.triples


def test_the_best_triples_are_listed_and_the_others_counted(extractor, texts, low_threshold):
    everything = extractor(texts, low_threshold, max_triples=10_000)
    extractor._warned = False
    with pytest.warns(UserWarning, match="marks nearly everything") as told:
        found = extractor(texts, low_threshold, max_triples=2)
        extractor(texts, low_threshold, max_triples=2)
    assert len(told) == 1 and told[0].filename == __file__
    for cut, whole in zip(found, everything, strict=True):
        # The two best may be the same triple at different positions.
        assert cut.triples == whole.triples[: len(cut.triples)] and len(cut.triples) <= 2
        assert cut.left_out >= len(whole.triples) - 2 and not whole.left_out
        assert cut.triples or not whole.triples
    assert any(cut.left_out for cut in found)
    assert list(extractor.stream(texts, low_threshold, max_triples=2)) == found


def test_an_untrained_model_lists_no_more_than_a_person_reads():
    extractor = tiny_extractor()
    with pytest.warns(UserWarning, match=r"finds 630 triples in one text.*best 300"):
        found = extractor("甲乙丙丁甲", threshold=-100, max_pairs=210)
    assert found.left_out == 330
    # 300 are listed, some of them the same triple at different positions.
    assert 250 < len(found.triples) < 300
    assert len({triple.words for triple in found.triples}) == len(found.triples)


def test_the_warning_counts_what_is_listed(monkeypatch):
    """Decoding has a maximum number of listed triples, whatever is requested."""
    monkeypatch.setattr("gplinker_tf.decoding.decode.MAX_LISTED", 20)
    with pytest.warns(UserWarning, match=r"finds 630 triples in one text.*best 20 "):
        tiny_extractor()("甲乙丙丁甲", threshold=-100, max_pairs=210, max_triples=50)


def test_what_was_left_out_counts_as_wrong(tmp_path):
    gold = Triple(Span("甲"), "x", Span("乙"))
    examples = [Example("甲乙", (gold,)), Example("丙", ())]
    found = [Extraction("甲乙", (gold,), left_out=5), Extraction("丙", (), left_out=2)]
    evaluation = evaluate_triples(examples, found, list)
    assert evaluation.tokenized == evaluation.exact == ScoreCounts(1, 8, 1)
    assert text_counts(examples, found, exact_key).sum(axis=0).tolist() == [1, 8, 1]
    write_predictions(tmp_path / "dev_pred.json", examples, found, list)
    assert read_predictions(tmp_path / "dev_pred.json")[1] == found


def test_any_keras_model_can_be_the_encoder():
    extractor = tiny_extractor()
    [found] = extractor(["甲乙丙丁"], threshold=-100)
    # 10 spans per role, 3 predicates, everything passes
    assert len(found.triples) == 10 * 10 * 3 and not found.capped


def test_a_triple_is_listed_once_where_it_scores_highest():
    extractor, text = tiny_extractor(), "甲乙甲乙"
    encodings = extractor.tokenizer.encode_batch([text])
    triples, _ = extractor.model.decode(pad_batch(encodings), -100.0, 10_000)
    best = {}
    rows = zip(*(part.numpy().tolist() for part in triples[1:5]), strict=True)
    for (first, last), predicate, (other_first, other_last), score in rows:
        words = text[first - 1 : last], "xyz"[predicate], text[other_first - 1 : other_last]
        best[words] = max(best.get(words, -np.inf), score)
    found = extractor(text, -100.0).triples
    assert len(triples.score) > len(best) == len(found)
    assert {triple.words: triple.score for triple in found} == pytest.approx(best, abs=1e-4)


def test_many_extractors_raise_no_alarm_about_tracing(caplog):
    for _ in range(6):  # TensorFlow warns after five traces in ten calls
        extractor = tiny_extractor()
        for texts in (["甲乙丙丁"], ["甲", "乙丙"]):
            extractor(texts, threshold=50)
    assert not [record for record in caplog.records if "retracing" in record.message]


def test_a_schema_of_another_model():
    with pytest.raises(ValueError, match=r"3 predicates.*Received: 1"):
        RelationExtractor(tiny_model(), BertTokenizer(BORDERS), Schema((("", "x", ""),)))


@pytest.mark.parametrize("name", ["batch_size", "max_pairs", "max_triples"])
def test_a_number_below_1(name):
    with pytest.raises(ValueError, match=f"Expected at least 1. Received: {name}=0"):
        tiny_extractor()("", **{name: 0})
