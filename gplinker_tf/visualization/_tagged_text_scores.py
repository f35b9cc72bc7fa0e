"""The scores of a text by a model that tags starts and ends: CasRel."""

from __future__ import annotations

from typing import Any

import numpy as np

from gplinker_tf.structures import Encoding
from gplinker_tf.visualization._text_scores import ScoreMap, Term, TextScores, Tokens

ROWS = ("start", "end")

#: The log-odds needed at threshold 0: those of 0.6 for a start, and of 0.5 for an end.
NEEDED = np.array([np.log(0.6 / 0.4), 0.0], np.float32)


class TaggedTextScores(TextScores):
    """Log-odds of the starts and ends of subjects, and of the objects of a subject.

    What a start needs is subtracted, so that all can be compared with one threshold.

    Args:
        model: a `CasRel`.
        text: the whole text.
        encoding: the part of it that is read.
    """

    def __init__(self, model: Any, text: str, encoding: Encoding) -> None:
        super().__init__(text, encoding)
        self.model = model
        self._inputs = [encoding.token_ids[None], encoding.segment_ids[None]]
        odds = np.asarray(model(self._inputs)["subject"])
        self._subject = (odds[0, 1:-1] - NEEDED).T
        self._known: dict[Tokens, np.ndarray] = {}

    def _objects(self, subject: Tokens) -> np.ndarray:
        """Return the scores of a subject's objects, float32 `[P, 2, L]`."""
        if subject not in self._known:
            tokens = np.array([subject], np.int32) + 1
            odds = np.asarray(self.model([*self._inputs, tokens])["object"])
            self._known[subject] = (odds[0, 1:-1] - NEEDED).transpose(1, 2, 0)
        return self._known[subject]

    def maps(self, label: int, name: str, pair: tuple[Tokens, Tokens] | None) -> list[ScoreMap]:
        subject = pair[0] if pair else self._best_subject()
        cells = [tuple(enumerate(span)) for span in pair] if pair else [(), ()]
        caption = f"log-odds; for starts, minus the {NEEDED[0]:.2f} that a start needs"
        maps = [ScoreMap("subject", caption, self._subject, ROWS, cells[0])]
        if subject:
            words = self.text[self.offsets[subject[0]][0] : self.offsets[subject[1]][1]]
            title, values = f"object | {words}, {name}", self._objects(subject)[label]
            maps.append(ScoreMap(title, caption, values, ROWS, cells[1]))
        return maps

    def _best_subject(self) -> Tokens | None:
        """Return the best start, with the first tagged end at or after it, or else the best end."""
        if not self.offsets:
            return None
        start = int(self._subject[0].argmax())
        ends = self._subject[1, start:]
        tagged = np.flatnonzero(ends > 0)
        return start, start + int(tagged[0] if len(tagged) else ends.argmax())

    def terms(self, label: int, name: str, subject: Tokens, object_: Tokens) -> list[Term]:
        objects = self._objects(subject)[label]
        parts = (("s", self._subject, subject, ""), ("o", objects, object_, f" | s, {name}"))
        return [
            Term(
                f"{row}({letter}{given})",
                self.tokens[token],
                float(values[place, token] + NEEDED[place]),
                float(NEEDED[place]),
            )
            for letter, values, span, given in parts
            for place, (row, token) in enumerate(zip(ROWS, span, strict=True))
        ]

    def remark(self, label: int, subject: Tokens, object_: Tokens, threshold: float) -> str:
        for values, (first, last) in (
            (self._subject, subject),
            (self._objects(subject)[label], object_),
        ):
            nearer = np.flatnonzero(values[1, first:last] > min(threshold, 0.0))
            if len(nearer):
                return (
                    "A span ends at the first tagged end at or after its start, here at "
                    f"{self.tokens[first + int(nearer[0])]!r}."
                )
        return ""
