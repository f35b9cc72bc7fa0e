"""Results as shown in a notebook and as pandas data frames."""

import inspect
from html.parser import HTMLParser

import pandas
import pytest
from test_reprs import COUNTS, EVALUATION, LARGE, SPAN, TRIPLE

import gplinker_tf
from gplinker_tf import (
    Example,
    Extraction,
    Mention,
    RelationExtractor,
    Schema,
    Span,
    Triple,
    audit,
    calibration,
    comparison,
    metrics,
    report,
    training,
    visualization,
)
from gplinker_tf._html import COLORS, MOST_ROWS, html_table

#: Functions whose results a notebook shows.
GIVERS = [
    *(gplinker_tf.evaluate, gplinker_tf.tune, gplinker_tf.train, gplinker_tf.prepare),
    *(audit.audit_labels, report.report_run, comparison.make_table, metrics.evaluate_triples),
    *(calibration.tune_thresholds, calibration.read_calibration, RelationExtractor.__call__),
]
#: Pictures are left out: they may be large.
SHOWN = [
    large
    for large in LARGE
    if hasattr(large, "_repr_html_") and not isinstance(large, visualization.Picture)
]
TABLES = [shown for shown in SHOWN if hasattr(shown, "to_dataframe")]

MOST = 30_000
VOID = {"br", "img"}


class Checked(HTMLParser):
    """A parser that collects the text and checks that elements are closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.text = [], []

    def handle_starttag(self, tag, attrs):
        assert tag not in {"script", "b"}
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def text_of(html):
    checked = Checked()
    checked.feed(html)
    checked.close()
    assert not checked.open
    return "".join(checked.text)


def name(value):
    return type(value).__name__


@pytest.mark.parametrize("giver", GIVERS, ids=lambda giver: giver.__qualname__)
def test_what_a_user_asks_for_is_shown(giver):
    returned = inspect.signature(giver).return_annotation
    shown = {name(each) for each in SHOWN}
    assert set(returned.replace("list[", "").replace("]", "").split(" | ")) - {"None"} <= shown


@pytest.mark.parametrize("shown", SHOWN, ids=name)
def test_html_is_small_whole_and_in_the_colors_of_the_notebook(shown, monkeypatch):
    if name(shown) == "TrainingPlan":  # the example is made of stubs
        monkeypatch.setattr(training.TrainingPlan, "lines", lambda self: ["1,000 parameters"])
    html = shown._repr_html_()
    assert len(html) <= MOST and " at 0x" not in html
    assert text_of(html)
    assert "background" not in html and "color:" not in html.replace("text-color", "")


@pytest.mark.parametrize("shown", TABLES, ids=name)
def test_a_data_frame_has_every_row_and_named_columns(shown):
    frame = shown.to_dataframe()
    assert isinstance(frame, pandas.DataFrame)
    assert frame.columns.is_unique and all(frame.columns)
    rows = text_of(shown._repr_html_())
    assert len(frame) <= MOST_ROWS or "more; to_dataframe() has them" in rows or len(rows) < 2000


def test_a_long_table_has_both_ends():
    rows = [(epoch, epoch / 100) for epoch in range(1, 101)]
    shown = text_of(html_table(("epoch", "f1"), rows))
    assert "80 more" in shown
    assert (
        all(f"{share:.4f}" in shown for share in (0.01, 0.1, 0.91, 1.0)) and "0.5000" not in shown
    )
    assert "more" not in text_of(html_table(("epoch", "f1"), rows[:MOST_ROWS]))


def test_markup_in_texts_and_names_is_shown_as_it_is():
    text = "<b>Ada</b> & <script>Tin"
    triple = Triple(Span("<b>Ada</b>", 0, 10, "<i>"), "<wrote>", Span("<script>Tin", 13, 24))
    for shown in (
        Extraction(text, (triple,)),
        Example(text, (triple,)),
        triple,
        Schema((("<i>", "<wrote>", "<script>"),)),
        metrics.Evaluation(COUNTS, COUNTS, {"<wrote>": (COUNTS, COUNTS)}),
    ):
        assert "<wrote>" in text_of(shown._repr_html_())
    assert text_of(Extraction(text)._repr_html_()).startswith(text)


def test_what_no_page_may_contain_is_replaced():
    half = "\ud83d《战狼2》\x00"
    html = Extraction(half, (Triple(Span(half), half, Span(half)),))._repr_html_()
    assert html.encode() and "\x00" not in html and "�《战狼2》�" in html


def test_ends_are_underlined_wherever_they_stand_overlapping_too():
    text = "周星驰导演、周星驰主演《喜剧之王》"
    film, star, other = Span("喜剧之王", 12, 16), Span("周星驰", 6, 9), Span("周星驰", 0, 3)
    mentions = (Mention(film, star, 9.0), Mention(film, other, 8.0))
    triple = Triple(film, "主演", star, 9.0, mentions)
    inner = Triple(Span("星", 7, 8), "p", Span("喜剧之王", 12, 16), 1.0)
    html = Extraction(text, (triple, inner))._repr_html_()
    assert html.count(COLORS["object"]) == 5  # 周星驰; 周, 星 and 驰; 喜剧之王
    assert html.count('title="subject, object"') == 2
    assert text in text_of(html)


def test_an_extraction_says_what_it_left_out():
    shown = text_of(Extraction("周星驰", (), True, True, 7)._repr_html_())
    assert shown == "周星驰0 triples, 7 left out, truncated, capped"


def test_an_extraction_counts_what_contradicts_its_types():
    triple = Triple(Span("新加坡"), "国籍", Span("新加坡"))
    assert repr(Extraction("新加坡", removed=(triple,))) == (
        "Extraction('新加坡', 0 triples, 1 removed)"
    )


def test_data_frames_of_several_texts_go_together():
    one = Triple(Span("Ada", 0, 3), "wrote", Span("Tin", 10, 13), 2.5)
    frames = [Extraction(f"Ada wrote Tin{end}", (one,)).to_dataframe() for end in ".!"]
    whole = pandas.concat(frames, ignore_index=True)
    assert list(whole["text"]) == ["Ada wrote Tin.", "Ada wrote Tin!"]
    assert list(whole["subject_end"]) == [3, 3] and list(whole["score"]) == [2.5, 2.5]
    assert not len(Extraction("Ada").to_dataframe())


def test_scores_of_all_come_first():
    frame = EVALUATION.to_dataframe().set_index("predicate")
    assert frame.index[0] == "all" and len(frame) == 2001
    assert frame.loc["all", "f1"] == pytest.approx(COUNTS.f1)


def test_a_report_has_a_row_per_error():
    [large] = [each for each in LARGE if isinstance(each, report.RunReport)]
    row = large.to_dataframe().iloc[0]
    assert row["gold_subject"] == row["found_subject"] == SPAN.text
    assert row["score"] == TRIPLE.score


def test_without_pandas_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("gplinker_tf.extras.is_there", lambda module: False)
    with pytest.raises(ImportError, match=r"pip install 'gplinker_tf\[dataframes\]'"):
        Schema((("", "wrote", ""),)).to_dataframe()
