"""Triples drawn on their text: any text can be drawn, everything is escaped, nothing overlaps."""

import re

import pytest
from pictures import expect_sound

from gplinker_tf import Example, Extraction, Span, Triple
from gplinker_tf.visualization import show_triples
from gplinker_tf.visualization._located import located
from gplinker_tf.visualization._text_lines import lines_of


def found(text, *triples):
    made = (
        Triple(Span(subject), predicate, Span(object_)) for subject, predicate, object_ in triples
    )
    return Extraction(text, tuple(made))


NAMES = [f"{first}{second}" for first in "赵钱孙李周吴郑王" for second in "一二三四五六七八"]
ODD = {
    "one token": found("王"),
    "empty": found(""),
    "white space": found(" \n\t "),
    "512 tokens, 60 triples": found(
        "《群星》由" + "、".join(NAMES) + "主演。" * 150,
        *(("群星", "主演", name) for name in NAMES[:60]),
    ),
    "nested": found(
        "北京大学人民医院", ("北京大学人民医院", "位于", "北京"), ("北京大学", "位于", "北京")
    ),
    "crossing": found("北京大学人民医院", ("北京大学人", "x", "人民医院"), ("学人", "y", "大学")),
    "one span": found("周杰伦", ("周杰伦", "别名", "周杰伦")),
    "both ways": found(
        "周杰伦和叶惠美", ("周杰伦", "母亲", "叶惠美"), ("叶惠美", "儿子", "周杰伦")
    ),
    "emoji": found("👩🏽‍🚀 loves 🇨🇳 and 😀", ("👩🏽‍🚀", "loves", "🇨🇳")),
    "right to left": found("وُلد نجيب محفوظ في القاهرة 1911", ("نجيب محفوظ", "مكان", "القاهرة")),
    "hebrew in chinese": found("他说שלום给王", ("王", "说", "שלום")),
    "control characters": found("a\x00b\x0bc", ("a", "\x01", "c")),
    "a long word": found("x" * 300, ("x", "y", "xx")),
    "spaces marked": found("a b " * 30 + "\n\n c", ("a", "x", " "), ("\n", "y", "c")),
    "long names": found("甲" * 90 + "乙" * 90, ("甲" * 90, "关" * 60, "乙" * 90)),
}


@pytest.mark.slow
@pytest.mark.parametrize("extraction", ODD.values(), ids=ODD)
@pytest.mark.parametrize("width", [200, 440, 1080])
def test_odd_texts_draw(extraction, width):
    picture = show_triples(extraction)
    words = expect_sound(picture)
    assert "nan" not in picture.to_svg(width)
    for one in extraction.triples:
        assert picture.to_svg(width).count(one.predicate[:1].replace("\x01", "\ufffd"))
    if not extraction.triples:
        assert "No triples." in words


def test_text_stays_text():
    words = "".join(expect_sound(show_triples(found("周星驰主演", ("周星驰", "主演", "演")))))
    assert words.startswith("主演周星驰主演")


def test_markup_is_escaped():
    extraction = found('<script>"x"</script> & <b>', ("<script>", "<i>&</i>", "<b>"))
    picture = show_triples(extraction)
    expect_sound(picture)
    for markup in (picture.to_html(), picture.to_svg()):
        assert "<b>" not in markup and "<i>" not in markup and "&lt;i&gt;&amp;" in markup


def test_gold_says_what_is_correct_missed_and_spurious():
    text = "《喜剧之王》由周星驰、莫文蔚主演"
    extraction = found(text, ("喜剧之王", "主演", "周星驰"), ("喜剧之王", "导演", "周星驰"))
    gold = found(text, ("喜剧之王", "主演", "周星驰"), ("喜剧之王", "主演", "莫文蔚"))
    words = expect_sound(show_triples(extraction, gold.triples))
    assert {"✓ 主演", "○ 主演", "✗ 导演", "✓ correct", "○ missed", "✗ spurious"} <= set(words)
    assert (
        show_triples(extraction, Example(text, gold.triples)).html
        == show_triples(extraction, gold.triples).html
    )
    assert "✓ correct" not in expect_sound(show_triples(extraction))


def test_gold_of_another_text_or_of_plain_words_is_refused():
    with pytest.raises(ValueError, match=r"gold of the same text\. Received: '李', for '王'"):
        show_triples(found("王"), Example("李"))
    with pytest.raises(TypeError, match=r"gold triples\. Received: \('王', '父亲', '王'\)"):
        show_triples(found("王"), [("王", "父亲", "王")])


def test_what_is_not_drawn_is_said():
    many = found("王一" * 40, *(("王", f"p{number}", "一") for number in range(70)))
    words = expect_sound(show_triples(many))
    assert "10 more triples not drawn." in words
    cut = expect_sound(show_triples(Extraction("王", truncated=True, capped=True, left_out=1)))
    assert any("its end was not searched" in word for word in cut)
    assert any("max_pairs" in word for word in cut) and "1 more triple not drawn." in cut
    removed = Extraction("王", removed=found("王", ("王", "父亲", "王")).triples)
    note = "Removed because entity types contradict each other: 1 triple."
    assert note in expect_sound(show_triples(removed))
    lost = expect_sound(show_triples(found("王", ("李", "父亲", "王"))))
    assert "Not in the text: 李 — 父亲 — 王" in lost


def test_a_page_has_a_drawing_for_each_width_and_short_texts_one():
    long = "《喜剧之王》" * 20
    assert show_triples(found(long)).html.count("<svg") == 3
    assert show_triples(found("王")).html.count("<svg") == 1
    shown = re.findall(
        r"min-width:(\d+)px\)(?: and \(max-width:([\d.]+)px\))?", show_triples(found(long)).html
    )
    assert shown == [("720", "1079.98"), ("1080", "")]


def test_words_without_offsets_are_where_the_ends_are_nearest():
    text = "周星驰导演，周星驰主演《喜剧之王》"
    triple = Triple(Span("喜剧之王"), "主演", Span("周星驰"))
    [one], _ = located(text, [(triple, "")])
    assert one.object == (6, 9)
    exact = Triple(Span("喜剧之王", 12, 16), "导演", Span("周星驰", 0, 3))
    [one], _ = located(text, [(exact, "")])
    assert one.object == (0, 3)


def test_lines_hold_all_characters_once_and_short_spans_whole():
    text = (
        "《喜剧之王》是星辉海外有限公司出品的一部喜剧电影，由李力持、周星驰执导，周星驰、莫文蔚主演"
    )
    span = (text.index("莫文蔚"), text.index("莫文蔚") + 3)
    for width in (60, 150, 300, 700):
        lines, _ = lines_of(text, [span], width, 16)
        assert "".join(piece.unit.text for line in lines for piece in line) == text
        whole = any("莫文蔚" in "".join(piece.unit.text for piece in line) for line in lines)
        assert whole or width * 0.4 < 48
        assert not any(line[0].unit.text in "，、》" for line in lines)


def test_words_that_run_the_other_way_are_turned_round():
    lines, right_to_left = lines_of("אב גד abc def", [], 500, 16)
    assert right_to_left
    assert "".join(piece.unit.text for piece in lines[0]) == "abc def גד אב"


def test_a_list_is_refused():
    with pytest.raises(TypeError, match="one by one, or all with show_graph"):
        show_triples([found("王")])
