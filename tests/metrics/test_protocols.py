"""Match protocols: counted by hand, and compared with the official scorer and one another."""

import random
from itertools import product
from pathlib import Path

import pytest

from gplinker_tf import Example, Extraction, InputError, Mention, Span, Triple
from gplinker_tf.data.formats.lic2019 import slot_predicate
from gplinker_tf.metrics import PROTOCOLS, ScoreCounts, evaluate_triples, protocol_named

DOCUMENT = Path(__file__).parents[2] / "docs" / "metrics.md"


def span(end):
    word, start = end if isinstance(end, tuple) else (end, None)
    return Span(word) if start is None else Span(word, start, start + len(word))


def triple(subject, predicate, object_):
    """Return a triple whose ends are words, or pairs of a word and its start."""
    return Triple(span(subject), predicate, span(object_))


def tokenize(word):
    return word.lower().split()


def scores(name, annotated, found, left_out=0):
    evaluation = evaluate_triples(
        [Example("t", tuple(annotated))],
        [Extraction("t", tuple(found), left_out=left_out)],
        tokenize,
        [protocol_named(name)],
    )
    return evaluation.by_protocol[name]


ANNOTATED = [
    triple("New York City", "in", "the US"),
    triple("New York City", "in", "the US"),
    triple("Lake Erie", "in", "《Ohio》"),
    triple("Ada Byron", "wrote", "Note G"),
]
FOUND = [
    triple("New York", "in", "the US"),
    triple("new york city", "in", "the us"),
    triple("Lake Erie", "in", "ohio"),
    triple("Lady Byron", "wrote", "the G"),
    triple("Ada Byron", "wrote", "Note G"),
]


@pytest.mark.parametrize(
    ("name", "correct", "found", "annotated"),
    [
        ("tokenized", 2, 5, 3),
        ("exact", 1, 5, 3),
        ("exact-duplicates", 1, 5, 4),
        ("duie", 3, 5, 3),
        # New, the; new, the; Lake, ohio; Lady, the; Ada, Note
        ("partial", 2, 5, 3),
        # York, US; city, us; Erie, ohio; and twice Byron, G, which counts once
        ("last-word", 1, 4, 3),
        ("spans", 1, 5, 3),
        # the US, Lake Erie, Ada Byron, Note G
        ("entities", 4, 10, 6),
        ("entity-spans", 4, 10, 6),
    ],
)
def test_counts_by_hand(name, correct, found, annotated):
    assert scores(name, ANNOTATED, FOUND).total == ScoreCounts(correct, found, annotated)


def test_a_duplicate_counts_twice_only_where_the_protocol_says_so():
    twice, once = ANNOTATED[:2], ANNOTATED[:1]
    assert scores("exact", twice, once).total == ScoreCounts(1, 1, 1)
    assert scores("exact-duplicates", twice, once).total == ScoreCounts(1, 1, 2)
    assert scores("exact-duplicates", twice, twice).total == ScoreCounts(2, 2, 2)


def test_each_predicate_apart():
    by_predicate = scores("partial", ANNOTATED, FOUND).by_predicate
    assert by_predicate == {"in": ScoreCounts(1, 3, 2), "wrote": ScoreCounts(1, 2, 1)}
    assert list(scores("entities", ANNOTATED, FOUND).by_predicate) == [""]


def test_tokenized_and_exact_are_those_of_the_evaluation():
    both = [PROTOCOLS["tokenized"], PROTOCOLS["exact"]]
    evaluation = evaluate_triples(
        [Example("t", tuple(ANNOTATED))],
        [Extraction("t", tuple(FOUND), left_out=3)],
        tokenize,
        both,
    )
    assert evaluation.by_protocol["tokenized"].total == evaluation.tokenized
    assert evaluation.by_protocol["exact"].total == evaluation.exact


@pytest.mark.parametrize("name", PROTOCOLS)
def test_what_was_left_out_counts_as_found_and_wrong(name):
    without, with_ = (scores(name, ANNOTATED, FOUND, left_out).total for left_out in (0, 7))
    assert with_ == without + ScoreCounts(found=7)


def test_spans_are_told_apart_where_both_sides_have_offsets():
    annotated = [triple(("a", 0), "p", ("b", 4)), triple("c", "p", "d")]
    at_other_place = [triple(("a", 9), "p", ("b", 4)), triple(("c", 1), "p", ("d", 2))]
    assert scores("spans", annotated, at_other_place).total == ScoreCounts(1, 2, 2)
    assert scores("exact", annotated, at_other_place).total == ScoreCounts(2, 2, 2)
    # b, c and d; a is elsewhere
    assert scores("entity-spans", annotated, at_other_place).total == ScoreCounts(3, 4, 4)


def test_each_mention_is_a_span():
    annotated = [triple(("a", 0), "p", ("b", 4))]
    places = [Mention(Span("a", start, start + 1), Span("b", 4, 5)) for start in (9, 0)]
    found = [Triple(places[0].subject, "p", places[0].object, mentions=tuple(places))]
    assert scores("spans", annotated, found).total == ScoreCounts(1, 2, 1)
    assert scores("entity-spans", annotated, found).total == ScoreCounts(2, 3, 2)
    # Without offsets, mentions count as the same words.
    assert scores("spans", [triple("a", "p", "b")], found).total == ScoreCounts(1, 1, 1)
    # A spurious triple counts as wrong at each of its mentions.
    assert scores("spans", [triple("c", "p", "d")], found).total == ScoreCounts(0, 2, 1)


def dubbing(*slots):
    return [triple("王雪纯", slot_predicate("配音", slot), word) for slot, word in slots]


def test_an_object_of_duie_is_right_with_all_its_slots():
    whole = dubbing(("@value", "晴雯"), ("inWork", "红楼梦"))
    assert scores("duie", whole, whole[::-1]).total == ScoreCounts(1, 1, 1)
    assert scores("duie", whole, dubbing(("@value", "晴雯"))).total == ScoreCounts(0, 1, 1)
    assert scores("duie", whole, dubbing(("inWork", "红楼梦"))).total == ScoreCounts(0, 1, 1)
    assert scores("exact", whole, whole[:1]).total == ScoreCounts(1, 1, 2)
    assert scores("duie", whole, whole).by_predicate == {"配音": ScoreCounts(1, 1, 1)}


def test_slots_of_several_objects_can_not_be_told_apart():
    work, works = ("inWork", "红楼梦"), [("inWork", "红楼梦"), ("inWork", "西游记")]
    annotated = dubbing(("@value", "晴雯"), works[0], ("@value", "悟空"), works[1])
    other_way = dubbing(("@value", "晴雯"), works[1], ("@value", "悟空"), works[0])
    assert scores("duie", annotated, other_way).total == ScoreCounts(2, 2, 2)
    one_missing = dubbing(("@value", "晴雯"), ("@value", "悟空"), work)
    assert scores("duie", annotated, one_missing).total == ScoreCounts(0, 2, 2)


def test_only_the_slots_of_duie_are_slots():
    other = [triple("Ada", "/person/place_of_birth", "London"), triple("a", "_inWork", "b")]
    assert scores("duie", other, other).by_predicate == {
        "/person/place_of_birth": ScoreCounts(1, 1, 1),
        "_inWork": ScoreCounts(1, 1, 1),
    }


WRITTEN = {"甲": ("甲", "《甲》"), "ab": ("ab", "Ab"), "乙": ("乙", "《乙》", "《乙")}


def random_objects(chance):
    """Yield subject, predicate and slots in Baidu's form; no two share subject and predicate."""
    keys = [*product(("甲", "ab"), ("配音", "获奖"))]
    for subject, predicate in chance.sample(keys, chance.randrange(5)):
        slots = {"@value": chance.choice(WRITTEN["乙"])}
        for slot in ("inWork", "onDate", "period"):
            if chance.random() < 0.3:
                slots[slot] = chance.choice("丙丁")
        yield chance.choice(WRITTEN[subject]), predicate, slots


def as_triples(objects):
    return [
        triple(subject, slot_predicate(predicate, slot), word)
        for subject, predicate, slots in objects
        for slot, word in slots.items()
    ]


def as_baidu_compares(objects):
    def bare(word):
        word = word.lower()
        return word[1:-1] if word.startswith("《") and word.endswith("》") else word

    return [
        (bare(subject), predicate, {slot: bare(word) for slot, word in slots.items()})
        for subject, predicate, slots in objects
    ]


def test_duie_counts_as_baidus_scorer():
    chance = random.Random(8888)
    right = 0
    for _ in range(3000):
        annotated, found = [*random_objects(chance)], [*random_objects(chance)]
        counts = scores("duie", as_triples(annotated), as_triples(found)).total
        gold, guessed = as_baidu_compares(annotated), as_baidu_compares(found)
        correct = sum(row in gold for row in guessed)
        assert counts == ScoreCounts(correct, len(guessed), len(gold))
        right += correct
    assert right > 100


#: Pairs of a stricter protocol and one that accepts everything it accepts.
WITHIN = [
    ("spans", "exact"),
    *(("exact", name) for name in ("tokenized", "duie", "partial", "last-word", "entities")),
    ("exact", "exact-duplicates"),
    ("spans", "entity-spans"),
    ("entity-spans", "entities"),
]


@pytest.mark.slow
def test_a_stricter_protocol_accepts_nothing_that_a_wider_one_refuses():
    chance = random.Random(8888)
    words, predicates = ("New York", "new york", "New  York", "York", "《New York》"), ("p", "q")

    def any_triple():
        ends = [(chance.choice(words), chance.choice((0, 20))) for _ in range(2)]
        return triple(ends[0], chance.choice(predicates), ends[1])

    accepted = dict.fromkeys(PROTOCOLS, 0)
    for _ in range(2000):
        annotated, found = any_triple(), any_triple()
        right = {name: scores(name, [annotated], [found]).total.f1 == 1 for name in PROTOCOLS}
        for stricter, wider in WITHIN:
            assert right[wider] or not right[stricter], (stricter, wider, annotated, found)
        for name, value in right.items():
            accepted[name] += value
    assert accepted["spans"] > 0
    assert all(accepted[wider] > accepted[stricter] for stricter, wider in WITHIN[:5])


def test_the_table_says_what_each_protocol_counts():
    table = evaluate_triples(
        [Example("t", tuple(ANNOTATED))],
        [Extraction("t", tuple(FOUND))],
        tokenize,
        [PROTOCOLS["partial"], PROTOCOLS["exact-duplicates"]],
    ).table()
    without = evaluate_triples(
        [Example("t", tuple(ANNOTATED))], [Extraction("t", tuple(FOUND))], tokenize
    ).table()
    assert table.startswith(without + "\n\n")
    titles, *rows, empty, meaning, source, _, _ = table[len(without) + 2 :].splitlines()
    assert titles.split() == ["precision", "recall", "f1", "found", "annotated"]
    assert [row.split() for row in rows] == [
        ["partial", "0.4000", "0.6667", "0.5000", "5", "3"],
        ["exact-duplicates", "0.2000", "0.2500", "0.2222", "5", "4"],
    ]
    assert len({len(row) for row in (titles, *rows)}) == 1 and not empty
    assert meaning == f"partial: {PROTOCOLS['partial'].meaning}" and "CasRel" in source


def test_a_protocol_that_does_not_exist():
    with pytest.raises(InputError, match=r"Expected one of tokenized, .*protocol='head'"):
        protocol_named("head")


@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=str)
def test_the_document_explains_every_protocol(protocol):
    row = f"| `{protocol.name}` | {protocol.meaning} | {protocol.source} |"
    assert row.replace("*", "\\*") in DOCUMENT.read_text("utf-8")
