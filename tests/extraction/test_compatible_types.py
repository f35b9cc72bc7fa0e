"""Entity types as a constraint: compatible types are learned, contradicting triples removed."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gplinker_tf import (
    Example,
    Extraction,
    InputError,
    RelationExtractor,
    Schema,
    Span,
    Triple,
)
from gplinker_tf.data import read_examples
from gplinker_tf.extraction import CompatibleTypes
from gplinker_tf.extraction.folder import compatible_types_of

SCHEMA = Schema(
    (
        ("图书", "作者", "人物"),
        ("网络小说", "主角", "人物"),
        ("歌曲", "歌手", "人物"),
        ("人物", "国籍", "国家"),
        ("企业", "成立日期", "Date"),
        ("机构", "成立日期", "Date"),
    )
)


def found(subject, predicate, object_, lowest=1.0):
    types = SCHEMA.types[predicate]
    ends = Span(subject, type=types[0]), predicate, Span(object_, type=types[1])
    return Triple(*ends, score=4 * lowest, lowest_score=lowest)


def constrained(*triples, types=None):
    """Return the triples that stay and those that are removed."""
    result = (types or CompatibleTypes()).constrain(Extraction("…", triples))
    return list(result.triples), list(result.removed)


def test_types_of_the_same_words_in_one_text_go_together():
    novel = found("诛仙", "作者", "萧鼎"), found("诛仙", "主角", "张小凡")
    apart = (found("青花", "歌手", "周"),), (found("青花", "作者", "陈"),)
    examples = [Example("…", triples) for triples in (novel, *apart)]
    types = CompatibleTypes.learn(examples, SCHEMA)
    assert types == CompatibleTypes(frozenset({("图书", "网络小说")}))
    assert types.go_together("网络小说", "图书") and not types.go_together("图书", "歌曲")
    assert constrained(*novel, types=types) == (list(novel), [])
    assert constrained(*novel) == ([novel[0]], [novel[1]])


def test_the_more_certain_triple_stays_whatever_the_order():
    sure, doubtful = found("许", "国籍", "新加坡", 3.0), found("歌", "歌手", "新加坡", 0.2)
    assert constrained(sure, doubtful) == ([sure], [doubtful])
    assert constrained(doubtful, sure) == ([sure], [doubtful])


def test_what_is_removed_does_not_contradict_others():
    """A triple stays if the triple that contradicts it has been removed."""
    sure, wrong, after = (
        found("许", "国籍", "新加坡", 3.0),
        found("歌", "歌手", "新加坡", 2.0),
        found("歌", "国籍", "英国", 1.0),
    )
    assert constrained(after, wrong, sure) == ([after, sure], [wrong])


def test_a_type_that_is_not_known_contradicts_nothing():
    assert SCHEMA.types["成立日期"][0] == ""
    triples = found("许", "国籍", "英国", 2.0), found("许", "成立日期", "1990", 1.0)
    assert constrained(*triples) == (list(triples), [])


def test_a_triple_that_contradicts_itself_is_removed():
    itself = found("歌", "歌手", "歌")
    assert constrained(itself) == ([], [itself])


def test_nothing_to_remove_is_the_same_extraction():
    extraction = Extraction("…", (found("许", "国籍", "英国"),), truncated=True, left_out=3)
    assert CompatibleTypes().constrain(extraction) is extraction


@st.composite
def extractions(draw):
    words = st.sampled_from("甲乙丙丁")
    rows = st.tuples(words, st.sampled_from(SCHEMA.predicates), words, st.floats(-9, 9))
    return Extraction("…", tuple(found(*row) for row in draw(st.lists(rows, max_size=12))))


@given(extractions())
def test_nothing_is_lost_and_nothing_contradicts(extraction):
    types = CompatibleTypes(frozenset({("图书", "网络小说")}))
    result = types.constrain(extraction)
    assert sorted(map(repr, (*result.triples, *result.removed))) == sorted(
        map(repr, extraction.triples)
    )
    assert types.constrain(result).triples == result.triples
    ends = [span for triple in result.triples for span in (triple.subject, triple.object)]
    for one in ends:
        for other in ends:
            assert one.text != other.text or types.go_together(one.type, other.type)


@pytest.mark.parametrize("pairs", [7, [["人物"]], [1]])
def test_a_damaged_configuration_says_where(tmp_path, pairs):
    assert compatible_types_of({}, tmp_path) is None
    with pytest.raises(InputError, match=r"config\.json: expected the configuration"):
        compatible_types_of({"compatible_types": pairs}, tmp_path)


@pytest.fixture
def extractor(run_folder):
    return RelationExtractor.load(run_folder)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The model finds")
def test_a_run_knows_what_goes_together(extractor, sample, low_threshold, tmp_path):
    train = read_examples(sample / "train_data.json", limit=96)
    assert extractor.compatible_types == CompatibleTypes.learn(train, extractor.schema)
    extractor.save(tmp_path)
    for copy in (RelationExtractor.load(tmp_path), pickle.loads(pickle.dumps(extractor))):
        assert copy.compatible_types == extractor.compatible_types
    texts = [example.text for example in read_examples(sample / "dev_data.json", limit=6)]
    free = extractor(texts, low_threshold)
    consistent = extractor(texts, low_threshold, consistent_types=True)
    assert consistent == list(map(extractor.compatible_types.constrain, free))
    assert any(extraction.removed for extraction in consistent)


def test_a_run_without_types_says_the_way(extractor):
    extractor.compatible_types = None
    with pytest.raises(InputError, match=r"Train again, or set extractor\.compatible_types"):
        extractor("北京", consistent_types=True)
    extractor.schema = Schema(tuple(("", name, "") for name in extractor.schema.predicates))
    with pytest.raises(InputError, match=r"Received: 10 predicates without any\. Train with"):
        extractor("北京", consistent_types=True)
