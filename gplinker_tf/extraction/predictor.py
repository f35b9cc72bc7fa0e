"""The seam between texts and a runtime: arrays in, triples of tokens out."""

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
        batch: int `[N]`, the text of each triple.
        subject: int `[N, 2]`, first and last token of the subject.
        predicate: int `[N]`, its label.
        object: int `[N, 2]`, first and last token of the object.
        score: float `[N]`, the sum of the four terms.
        lowest: float `[N]`, the lowest of the terms, which the threshold is compared with.
        capped: bool `[B]`, whether a text had more candidate pairs than were looked at.
        left_out: int `[B]`, how many triples of a text are not in the list.
        finite: bool `[B]`, whether all that a text's scores are made of is finite.
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
    """Abstract: a trained model, whatever it runs on.

    Attributes:
        kind: the model's name in options and configurations.
        num_predicates: `P`.
    """

    kind: str
    num_predicates: int

    @property
    def length_multiple(self) -> int:
        """What lengths of batches are best a multiple of."""
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
        """The triples of a batch.

        Args:
            token_ids: int32 `[B, L]`, 0 pads.
            segment_ids: int32 `[B, L]`.
            threshold: what each of a triple's four scores must exceed: one number, or float `[P]`,
                one per predicate.
            max_pairs: subject-object pairs of a text that are looked at, best first.
            max_triples: triples of a text that are given, best first.
        """

    def entities(
        self,
        token_ids: np.ndarray,
        segment_ids: np.ndarray,
        threshold: float,
        max_entities: int,
    ) -> TokenEntities:
        """The entities of a batch by their own scores, whether they are in a triple or not.

        Args:
            token_ids: int32 `[B, L]`, 0 pads.
            segment_ids: int32 `[B, L]`.
            threshold: what an entity's score must exceed.
            max_entities: entities of a text that are given, best first.
        """
        raise NotImplementedError(f"{type(self).__name__}.entities")

    def expect_entities(self) -> None:
        """Check before a batch that `entities` gives any.

        Raises:
            InputError: what runs here gives triples alone.
        """
        if type(self).entities is Predictor.entities:
            raise InputError(
                f"Expected a model that gives entities by themselves. Received: {self!r}, which "
                "gives triples. Load the run folder with runtime='keras' (--runtime keras), or "
                "leave out entities (--entities)."
            )
