"""Pictures of scores: the terms add up, and the verdict on a triple matches the extractor."""

import re

import numpy as np
import pytest
from pictures import TEXT, expect_sound, extractor_of

from gplinker_tf import RelationExtractor, Span
from gplinker_tf.models import MODELS, RelationModel
from gplinker_tf.structures import offsets_of
from gplinker_tf.visualization import show_scores
from gplinker_tf.visualization._heat_map import draw_map
from gplinker_tf.visualization._read_scores import pairs_in, scores_of, windows_of
from gplinker_tf.visualization._term_bars import draw_terms, verdict
from gplinker_tf.visualization._text_scores import ScoreMap, Term

KINDS = ("gplinker", "casrel", "tplinker", "tplinker-plus")
VARIANTS = ("gplinker-mixed", "gplinker-no-tail")


@pytest.fixture(scope="module", params=KINDS)
def extractor(request):
    return extractor_of(request.param)


@pytest.mark.filterwarnings("ignore:The model finds")
def test_the_terms_add_up_to_the_score_and_the_verdict_is_the_decoders(extractor):
    threshold = -0.02 if extractor.model.kind == "gplinker" else 0.0
    extraction = extractor(TEXT, threshold, max_triples=100_000)
    assert not extraction.left_out
    [window] = windows_of(extractor, TEXT)
    scores = scores_of(extractor, TEXT, window)
    mentions = {
        (offsets_of(mention.subject), triple.predicate, offsets_of(mention.object)): mention.score
        for triple in extraction.triples
        for mention in triple.mentions
    }
    spans = [(start, start + size) for size in (1, 2, 4) for start in range(0, 9, 2)]
    for label, predicate in enumerate(extractor.schema.predicates):
        for subject in spans:
            for object_ in spans:
                words = (Span(TEXT[slice(*span)], *span) for span in (subject, object_))
                [pair] = pairs_in(TEXT, window, *words)
                terms = scores.terms(label, predicate, *pair)
                said = verdict(terms, threshold, scores.remark(label, *pair, threshold))
                key = subject, predicate, object_
                assert said.startswith("Found") == (key in mentions), (key, said)
                if key in mentions:
                    total = sum(term.value for term in terms)
                    assert total == pytest.approx(mentions[key], abs=1e-4)


@pytest.mark.parametrize("kind", [*KINDS, *VARIANTS])
def test_every_model_draws_with_a_pair_and_without(kind):
    extractor = extractor_of(kind)
    words = expect_sound(show_scores(extractor, TEXT, "主演"))
    assert "星" in words
    words = expect_sound(show_scores(extractor, TEXT, "<b>&", "喜剧之王", "周星驰"))
    terms = [word for word in words if re.fullmatch(r"(S|start|end)\([^)]*\)", word)]
    assert len(terms) == (3 if kind == "gplinker-no-tail" else 4)
    assert any(word.startswith("喜剧之王 — <b>& — 周星驰") for word in words)


def test_a_cell_above_the_threshold_is_framed_and_each_has_its_value():
    extractor = extractor_of("gplinker")
    [window] = windows_of(extractor, TEXT)
    scores = scores_of(extractor, TEXT, window)
    maps = scores.maps(0, "主演", None)
    assert [one.title.split(":")[0] for one in maps] == ["entity", "entity", "head", "tail"]
    svg = show_scores(extractor, TEXT, "主演").to_svg()
    assert svg.count('stroke-width="1.5"') == sum(int((one.values > 0).sum()) for one in maps)
    value = maps[2].values[1, 7]
    assert f"<title>喜 → 周: {value:.2f}</title>" in svg


def test_single_characters_are_upright_above_a_map_and_longer_tokens_are_not():
    values = np.zeros([2, 3])
    one = ScoreMap("", "", values, ("start", "end"))
    drawing = draw_map(one, ["星", "2", "1993"], [0, 1, 2], 0.0)
    assert drawing.content.count("rotate(") == 1


def test_maps_are_the_models_logits():
    extractor = extractor_of("gplinker")
    [window] = windows_of(extractor, TEXT)
    scores = scores_of(extractor, TEXT, window)
    encoding = window.encoding
    logits = extractor.model([encoding.token_ids[None], encoding.segment_ids[None]])
    for number, name in ((2, "head"), (3, "tail")):
        drawn = scores.maps(1, "导演", None)[number].values
        expected = np.array(logits[name])[0, 1, 1:-1, 1:-1]
        np.testing.assert_allclose(drawn, expected, atol=1e-5)


def test_of_a_word_at_several_places_the_best_is_taken():
    extractor = extractor_of("gplinker")
    text = "周星驰导演，周星驰主演"
    words = expect_sound(show_scores(extractor, text, "主演", "周星驰", "主演"))
    [window] = windows_of(extractor, text)
    scores = scores_of(extractor, text, window)
    pairs = pairs_in(text, window, "周星驰", "主演")
    assert len(pairs) == 2
    lowest = max(min(term.value for term in scores.terms(0, "主演", *pair)) for pair in pairs)
    assert f"{lowest:.2f}".replace("-", "−") in words
    second = show_scores(extractor, text, "主演", Span("周星驰", 6, 9), Span("主演", 9, 11))
    assert "主演" in expect_sound(second)[0]


def test_long_texts_show_the_window_that_has_the_pair():
    extractor = extractor_of("gplinker", max_length=20)
    text = "由主演。" * 8 + TEXT + "。"
    words = expect_sound(show_scores(extractor, text, "主演", "喜剧之王", "周星驰"))
    assert any("Window" in word for word in words)
    with pytest.raises(ValueError, match="windows, none of which has both"):
        show_scores(
            extractor, "喜剧之王。" + "由主演。" * 9 + "周星驰", "主演", "喜剧之王", "周星驰"
        )


def test_only_windows_that_have_the_pair_are_read(monkeypatch):
    extractor = extractor_of("gplinker", max_length=20)
    text = "由主演。" * 40 + TEXT + "。"
    assert len(windows_of(extractor, text)) > 8
    read, real = [], extractor.model.pair_scores
    monkeypatch.setattr(extractor.model, "pair_scores", lambda ids: read.append(1) or real(ids))
    expect_sound(show_scores(extractor, text, "主演", "喜剧之王", "周星驰"))
    assert len(read) == 1


def test_words_behind_the_end_of_what_is_read_are_said():
    extractor = extractor_of("gplinker", max_length=20, long="truncate")
    with pytest.raises(ValueError, match=r"first 18 characters.* TextWindows\(20\)"):
        show_scores(extractor, "由主演。" * 8 + TEXT, "主演", "喜剧之王", "周星驰")


def test_a_score_that_the_model_masks_draws():
    terms = [Term("S(s_h, s_t)", "喜 → 王", -np.inf), Term("S(o_h, o_t)", "周 → 驰", 1.0)]
    drawing = draw_terms("title", terms, 0.0, verdict(terms, 0.0), 440)
    assert "−∞" in drawing.content and not re.search("nan|inf", drawing.content)


@pytest.mark.parametrize("text", ["", " ", "王", "王" * 510])
@pytest.mark.parametrize("kind", KINDS)
def test_odd_texts_draw(kind, text):
    extractor = extractor_of(kind, max_length=512)
    expect_sound(show_scores(extractor, text, "主演"))


def test_what_can_not_be_shown_is_said():
    extractor = extractor_of("gplinker")
    with pytest.raises(ValueError, match=r"predicates, closest first: 导演, 主演, .*'导'"):
        show_scores(extractor, TEXT, "导")
    with pytest.raises(ValueError, match="subject and object, or neither"):
        show_scores(extractor, TEXT, "主演", "喜剧之王")
    with pytest.raises(ValueError, match=r"occur in the text\. Received: object='莫文蔚'"):
        show_scores(extractor, TEXT, "主演", "喜剧之王", "莫文蔚")
    with pytest.raises(ValueError, match="consist of whole tokens"):
        show_scores(extractor_of("gplinker"), "ab 王", "主演", Span("王", 2, 4), "王")


def test_a_model_of_ones_own_says_what_it_lacks():
    class Mine(RelationModel):
        kind = "mine"
        num_predicates = 3

        def __init__(self):
            pass

    tokenizer, schema = extractor_of("gplinker").tokenizer, extractor_of("gplinker").schema
    with pytest.raises(ValueError, match="pair_scores"):
        show_scores(RelationExtractor(Mine(), tokenizer, schema), TEXT, "主演")


def test_no_model_is_left_out():
    assert set(KINDS) == set(MODELS)
