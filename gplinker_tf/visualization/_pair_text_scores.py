"""The scores of a text by a model that scores pairs of tokens: GPLinker and the TPLinkers."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from gplinker_tf.structures import Encoding
from gplinker_tf.visualization._text_scores import ScoreMap, Term, TextScores, Tokens

#: The tokens of a span that head and tail scores are about.
WHICH = ("first", "last")


class PairTextScores(TextScores):
    """Entity, head and tail scores of all token pairs.

    Args:
        model: a model with `pair_scores`.
        text: the whole text.
        encoding: the part of it that is read.
    """

    def __init__(self, model: Any, text: str, encoding: Encoding) -> None:
        super().__init__(text, encoding)
        self._scores = model.pair_scores([encoding.token_ids[None], encoding.segment_ids[None]])
        entity = np.array(self._scores.entity, np.float32)[0, :, 1:-1, 1:-1]
        ordered = np.triu(np.ones(entity.shape[1:], bool))
        self.entity = np.where(ordered, entity, -np.inf)

    @cached_property
    def relations(self) -> dict[str, np.ndarray]:
        """Head and tail scores, if the model has them: float32 `[L, L, P]`."""
        length = len(self.offsets)
        grid = np.indices([length, length], np.int32).reshape(2, -1) + 1
        return {
            name: np.asarray(scorer(np.zeros_like(grid[0]), *grid)).reshape(length, length, -1)
            for name, scorer in (("head", self._scores.head), ("tail", self._scores.tail))
            if scorer is not None
        }

    def maps(self, label: int, name: str, pair: tuple[Tokens, Tokens] | None) -> list[ScoreMap]:
        ends = "rows: its first token, columns: its last"
        if len(self.entity) == 1:
            chosen = pair or ()
            maps = [ScoreMap("entity: S(s_h, s_t), S(o_h, o_t)", ends, self.entity[0], (), chosen)]
        else:
            cells = [(span,) for span in pair] if pair else [(), ()]
            maps = [
                ScoreMap("entity: subject S(s_h, s_t)", ends, self.entity[0], (), cells[0]),
                ScoreMap("entity: object S(o_h, o_t)", ends, self.entity[-1], (), cells[1]),
            ]
        for end, (part, values) in enumerate(self.relations.items()):
            ends = f"rows: the subject's {WHICH[end]} token, columns: the object's"
            cell = ((pair[0][end], pair[1][end]),) if pair else ()
            title = f"{part}: {_formula(part, name)}"
            maps.append(ScoreMap(title, ends, values[..., label], (), cell))
        return maps

    def terms(self, label: int, name: str, subject: Tokens, object_: Tokens) -> list[Term]:
        terms = [
            Term("S(s_h, s_t)", self.arrow(*subject), float(self.entity[0][subject])),
            Term("S(o_h, o_t)", self.arrow(*object_), float(self.entity[-1][object_])),
        ]
        for end, (part, values) in enumerate(self.relations.items()):
            cell = subject[end], object_[end]
            value = float(values[cell[0], cell[1], label])
            terms.append(Term(_formula(part, name), self.arrow(*cell), value))
        return terms


def _formula(part: str, predicate: str) -> str:
    end = part[0]  # h or t, as in the blog
    return f"S(s_{end}, o_{end} | {predicate})"
