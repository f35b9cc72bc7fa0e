"""The knowledge graph: each entity once, all relations between two, no overlaps."""

import numpy as np
import pytest
from pictures import expect_sound

from gplinker_tf import Example, Extraction, Span, Triple
from gplinker_tf.visualization import show_graph
from gplinker_tf.visualization._graph_layout import lay_out


def text_with(*triples):
    return Extraction("…", tuple(Triple(Span(s), p, Span(o)) for s, p, o in triples))


def test_the_same_words_are_one_node_and_all_relations_are_named():
    texts = [
        text_with(("喜剧之王", "主演", "周星驰"), ("喜剧之王", "导演", "周星驰")),
        text_with(("喜剧之王", "主演", "周星驰"), ("功夫", "主演", "周星驰")),
    ]
    picture = show_graph(texts)
    words = expect_sound(picture)
    assert words.count("周星驰") == 1 and "主演, 导演" in words
    assert "喜剧之王 — 主演 → 周星驰 (2 texts)" in picture.to_svg()
    assert repr(picture) == "Picture('3 entities, 3 relations')"


@pytest.mark.parametrize(
    "texts",
    [
        [],
        text_with(),
        text_with(("a", "b", "a")),
        text_with(("a", "b", "c"), ("c", "b", "a")),
        Example("…", text_with(("<b>", "<i>&", "😀")).triples),
        [text_with(*((f"甲{n}", "p", f"乙{n % 7}") for n in range(200)))],
    ],
    ids=["none", "no triples", "to itself", "both ways", "markup", "many"],
)
def test_odd_graphs_draw(texts):
    picture = show_graph(texts)
    expect_sound(picture)
    assert "nan" not in picture.to_svg(300) and "<i>" not in picture.to_html()


def test_plain_texts_are_refused():
    with pytest.raises(TypeError, match=r"Received: str\. Extract first"):
        show_graph(["《功夫》由周星驰主演"])


def test_what_is_left_out_is_said():
    stars = [text_with(*((f"甲{n}", "p", f"乙{n}{m}") for m in range(5))) for n in range(20)]
    words = expect_sound(show_graph(stars, max_entities=12))
    assert "108 more entities are not drawn: see max_entities." in words


@pytest.mark.parametrize("width", [440, 1080])
def test_no_node_is_over_another(width):
    rng = np.random.default_rng(0)
    edges = [(int(a), int(b)) for a, b in rng.integers(0, 24, [30, 2]) if a != b]
    sizes = np.tile([90.0, 28.0], [24, 1])
    centers = lay_out(sizes, edges, width).centers
    apart = np.abs(centers[:, None] - centers[None])
    over = (apart < sizes[0] - 1).all(axis=-1) & ~np.eye(24, dtype=bool)
    assert not over.any()


def test_a_layout_is_the_same_each_time():
    edges = [(0, 1), (1, 2), (2, 3), (3, 0)]
    sizes = np.full([4, 2], 30.0)
    first, second = (lay_out(sizes, edges, 500).centers for _ in range(2))
    np.testing.assert_array_equal(first, second)
