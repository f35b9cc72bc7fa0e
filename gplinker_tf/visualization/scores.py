"""The scores of a text for a predicate, and why a triple is found or not."""

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
    """Draw the scores of a predicate in a text as heat maps, and say why a triple is found or not.

    For GPLinker and TPLinker, the maps are `entity`, `head` and `tail` of all token pairs. For
    CasRel, they are the starts and ends of subjects, and those of the objects of one subject. Cells
    above the threshold are framed, and each has its value as a tooltip.

    With a subject and an object, the terms of

        S = S(s_h, s_t) + S(o_h, o_t) + S(s_h, o_h | p) + S(s_t, o_t | p)

    are shown above the maps, with a sentence that says which of them are decisive.

    Args:
        extractor: a trained model with its tokenizer and schema.
        text: the text.
        predicate: one of the schema's.
        subject: the subject of a triple, as a string or a span of the text. If a string occurs in
            the text several times, the occurrence with the best scores is used.
        object: the object of the triple, likewise.
        threshold: what each term must exceed; defaults to the tuned threshold of the predicate, or
            0 if the run has not been tuned.
        max_tokens: the maximum number of tokens to draw: those with the best scores.

    Returns:
        The picture.

    Raises:
        ValueError: the schema has no such predicate, subject or object does not occur in the text
            or does not consist of whole tokens, or the model has no scores that can be drawn.

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
    """Return the window and pair with the best lowest term."""
    for name, word in (("subject", subject), ("object", object_)):
        if not places_of(text, word):
            raise ValueError(
                f"Expected words that occur in the text. Received: {name}={word!r}. Copy them "
                "from the text, including whitespace."
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
    """Return an error that says why no window has the pair."""
    received = ", ".join(f"{name}={word!r}" for name, word in words.items())
    offsets = character_offsets(windows[-1].encoding)
    end = offsets[-1][1] if offsets else 0
    if any(min(places_of(text, word))[1] > end for word in words.values()):
        return ValueError(
            f"Expected words that the model reads. Received: {received}, but it reads only the "
            f"first {end:,} characters of the text. To read all of it, set extractor.windows = "
            f"TextWindows({extractor.max_length})."
        )
    if len(windows) > 1:
        return ValueError(
            f"Expected subject and object as whole tokens in one window. Received: {received}, "
            f"but the text is read in {len(windows)} windows, none of which has both, so they "
            "can't form a triple. See extractor.windows."
        )
    tokens = " ".join(text[start:end] for start, end in offsets)
    return ValueError(
        f"Expected a subject and an object that consist of whole tokens. Received: {received}; "
        f"the tokens are {tokens}. A part of a token can't be found."
    )
