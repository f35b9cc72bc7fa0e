"""What a model says of a text and a predicate, and of one triple: why it is found, or why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from gplinker_tf.structures import Schema, Span
from gplinker_tf.visualization._read_scores import (
    Window,
    pairs_in,
    places_of,
    scores_of,
    windows_of,
)
from gplinker_tf.visualization._scores_picture import Read, picture_of
from gplinker_tf.visualization._text_scores import character_offsets
from gplinker_tf.visualization.picture import Picture

if TYPE_CHECKING:
    from gplinker_tf.extraction import RelationExtractor


def show_scores(
    extractor: RelationExtractor,
    text: str,
    predicate: str,
    subject: str | Span | None = None,
    object: str | Span | None = None,
    threshold: float | None = None,
    max_tokens: int = 24,
) -> Picture:
    """The scores that decide about a predicate in a text, as heat maps; and why a triple is found.

    Of a GPLinker and a TPLinker the maps are `entity`, `head` and `tail` of all token pairs. Of a
    CasRel they are the starts and ends of subjects, and those of the objects of one subject. Cells
    above the threshold are framed, and each has its value as a tooltip.

    With a subject and an object, the terms of

        S = S(s_h, s_t) + S(o_h, o_t) + S(s_h, o_h | p) + S(s_t, o_t | p)

    stand above the maps, with a sentence that says which of them decide.

    Args:
        extractor: a trained model with its tokenizer and schema.
        text: the text.
        predicate: one of the schema's.
        subject: the subject of a triple, as a string or a span of the text. Of a string that
            stands in the text several times, the place that scores best is taken.
        object: its object.
        threshold: what each term must exceed; `None` takes the tuned threshold of the predicate, or
            0 where the run has not been tuned.
        max_tokens: tokens that are drawn: those with the best scores.

    Returns:
        The picture.

    Raises:
        ValueError: the schema has no such predicate, subject or object does not stand in the text
            or is not made of whole tokens, or the model has no scores that can be drawn.

    Example, with a run folder that `gplinker train` wrote:

        extractor = RelationExtractor.load("run")
        show_scores(extractor, "《喜剧之王》由周星驰主演", "主演", "喜剧之王", "周星驰")
    """
    label = _label(extractor.schema, predicate)
    if (subject is None) != (object is None):
        raise ValueError(
            "Expected subject and object, or neither. Received: "
            f"subject={subject!r}, object={object!r}."
        )
    if threshold is None:
        threshold = extractor.threshold_of(predicate)
    if subject is None or object is None:
        window = windows_of(extractor, text)[0]
        read: Read = window, scores_of(extractor, text, window), None
    else:
        read = _with_pair(extractor, text, label, predicate, subject, object)
    return picture_of(read, predicate, label, threshold, max_tokens)


def _label(schema: Schema, predicate: str) -> int:
    if predicate not in schema.index:
        near = get_close_matches(predicate, schema.predicates, n=10, cutoff=0.0)
        known = ", ".join(near)
        more = ", …" if len(schema.predicates) > len(near) else ""
        raise ValueError(
            f"Expected one of the model's predicates, closest first: {known}{more}. Received: "
            f"predicate={predicate!r}."
        )
    return schema.index[predicate]


def _with_pair(
    extractor: RelationExtractor,
    text: str,
    label: int,
    predicate: str,
    subject: str | Span,
    object_: str | Span,
) -> Read:
    """The window that has subject and object, where its lowest term is best."""
    for name, word in (("subject", subject), ("object", object_)):
        if not places_of(text, word):
            raise ValueError(
                f"Expected words that stand in the text. Received: {name}={word!r}. Copy them "
                "from the text, white space included."
            )
    windows = windows_of(extractor, text)
    best: tuple[float, Read] | None = None
    for window in windows:
        pairs = pairs_in(text, window, subject, object_)
        if not pairs:
            continue
        scores = scores_of(extractor, text, window)
        for pair in pairs:
            lowest = min(term.compared for term in scores.terms(label, predicate, *pair))
            if best is None or lowest > best[0]:
                best = lowest, (window, scores, pair)
    if best is None:
        raise _not_read(extractor, text, windows, {"subject": subject, "object": object_})
    return best[1]


def _not_read(
    extractor: RelationExtractor,
    text: str,
    windows: Sequence[Window],
    words: Mapping[str, str | Span],
) -> ValueError:
    """Why no part of a text has a pair."""
    received = ", ".join(f"{name}={word!r}" for name, word in words.items())
    offsets = character_offsets(windows[-1].encoding)
    end = offsets[-1][1] if offsets else 0
    if any(min(places_of(text, word))[1] > end for word in words.values()):
        return ValueError(
            f"Expected words that the model reads. Received: {received}, of a text of which it "
            f"reads the first {end:,} characters. To read all of it, set extractor.windows = "
            f"TextWindows({extractor.max_length})."
        )
    if len(windows) > 1:
        return ValueError(
            f"Expected subject and object in one window of whole tokens. Received: {received}, "
            f"and a text that is read in {len(windows)} windows, none of which has both: so no "
            "triple of the two is found. See extractor.windows."
        )
    tokens = " ".join(text[start:end] for start, end in offsets)
    return ValueError(
        f"Expected a subject and an object that begin and end with tokens. Received: {received}; "
        f"the tokens are {tokens}. A span of part of a token can't be found."
    )
