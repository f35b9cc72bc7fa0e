"""The texts to look at first: hand-made mistakes, ranked by the rule."""

import random

from gplinker_tf import Span, Triple
from gplinker_tf.errors_by_cause import Cause, Disagreement, Mistake, Reason, worth_a_look

GOLD = Triple(Span("a"), "p", Span("b"))


def wrong(score, probability=None):
    return Triple(Span("a"), "q", Span("b"), score, probability=probability)


def extra(number, score, probability=None):
    return Mistake(number, f"text {number}", Cause.SPURIOUS, found=wrong(score, probability))


def pair(number, score):
    return Mistake(number, f"text {number}", Cause.PREDICATE, gold=GOLD, found=wrong(score))


def slip(number, score):
    """Return a wrong triple near a gold triple that was also found."""
    return Mistake(number, f"text {number}", Cause.BOUNDARY, found=wrong(score), near=GOLD)


def missed(number):
    return Mistake(number, f"text {number}", Cause.NOT_FOUND, gold=GOLD)


def ranked(*mistakes, **options):
    return [(found.number, found.reason) for found in worth_a_look(mistakes, **options)]


def test_the_highest_score_comes_first():
    assert ranked(extra(1, 3.0), extra(2, 9.0), extra(3, -1.0)) == [
        (2, Reason.EXTRA),
        (1, Reason.EXTRA),
        (3, Reason.EXTRA),
    ]
    assert [number for number, _ in ranked(pair(1, 3.0), pair(2, 9.0))] == [2, 1]


def test_what_the_model_only_missed_or_found_twice_says_nothing_of_gold():
    assert ranked(missed(1), slip(2, 30.0), slip(3, 20.0), slip(3, 19.0)) == []
    assert ranked() == []


def test_the_three_kinds_take_turns():
    mistakes = [extra(1, 9.0), extra(2, 8.0), extra(3, 7.0), pair(4, 1.0), pair(5, 2.0)]
    several = [extra(6, 5.0), pair(6, 5.0)]
    assert ranked(*mistakes, *several) == [
        (1, Reason.EXTRA),
        (6, Reason.SIMILAR),
        (2, Reason.EXTRA),
        (5, Reason.SIMILAR),
        (3, Reason.EXTRA),
        (4, Reason.SIMILAR),
    ]


def test_several_disagreements_rank_by_the_second_best():
    one_sure = [extra(1, 30.0), extra(1, 1.0)]
    both_sure = [extra(2, 9.0), pair(2, 8.0)]
    a_slip_does_not_count = [extra(3, 29.0), slip(3, 28.0)]
    first = ranked(*one_sure, *both_sure, *a_slip_does_not_count, pair(4, 20.0))
    assert first[:3] == [(1, Reason.EXTRA), (4, Reason.SIMILAR), (2, Reason.SEVERAL)]
    assert first[3:] == [(3, Reason.EXTRA)]


def test_a_probability_counts_in_place_of_the_score():
    assert ranked(extra(1, 30.0, 0.2), extra(2, 10.0, 0.9))[0][0] == 2


def test_without_scores_the_order_is_that_of_the_file():
    assert [number for number, _ in ranked(extra(3, None), extra(5, None), extra(9, 0.1))] == [
        9,
        3,
        5,
    ]


def test_a_text_comes_with_all_its_mistakes_the_surest_first():
    mistakes = [missed(1), slip(1, 4.0), extra(1, 7.0), missed(2), pair(1, 9.0)]
    assert worth_a_look(mistakes) == [
        Disagreement(Reason.EXTRA, tuple(mistakes[place] for place in (4, 2, 1, 0)))
    ]
    assert worth_a_look(mistakes)[0].text == "text 1"


def test_as_many_as_are_wanted_and_each_text_once():
    random_ = random.Random(7)
    kinds = (extra, pair, slip)
    mistakes = [
        random_.choice(kinds)(random_.randrange(40), random_.uniform(0, 9)) for _ in range(90)
    ]
    everything = worth_a_look(mistakes, most=1000)
    assert [found.number for found in everything] == list(
        dict.fromkeys(found.number for found in everything)
    )
    expected = {m.number for m in mistakes if not m.near}
    assert {found.number for found in everything} == expected
    assert worth_a_look(mistakes) == everything[:20] and worth_a_look(mistakes, most=0) == []
