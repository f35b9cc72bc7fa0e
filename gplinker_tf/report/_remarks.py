"""Notes before the figures of a report: why they are 0 or nearly 0."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gplinker_tf.metrics import HARDLY, ScoreCounts

#: Losses within this ratio of each other have plateaued.
AT_REST = 0.95


def remarks(counts: ScoreCounts, history: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield sentences on why the scores are 0 or nearly 0; none if they are not.

    Args:
        counts: the triples of all texts.
        history: the records of the epochs.

    Example:

    >>> next(remarks(ScoreCounts(correct=0, found=3, annotated=0), []))
    'No line has a gold triple: recall is undefined, and whatever is found counts as wrong.'
    """
    if not counts.annotated:
        yield (
            "No line has a gold triple: recall is undefined, and whatever is found counts as wrong."
        )
        yield "Report on annotated lines: gplinker report RUN --data FILE"
    elif not counts.found:
        yield "Nothing was found in any text, so precision, recall and F1 are 0."
        yield from _of_history(history)
        yield "To see what comes close: gplinker evaluate RUN --data FILE --threshold -5"
    elif counts.f1 < HARDLY:
        if counts.of_a_model_that_marks_everything:
            yield (
                f"{counts.found:,} triples were found where {counts.annotated:,} are annotated, "
                f"and {counts.correct:,} of them are correct: the model marks nearly everything; "
                "it has not learned yet."
            )
        else:
            yield f"Hardly any annotated triples were found: F1 is {counts.f1:.4f}."
        yield from _of_history(history)


def _of_history(history: Sequence[dict[str, Any]]) -> Iterator[str]:
    losses = [record["loss"] for record in history if record.get("loss") is not None]
    best = max((record.get("f1") or 0.0 for record in history), default=0.0)
    if best >= HARDLY:
        yield (
            f"The run's history has an F1 of {best:.4f}: these predictions are for other lines, "
            "or from another state of the model."
        )
    unaveraged = max((record.get("raw_f1") or 0.0 for record in history), default=0.0)
    if unaveraged >= max(2 * best, HARDLY / 2):
        yield (
            f"Without averaging, F1 was {unaveraged:.4f}: the averaged weights lag behind. Train "
            "with --averaging-form growing, or for longer."
        )
    if not losses:
        yield "The run has no history.jsonl with more information."
    elif len(losses) == 1:
        yield f"The run is one epoch long, with a loss of {losses[0]:.2f}: train for more epochs."
    elif losses[-1] >= losses[0]:
        yield (
            f"The loss went from {losses[0]:.2f} to {losses[-1]:.2f}, not down: lower the "
            "learning rate, and check the labels."
        )
    elif losses[-1] < AT_REST * losses[-2]:
        yield (
            f"The loss is still falling ({losses[-2]:.2f}, then {losses[-1]:.2f} in the last "
            "epoch): train for more epochs."
        )
    else:
        yield (
            f"The loss has plateaued ({losses[-2]:.2f}, then {losses[-1]:.2f}). A deep encoder "
            "whose first steps are too large gives every token the same vector: train with a "
            "lower --learning-rate, a --warm-up and --clip-norm 1. If that does not help, "
            "gplinker audit shows whether these labels can be learned."
        )
