"""The explorer: moving a widget redraws the picture without reading the text again."""

import time

import pytest
from pictures import TEXT, extractor_of

from gplinker_tf.calibration import Calibration
from gplinker_tf.visualization import explore
from gplinker_tf.visualization._text_at_thresholds import TextAtThresholds, lowest_threshold

pytest.importorskip("ipywidgets")
pytestmark = pytest.mark.filterwarnings("ignore:The model finds")


def parts_of(box):
    text, choices, triples, scores = box.children
    return text, *choices.children, triples, scores


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["gplinker", "casrel", "tplinker"])
def test_widgets_draw_again(kind):
    box = explore(extractor_of(kind), TEXT)
    text, predicate, threshold, pair, triples, scores = parts_of(box)
    assert "<svg" in triples.value and "<svg" in scores.value
    threshold.value = threshold.max
    assert "No triples." in triples.value
    predicate.value = "<b>&"
    assert "&lt;b&gt;&amp;" in scores.value
    text.value = "由周星驰"
    assert "喜" not in triples.value
    text.value = ""
    assert "The text is empty." in triples.value and "No tokens" in scores.value
    assert (pair.label, pair.value) == ("—", "")


def test_a_notebook_without_widgets_says_what_is_missing():
    box = explore(extractor_of("casrel"), TEXT)
    assert "ipywidgets" in repr(box) and len(repr(box)) <= 110


def test_a_slider_s_zero_has_no_sign():
    box = explore(extractor_of("gplinker"), TEXT)
    _, _, threshold, _, _, scores = parts_of(box)
    threshold.value = -8.881784197001252e-16  # what JupyterLab's slider sends for 0
    assert "threshold 0" in scores.value and "−0<" not in scores.value


def test_a_pair_shows_its_terms():
    box = explore(extractor_of("gplinker"), TEXT)
    _, _, _, pair, _, scores = parts_of(box)
    assert "S(s_h, s_t)" in scores.value and "ound: " in scores.value
    pair.label = "—"
    assert "ound: " not in scores.value and pair.index is not None


@pytest.mark.slow
def test_a_text_is_read_once(monkeypatch):
    extractor = extractor_of("gplinker")
    box = explore(extractor, TEXT)
    _, predicate, threshold, *_ = parts_of(box)
    monkeypatch.setattr(extractor.model, "encoder", None)
    seconds = []
    for step in range(10):
        started = time.process_time()
        threshold.value = step / 10
        seconds.append(time.process_time() - started)
    assert min(seconds) < 0.2  # process time, so other programs do not count
    predicate.value = "导演"


@pytest.mark.parametrize("kind", ["gplinker", "casrel", "tplinker-plus"])
def test_triples_above_a_threshold_are_those_that_the_extractor_finds(kind):
    extractor, text = extractor_of(kind), "喜剧周周"
    known = TextAtThresholds(extractor, text)
    for threshold in (lowest_threshold(extractor), 0.0, 0.2):
        found = extractor(text, threshold, max_triples=1000)
        assert spans_of(known.above(threshold)) == spans_of(found)


def spans_of(extraction):
    """Return all triples with their spans, and their mentions in any order."""
    return {
        (
            triple.words,
            triple.subject,
            triple.object,
            frozenset((mention.subject, mention.object) for mention in triple.mentions),
        )
        for triple in extraction.triples
    }


def test_the_slider_follows_the_tuned_thresholds_until_it_is_moved():
    extractor = extractor_of("gplinker")
    first, second, *_ = extractor.schema.predicates
    extractor.calibration = Calibration(-1.0, {first: 0.5, second: -2.0})
    _, predicate, threshold, *_ = parts_of(explore(extractor, ""))
    predicate.value = first
    assert threshold.value == 0.5
    predicate.value = second
    assert threshold.value == -2.0
    threshold.value = 1.5
    predicate.value = first
    assert threshold.value == 1.5
