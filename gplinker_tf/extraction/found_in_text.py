"""The triples of a text, each with all its mentions, from what is found in its windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gplinker_tf._counted import counted
from gplinker_tf._reprs import shortened
from gplinker_tf.calibration import Calibration
from gplinker_tf.decoding.token_entities import EITHER, TokenEntities
from gplinker_tf.errors import InputError
from gplinker_tf.extraction.compatible_types import CompatibleTypes
from gplinker_tf.extraction.predictor import Prediction
from gplinker_tf.structures import Encoding, Extraction, Mention, Schema, Span, Triple, offsets_of

#: Which mentions of a triple are listed.
MENTIONS = ("all", "first", "nearest")

#: Character offsets in the text, half-open.
Characters = tuple[int, int]

#: The score of a mention, and the lowest of the terms that it sums.
Scores = tuple[float, float]


class FoundInText:
    """What is found in one text, window by window.

    Windows overlap: if two of them find the same characters, that is one mention, with the better
    score. Mentions with the same words and predicate form one triple.

    Args:
        text: the text.
        schema: the predicates, with the types of their subjects and objects.
        windows: the number of windows.
        truncated: whether the text continues after the last one.

    Attributes:
        unread: the number of windows that have not been added yet.

    Example:

    >>> schema = Schema((("影视", "主演", "人物"),))
    >>> found = FoundInText("周星驰导演、周星驰主演《喜剧之王》", schema)
    >>> for person, score, lowest in [((0, 3), 8.0, 1.5), ((6, 9), 9.0, 1.0)]:
    ...     found.add((12, 16), 0, person, score, lowest)
    >>> [triple] = found.extraction().triples
    >>> triple
    Triple(Span('喜剧之王', 12, 16, type='影视'), '主演', Span('周星驰', 6, 9, type='人物'), 9.0000)
    >>> [mention.object.start for mention in triple.mentions]
    [6, 0]
    >>> [triple] = found.extraction("first").triples
    >>> triple.object.start, len(triple.mentions)
    (0, 1)
    """

    def __init__(
        self, text: str, schema: Schema, windows: int = 1, truncated: bool = False
    ) -> None:
        self.text = text
        self.unread = windows
        self._schema = schema
        self._truncated = truncated
        self._capped = False
        self._left_out = 0
        self._scores: dict[tuple[int, Characters, Characters], Scores] = {}
        self._entities: dict[Characters, set[int]] = {}

    def __repr__(self) -> str:
        return f"FoundInText({shortened(self.text)}, {counted(len(self._scores), 'mention')})"

    def add(
        self,
        subject: Characters,
        predicate: int,
        object_: Characters,
        score: float,
        lowest_score: float,
    ) -> None:
        """Add a mention.

        Args:
            subject: character offsets of the subject in the text.
            predicate: the label of the predicate.
            object_: character offsets of the object.
            score: the score of the mention.
            lowest_score: the lowest of the terms of the score.
        """
        key, scores = (predicate, subject, object_), (score, lowest_score)
        known = self._scores.get(key, scores)
        self._scores[key] = max(known[0], score), max(known[1], lowest_score)

    def add_entity(self, offsets: Characters, role: int) -> None:
        """Add an entity that was found by its own score.

        Args:
            offsets: its character offsets in the text.
            role: 0 for a subject, 1 for an object, -1 for either.
        """
        self._entities.setdefault(offsets, set()).add(role)

    def end_window(self, capped: bool, left_out: int) -> None:
        """Record that a window has been added completely, and what was left out of it."""
        self.unread -= 1
        self._capped |= capped
        self._left_out += left_out

    def extraction(
        self,
        mentions: str = "all",
        calibration: Calibration | None = None,
        compatible_types: CompatibleTypes | None = None,
    ) -> Extraction:
        """Return the text with its triples, best score first, each once.

        Args:
            mentions: which mentions a triple has: `"all"`, best first; only the `"first"` in the
                text; or only the one whose ends are `"nearest"` to each other.
            calibration: the source of probabilities; `None` for none.
            compatible_types: remove triples that contradict the types of more certain ones; the
                ends of a removed triple are kept as entities if they were also found as such.

        Raises:
            ValueError: `mentions` is none of these.
        """
        if mentions not in MENTIONS:
            raise ValueError(
                f"Expected one of {', '.join(MENTIONS)}. Received: mentions={mentions!r}."
            )
        by_words: dict[tuple[str, str, str], list[tuple[Mention, float]]] = {}
        for (label, subject, object_), (score, lowest_score) in self._scores.items():
            predicate = self._schema.predicates[label]
            types = self._schema.types[predicate]
            mention = Mention(self._span(subject, types[0]), self._span(object_, types[1]), score)
            words = mention.subject.text, predicate, mention.object.text
            by_words.setdefault(words, []).append((mention, lowest_score))
        triples = [_triple(words[1], found, mentions) for words, found in by_words.items()]
        ranked = tuple(sorted(triples, key=_rank))
        if calibration is not None:
            ranked = calibration.with_probabilities(ranked)
        found = Extraction(self.text, ranked, self._truncated, self._capped, self._left_out)
        if compatible_types is not None:
            found = compatible_types.constrain(found)
        if not self._entities:
            return found
        kept = [mention for t in found.triples for mention, _ in by_words[t.words]]
        linked = {offsets_of(end) for mention in kept for end in (mention.subject, mention.object)}
        return replace(found, unlinked=self._unlinked(found.triples, linked))

    def _unlinked(self, triples: Sequence[Triple], linked: set[Characters]) -> tuple[Span, ...]:
        """Return the entities that are in no triple. Their type is that of the same words in
        triples, or else the only one that the schema has for their roles."""
        types: dict[str, set[str]] = {}
        for triple in triples:
            for span in (triple.subject, triple.object):
                types.setdefault(span.text, set()).add(span.type)
        ends = self._schema.types.values()
        of_role = [{both[role] for both in ends} for role in (0, 1)]
        unlinked = []
        for offsets in sorted(self._entities.keys() - linked):
            roles = {0, 1} if EITHER in self._entities[offsets] else self._entities[offsets]
            possible = types.get(self.text[slice(*offsets)])
            possible = possible or set.union(*(of_role[role] for role in roles))
            unlinked.append(self._span(offsets, min(possible) if len(possible) == 1 else ""))
        return tuple(unlinked)

    def _span(self, offsets: Characters, type_: str) -> Span:
        return Span(self.text[slice(*offsets)], *offsets, type_)


def add_windows(
    predicted: Prediction, texts: Sequence[FoundInText], encodings: Sequence[Encoding]
) -> None:
    """Add the triples of a batch of windows to their texts.

    Args:
        predicted: the triples.
        texts: the text of each window.
        encodings: the tokens of each window, with their offsets in the text.
    """
    offsets = [encoding.offsets.tolist() for encoding in encodings]
    columns = (part.tolist() for part in predicted[:6])
    for window, subject, predicate, object_, score, lowest in zip(*columns, strict=True):
        ends = (
            (offsets[window][first][0], offsets[window][last][1])
            for first, last in (subject, object_)
        )
        texts[window].add(next(ends), predicate, next(ends), score, lowest)
    cuts = zip(texts, predicted.capped.tolist(), predicted.left_out.tolist(), strict=True)
    for text, capped, left_out in cuts:
        text.end_window(capped, left_out)


def expect_finite(finite: np.ndarray, texts: Sequence[FoundInText]) -> None:
    """Check that all scores are finite.

    Args:
        finite: bool, one per window.
        texts: the text of each window.

    Raises:
        InputError: some are not.
    """
    if not finite.all():
        text = texts[int(np.argmin(finite))].text
        raise InputError(
            f"Expected finite scores. Received: NaN or infinity, for the text {text[:40]!r}. The "
            "model's weights are damaged, or the range of mixed_float16 is too small for them: "
            "use precision float32 or mixed_bfloat16."
        )


def add_entities(
    predicted: TokenEntities, texts: Sequence[FoundInText], encodings: Sequence[Encoding]
) -> None:
    """Add the entities of a batch of windows to their texts.

    Args:
        predicted: the entities.
        texts: the text of each window.
        encodings: the tokens of each window, with their offsets in the text.
    """
    for window, role, (first, last) in zip(*(part.tolist() for part in predicted), strict=True):
        offsets = encodings[window].offsets
        texts[window].add_entity((int(offsets[first, 0]), int(offsets[last, 1])), role)


def _triple(predicate: str, found: Sequence[tuple[Mention, float]], mentions: str) -> Triple:
    ranked = sorted((mention for mention, _ in found), key=_rank)
    if mentions != "all":
        ranked = [min(ranked, key=_place if mentions == "first" else _distance)]
    best, lowest_score = ranked[0], max(lowest for _, lowest in found)
    ends = best.subject, predicate, best.object
    return Triple(*ends, best.score, tuple(ranked), lowest_score=lowest_score)


def _place(found: Mention | Triple) -> tuple[int, ...]:
    return *offsets_of(found.subject), *offsets_of(found.object)


def _rank(found: Mention | Triple) -> tuple[float, ...]:
    """Return a sort key: best score first, then first in the text."""
    return -(found.score or 0.0), *_place(found)


def _distance(found: Mention) -> int:
    """Return the number of characters between the two ends; below 0 if they overlap."""
    start, end, other_start, other_end = _place(found)
    return max(start, other_start) - min(end, other_end)
