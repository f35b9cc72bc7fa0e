"""Causes of errors: a made-up text for each, and every error counted exactly once."""

import random
from collections import Counter

import pytest

from gplinker_tf import Example, Extraction, Schema, Span, Triple
from gplinker_tf.alignment import TextWindows
from gplinker_tf.errors_by_cause import Cause, Mistake, counts_if_fixed, find_mistakes
from gplinker_tf.metrics import ScoreCounts, evaluate_triples
from gplinker_tf.metrics.matching import distinct, tokenized_key
from gplinker_tf.tokenizers import BertTokenizer

SCHEMA = Schema(
    (("影视作品", "导演", "人物"), ("影视作品", "主演", "人物"), ("人物", "丈夫", "人物"))
)
ENGLISH = ["rain", "rains", "new", "york", "city", "old", "lies", "in", "by"]
TEXT = "电影《红河》由李安执导，王洛主演。"


def tokenizer_of(*texts):
    """Return a tokenizer for single Chinese characters and a few English words."""
    characters = sorted({c for text in texts for c in text if not c.isascii()})
    return BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters, *ENGLISH])


def triple(words, score=None):
    subject, predicate, object_ = words.split("-")
    return Triple(Span(subject), predicate, Span(object_), score)


def mistakes_of(*lines, max_length=128, long="truncate"):
    """Return the mistakes in (text, gold, found), with triples as "subject-predicate-object"."""
    examples = [Example(text, tuple(map(triple, gold))) for text, gold, _ in lines]
    extractions = [
        Extraction(text, tuple(t if isinstance(t, Triple) else triple(t) for t in found))
        for text, _, found in lines
    ]
    tokenizer = tokenizer_of(*(text for text, _, _ in lines), "长")
    return find_mistakes(examples, extractions, tokenizer, SCHEMA, TextWindows(max_length, long))


def words(found):
    return None if found is None else "-".join(found.words)


PAIRS = {
    Cause.SWAPPED: (TEXT, "红河-导演-李安", "李安-导演-红河"),
    Cause.PREDICATE: (TEXT, "红河-导演-李安", "红河-主演-李安"),
    "a character less": (TEXT, "红河-导演-李安", "河-导演-李安", Cause.BOUNDARY),
    "a token more": ("York City in New York", "york-导演-city", "york-导演-york city"),
    "a token that is a character longer": ("rains by york", "rain-导演-york", "rains-导演-york"),
    Cause.SPAN: (TEXT, "红河-导演-李安", "电影《红河-导演-李安"),
    "both ends": (TEXT, "红河-导演-李安", "《红河》-导演-李安执", Cause.SPAN),
}


@pytest.mark.parametrize("name", PAIRS, ids=str)
def test_a_wrong_triple_and_the_missed_one_it_was_meant_to_be(name):
    text, gold, found, *cause = PAIRS[name]
    cause = cause[0] if cause else name if isinstance(name, Cause) else Cause.BOUNDARY
    [mistake] = mistakes_of((text, [gold], [found]))
    assert (mistake.cause, mistake.number, mistake.text) == (cause, 1, text)
    assert (words(mistake.gold), words(mistake.found)) == (gold, found)


MISSES = {
    Cause.ABSENT: (TEXT, "长江-导演-李安"),
    Cause.OUT_OF_REACH: (TEXT, "红河-主演-王洛"),
    Cause.REPEATED: ("李安说，红河，李安导演的。", "红河-导演-李安"),
    Cause.NOT_FOUND: (TEXT, "红河-导演-李安"),
}


@pytest.mark.parametrize("cause", MISSES, ids=str)
def test_a_missed_triple_alone(cause):
    text, gold = MISSES[cause]
    [mistake] = mistakes_of((text, [gold], []), max_length=14)
    assert (mistake.cause, words(mistake.gold), mistake.found) == (cause, gold, None)


def test_the_limit_is_the_models():
    text, gold = MISSES[Cause.OUT_OF_REACH]
    # [CLS], 14 characters up to 洛, [SEP]
    assert text[:14].endswith("王洛")
    assert mistakes_of((text, [gold], []), max_length=15)[0].cause is Cause.OUT_OF_REACH
    assert mistakes_of((text, [gold], []), max_length=16)[0].cause is Cause.NOT_FOUND


@pytest.mark.parametrize(
    "text",
    ["红河由李安执导，李安说。", "红河，李安，红河。"],
    ids=["first places are closest", "equally close"],
)
def test_a_word_that_stands_twice_is_no_cause_where_labels_are_right(text):
    assert mistakes_of((text, ["红河-导演-李安"], []))[0].cause is Cause.NOT_FOUND


def test_given_places_are_no_wrong_places():
    text = "王洛公司由王洛创办"
    gold = Triple(Span("王洛公司", 0, 4), "导演", Span("王洛", 5, 7))
    [mistake] = find_mistakes(
        [Example(text, (gold,))], [Extraction(text)], tokenizer_of(text), SCHEMA, TextWindows()
    )
    assert (mistake.cause, mistake.gold) == (Cause.NOT_FOUND, gold)


def test_the_object_inside_the_subject_is_the_wrong_place():
    [mistake] = mistakes_of(("王洛公司由王洛创办", ["王洛公司-导演-王洛"], []))
    assert mistake.cause is Cause.REPEATED


def test_a_name_inside_a_longer_name_is_another_name():
    gold = ["王洛公司-导演-王洛", "李安-丈夫-王洛"]
    mistakes = mistakes_of(("王洛创办王洛公司，丈夫李安", gold, gold[:1]))
    assert [(m.cause, words(m.gold)) for m in mistakes] == [(Cause.NOT_FOUND, gold[1])]
    mistakes = mistakes_of(("王洛公司，李安的丈夫是，王洛", gold, gold[:1]))
    assert [(m.cause, words(m.gold)) for m in mistakes] == [(Cause.REPEATED, gold[1])]


def test_gold_in_another_line():
    mistakes = mistakes_of(
        (TEXT, ["红河-导演-李安"], ["红河-导演-李安", "红河-主演-李安"]),
        (TEXT + "又", ["红河-主演-李安"], ["红河-主演-李安"]),
    )
    [mistake] = mistakes
    assert mistake.cause is Cause.UNANNOTATED and mistake.number == 1


def test_a_high_score_and_the_types_that_the_schema_wants():
    right = [triple("红河-导演-李安", 6.0)]
    line = (TEXT, ["红河-导演-李安"], right)

    def cause_of(found):
        other = ("红河和王洛", ["红河-主演-王洛"], [])
        mistakes = mistakes_of(line, other, ("李安王洛红河", [], [found]))
        return next(m.cause for m in mistakes if m.found)

    assert cause_of(triple("李安-丈夫-王洛", 7.0)) is Cause.UNANNOTATED  # both are persons
    assert cause_of(triple("李安-主演-王洛", 7.0)) is Cause.SPURIOUS
    assert cause_of(triple("红河-导演-王洛", 6.0)) is Cause.UNANNOTATED
    assert cause_of(triple("红河-导演-王洛", 5.9)) is Cause.SPURIOUS
    assert cause_of(triple("红河-导演-王洛")) is Cause.SPURIOUS  # the score is unknown
    assert cause_of(triple("王洛-导演-红河", 7.0)) is Cause.SPURIOUS


def test_a_wrong_triple_near_one_that_was_found_as_well():
    found = ["红河-导演-李安", "《红河-导演-李安", "红河-导演-王洛"]
    mistakes = mistakes_of((TEXT, ["红河-导演-李安"], found))
    assert [(m.cause, m.gold, words(m.found), words(m.near)) for m in mistakes] == [
        (Cause.BOUNDARY, None, "《红河-导演-李安", "红河-导演-李安"),
        (Cause.SPURIOUS, None, "红河-导演-王洛", None),
    ]


def test_pairs_are_one_to_one_the_first_cause_the_most_alike_the_best_score_first():
    found = ["《红河-导演-李安", "红河-主演-李安", "红河》-导演-李安"]
    mistakes = mistakes_of((TEXT, ["红河-导演-李安"], found))
    assert [(m.cause, words(m.gold), words(m.found)) for m in mistakes] == [
        (Cause.PREDICATE, "红河-导演-李安", "红河-主演-李安"),
        (Cause.BOUNDARY, None, "《红河-导演-李安"),
        (Cause.BOUNDARY, None, "红河》-导演-李安"),
    ]
    [first, second] = mistakes_of((TEXT, ["红河-导演-李安"], [found[0], found[2]]))
    assert words(first.found) == found[0] and words(second.found) == found[2]
    found = ["《红河-导演-由李安", "《红河》-导演-李安"]
    [first, second] = mistakes_of((TEXT, ["红河-导演-李安"], found))
    assert first.cause is second.cause is Cause.SPAN
    assert words(first.found) == found[1] and words(second.found) == found[0]


def test_spans_are_those_of_the_text():
    text = "李安，王洛；红河，李安。"
    [mistake] = mistakes_of((text, ["红河-导演-李安"], ["红河-导演-李安。"]))
    gold, found = mistake.gold, mistake.found
    # The gold object is marked where the found one is, not at its first occurrence.
    assert (gold.object.start, gold.object.end) == (9, 11)
    assert text[found.object.start : found.object.end] == "李安。"
    [mistake] = mistakes_of((text, ["长江-导演-李安"], []))
    assert mistake.gold.subject.start is None and mistake.gold.object.start == 0
    [mistake] = mistakes_of((text, [], [Triple(Span("李安", 9, 11), "导演", Span("红河", 6, 8))]))
    assert mistake.found.subject.start == 9


def test_what_fixing_a_cause_would_give():
    counts = ScoreCounts(correct=1, found=4, annotated=4)
    gold, found = triple("a-p-b"), triple("a-q-b")
    mistakes = {
        "pair": [Cause.PREDICATE, gold, found],
        "miss": [Cause.NOT_FOUND, gold, None],
        "find": [Cause.SPURIOUS, None, found],
        "gold": [Cause.UNANNOTATED, None, found],
    }
    after = {k: counts_if_fixed(counts, [Mistake(1, "", *parts)]) for k, parts in mistakes.items()}
    assert after == {
        "pair": ScoreCounts(2, 4, 4),
        "miss": ScoreCounts(2, 5, 4),
        "find": ScoreCounts(1, 3, 4),
        "gold": ScoreCounts(2, 4, 5),
    }


def test_every_miss_and_every_wrong_find_is_in_exactly_one_row():
    causes = {cause for seed in range(40) for cause in causes_of_random_triples(seed)}
    assert causes == set(Cause)


def causes_of_random_triples(seed):
    """Check the totals for random texts, and return the causes that occur."""
    random_ = random.Random(seed)
    texts = ["".join(random_.choices("红河李安王洛 由，", k=14)) + f"rain{i}" for i in range(6)]
    names = ["导演", "主演", "丈夫", "unknown"]

    def triples(text, known_scores):
        def span(with_places):
            start = random_.randrange(len(text) - 1)
            end = random_.randint(start + 1, min(start + 3, len(text)))
            piece = random_.choice([text[start:end], text[start:end].upper(), "长江"])
            return Span(piece, start, end) if with_places else Span(piece)

        return tuple(
            Triple(
                span(known_scores),
                random_.choice(names),
                span(known_scores),
                random_.uniform(-2, 9) if known_scores else None,
            )
            for _ in range(random_.randrange(12))
        )

    examples = [Example(text, triples(text, False)) for text in texts]
    extractions = []
    for text, example in zip(texts, examples, strict=True):
        own = triples(text, random_.random() < 0.5)
        changed = [Triple(t.object, t.predicate, t.subject) for t in example.triples[::3]]
        extractions.append(Extraction(text, (*own, *changed, *example.triples[1::3])))
    tokenizer = tokenizer_of(*texts)
    mistakes = find_mistakes(examples, extractions, tokenizer, SCHEMA, TextWindows(12, "truncate"))
    counts = evaluate_triples(examples, extractions, tokenizer.tokenize).tokenized

    key = tokenized_key(tokenizer.tokenize)
    expected = {"gold": Counter(), "found": Counter()}
    for number, (example, extraction) in enumerate(zip(examples, extractions, strict=True), 1):
        gold, found = (distinct(item.triples, key) for item in (example, extraction))
        expected["gold"].update((number, kind) for kind in gold.keys() - found.keys())
        expected["found"].update((number, kind) for kind in found.keys() - gold.keys())
    for side, wanted in expected.items():
        rows = [(m.number, key(t)) for m in mistakes if (t := getattr(m, side))]
        assert Counter(rows) == wanted and set(wanted.values()) <= {1}
    assert sum(expected["gold"].values()) == counts.annotated - counts.correct
    assert sum(expected["found"].values()) == counts.found - counts.correct
    assert all(m.gold or m.found for m in mistakes)
    whole = counts_if_fixed(counts, mistakes)
    assert whole.correct == whole.found == whole.annotated and whole.f1 in (0.0, 1.0)
    for mistake in mistakes:
        for found in filter(None, (mistake.gold, mistake.found)):
            for span in (found.subject, found.object):
                assert span.start is None or 0 <= span.start < span.end <= len(mistake.text)
    return {mistake.cause for mistake in mistakes}


def test_titles_and_meanings():
    assert len({cause.slug for cause in Cause}) == len(Cause) == 10
    for cause in Cause:
        assert cause.meaning.endswith(".") and cause.meaning.count(". ") == 0
