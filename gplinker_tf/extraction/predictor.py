"""The interface to a runtime: arrays in, triples of token spans out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy as np

from gplinker_tf._reprs import shapes_repr
from gplinker_tf.decoding.token_entities import TokenEntities
from gplinker_tf.errors import InputError


class Prediction(NamedTuple):
    """The triples of a batch in one list, as token spans (inclusive).

    Args:
        batch: int `[N]`, the index of the text of each triple.
        subject: int `[N, 2]`, first and last token of the subject.
        predicate: int `[N]`, its label.
        object: int `[N, 2]`, first and last token of the object.
        score: float `[N]`, the sum of the four terms.
        lowest: float `[N]`, the lowest of the terms, which the threshold is compared with.
        capped: bool `[B]`, whether a text had more candidate pairs than were scored.
        left_out: int `[B]`, the number of triples of a text that are not in the list.
        finite: bool `[B]`, whether all values behind a text's scores are finite.
    """

    batch: np.ndarray
    subject: np.ndarray
    predicate: np.ndarray
    object: np.ndarray
    score: np.ndarray
    lowest: np.ndarray
    capped: np.ndarray
    left_out: np.ndarray
    finite: np.ndarray

    def __repr__(self) -> str:
        return shapes_repr(self)


class Predictor(ABC):
    """Abstract: a trained model on any runtime.

    Attributes:
        kind: the model's name in options and configurations.
        num_predicates: `P`.
    """

    kind: str
    num_predicates: int

    @property
    def length_multiple(self) -> int:
        """The number that batch lengths should be a multiple of."""
        return 1

    @abstractmethod
    def __call__(
        self,
        token_ids: np.ndarray,
        segment_ids: np.ndarray,
        threshold: float | np.ndarray,
        max_pairs: int,
        max_triples: int,
    ) -> Prediction:
        """Return the triples of a batch.

        Args:
            token_ids: int32 `[B, L]`, padded with 0.
            segment_ids: int32 `[B, L]`.
            threshold: the value that each of a triple's four scores must exceed: one number, or
                float `[P]`, one per predicate.
            max_pairs: maximum number of candidate pairs scored per text, best first.
            max_triples: maximum number of triples per text, best first.
        """

    def entities(
        self,
        token_ids: np.ndarray,
        segment_ids: np.ndarray,
        threshold: float,
        max_entities: int,
    ) -> TokenEntities:
        """Return the entities of a batch by their own scores, whether or not they are in a triple.

        Args:
            token_ids: int32 `[B, L]`, padded with 0.
            segment_ids: int32 `[B, L]`.
            threshold: the value that an entity's score must exceed.
            max_entities: maximum number of entities per text, best first.
        """
        raise NotImplementedError(f"{type(self).__name__}.entities")

    def expect_entities(self) -> None:
        """Check before the first batch that `entities` is supported.

        Raises:
            InputError: the runtime returns only triples.
        """
        if type(self).entities is Predictor.entities:
            raise InputError(
                f"Expected a predictor that returns entities. Received: {self!r}, which returns "
                "only triples. Load the run folder with runtime='keras' (--runtime keras), or "
                "leave out entities (--entities)."
            )
