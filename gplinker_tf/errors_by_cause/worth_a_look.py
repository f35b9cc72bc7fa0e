"""The texts that are worth a look first: annotation may be wrong there."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from itertools import islice

from gplinker_tf.errors_by_cause.disagreement import Disagreement, Reason
from gplinker_tf.errors_by_cause.mistakes import Mistake


def worth_a_look(mistakes: Iterable[Mistake], most: int = 20) -> list[Disagreement]:
    """The texts in which the model contradicts gold most confidently.

    What counts is a wrong triple that either resembles no gold triple of its text or is paired with
    a missed one. For each reason the texts are ranked: by the best score of an extra triple, by the
    best score of a triple similar to a missed one, and by the second-best score of either. The
    three rankings take turns, and a text is taken once.

    Args:
        mistakes: those of a run, as `find_mistakes` gives them.
        most: how many texts.

    Returns:
        The texts, each with all its mistakes. A probability is used in place of a score where it is
        known; triples without either rank last.

    Example:

    >>> from gplinker_tf.errors_by_cause import Cause
    >>> from gplinker_tf.structures import Span, Triple
    >>> def found(number, score):
    ...     triple = Triple(Span("Rain"), "author", Span("Li"), score)
    ...     return Mistake(number, "Li wrote Rain", Cause.SPURIOUS, found=triple)
    >>> missed = Mistake(3, "Li wrote Rain", Cause.NOT_FOUND, gold=Triple(*"apb"))
    >>> worth_a_look([found(1, 4.0), found(2, 9.0), missed], most=1)
    [Disagreement(text 2, 'extra triple', 1 mistake)]
    """
    surest_first = sorted(mistakes, key=_confidence, reverse=True)
    by_text: dict[int, list[Mistake]] = defaultdict(list)
    for mistake in surest_first:
        by_text[mistake.number].append(mistake)
    first = islice(_in_turn(_rankings(surest_first)).items(), most)
    return [Disagreement(reason, tuple(by_text[number])) for number, reason in first]


def _rankings(surest_first: Iterable[Mistake]) -> dict[Reason, list[int]]:
    """The texts of each reason by number, best score first; some more than once."""
    rankings: dict[Reason, list[int]] = {reason: [] for reason in Reason}
    seen: set[int] = set()
    for mistake in surest_first:
        # A wrong triple near one that was found as well is a slip of the model's.
        if mistake.found and not mistake.near:
            rankings[Reason.SIMILAR if mistake.gold else Reason.EXTRA].append(mistake.number)
            if mistake.number in seen:
                rankings[Reason.SEVERAL].append(mistake.number)
            seen.add(mistake.number)
    return rankings


def _in_turn(rankings: dict[Reason, list[int]]) -> dict[int, Reason]:
    """Each text once, in turn the best of each ranking that is left."""
    reasons: dict[int, Reason] = {}
    left = {reason: deque(numbers) for reason, numbers in rankings.items()}
    while any(left.values()):
        for reason, numbers in left.items():
            while numbers and numbers[0] in reasons:
                numbers.popleft()
            if numbers:
                reasons[numbers.popleft()] = reason
    return reasons


def _confidence(mistake: Mistake) -> float:
    if mistake.found is None:
        return float("-inf")
    known = (mistake.found.probability, mistake.found.score, float("-inf"))
    return next(value for value in known if value is not None)
