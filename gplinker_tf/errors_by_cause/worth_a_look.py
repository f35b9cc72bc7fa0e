"""The texts that are worth a look first, because their annotation may be wrong."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from itertools import islice

from gplinker_tf.errors_by_cause.disagreement import Disagreement, Reason
from gplinker_tf.errors_by_cause.mistakes import Mistake


def worth_a_look(mistakes: Iterable[Mistake], most: int = 20) -> list[Disagreement]:
    """Return the texts in which the model contradicts gold most confidently.

    A wrong triple counts if it resembles no gold triple of its text or is paired with a missed one.
    Texts are ranked once for each reason: by the best score of an extra triple, by the best score
    of a triple similar to a missed one, and by the second-best score of either. The three rankings
    take turns, and each text is used once.

    Args:
        mistakes: the mistakes of a run, from `find_mistakes`.
        most: the maximum number of texts.

    Returns:
        The texts, each with all its mistakes. If a probability is known, it is used instead of the
        score; triples with neither rank last.

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
    """Rank text numbers for each reason, best score first; a text may occur more than once."""
    rankings: dict[Reason, list[int]] = {reason: [] for reason in Reason}
    seen: set[int] = set()
    for mistake in surest_first:
        # A wrong triple near a gold one that is found or paired elsewhere says little about gold.
        if mistake.found and not mistake.near:
            rankings[Reason.SIMILAR if mistake.gold else Reason.EXTRA].append(mistake.number)
            if mistake.number in seen:
                rankings[Reason.SEVERAL].append(mistake.number)
            seen.add(mistake.number)
    return rankings


def _in_turn(rankings: dict[Reason, list[int]]) -> dict[int, Reason]:
    """Merge the rankings: they take turns with their best remaining text, each text once."""
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
