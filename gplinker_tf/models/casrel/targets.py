"""Training targets of CasRel: all subjects, and the objects of one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from gplinker_tf.alignment import Quintuple
from gplinker_tf.models._target_checks import expect_inside
from gplinker_tf.models.targets import TargetBuilder


class CasRelTargets(TargetBuilder):
    """Builds the start and end tags of a batch, for all subjects and for one subject's objects.

    One subject per text is chosen at random: first a subject start, then a subject end at or after
    it. The two may belong to different subjects; then the pair has no objects, and the model learns
    that too.

    The original takes the mean over all tokens of a batch and leaves out texts without triples.
    Here `weight` does both: it is the number of texts divided by the number of tokens in texts with
    triples, or 0 for a text without triples, which stays in the batch.

    Args:
        num_predicates: `P`.

    Attributes:
        arrays: the dtype and shape of each label.

    Example:

    >>> maker = CasRelTargets(num_predicates=3)
    >>> token_ids = np.array([[2, 7, 8, 9, 3, 0]])
    >>> labels = maker([np.array([[1, 2, 0, 3, 3]])], token_ids, np.random.default_rng(1))
    >>> labels["chosen"].tolist(), np.argwhere(labels["object"][0]).tolist()
    ([[1, 2]], [[3, 0, 0], [3, 0, 1]])
    >>> labels["subject"][0].T.astype(int).tolist(), labels["weight"].tolist()
    ([[0, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]], [0.20000000298023224])

    Source: `data_generator` of bert4keras's `task_relation_extraction.py`,
    https://kexue.fm/archives/7161.
    """

    def __init__(self, num_predicates: int) -> None:
        super().__init__(num_predicates)
        self.arrays = {
            "subject": (np.bool_, (None, None, 2)),
            "chosen": (np.int32, (None, 2)),
            "object": (np.bool_, (None, None, num_predicates, 2)),
            "weight": (np.float32, (None,)),
        }

    def __call__(
        self, quintuples: Sequence[np.ndarray], token_ids: np.ndarray, random: np.random.Generator
    ) -> dict[str, np.ndarray]:
        """Return the labels of a batch.

        Args:
            quintuples: int `[N, 5]` for each text.
            token_ids: `[B, L]`, 0 pads.
            random: chooses the subjects.

        Returns:
            `subject` bool `[B, L, 2]`, starts and ends of all subjects; `chosen` int32 `[B, 2]`,
            first and last token of one subject; `object` bool `[B, L, P, 2]`, starts and ends of
            its objects; `weight` float32 `[B]`.

        Raises:
            ValueError: a label lies outside its text.
        """
        expect_inside(quintuples, token_ids, self.num_predicates)
        texts, length = token_ids.shape
        subject = np.zeros([texts, length, 2], bool)
        chosen = np.zeros([texts, 2], np.int32)
        object_ = np.zeros([texts, length, self.num_predicates, 2], bool)
        for text, rows in enumerate(quintuples):
            if not len(rows):
                continue
            starts, ends = np.unique(rows[:, :2], axis=0).T
            subject[text, starts, 0] = subject[text, ends, 1] = True
            chosen[text, 0] = random.choice(starts)
            chosen[text, 1] = random.choice(ends[ends >= chosen[text, 0]])
            _, _, predicate, first, last = rows[(rows[:, :2] == chosen[text]).all(axis=1)].T
            object_[text, first, predicate, 0] = object_[text, last, predicate, 1] = True
        counts = np.array([len(rows) > 0 for rows in quintuples])
        tokens = np.count_nonzero(token_ids[counts])
        weight = np.where(counts, texts / max(tokens, 1), 0.0).astype(np.float32)
        return {"subject": subject, "chosen": chosen, "object": object_, "weight": weight}

    def decoded(self, quintuples: np.ndarray, length: int) -> set[Quintuple]:
        """Return what a model finds in a text if probabilities are 1 at the labels, else 0.

        Each start is paired with the first end at or after it. So if two subjects start at the same
        token, the longer is lost, and likewise for two objects of one subject and predicate.

        Args:
            quintuples: int `[N, 5]` of the text.
            length: the number of tokens.

        Example:

        >>> rows = np.array([[1, 3, 0, 7, 7], [1, 5, 0, 7, 7]])
        >>> CasRelTargets(num_predicates=1).decoded(rows, length=9)
        {(1, 3, 0, 7, 7)}
        """
        objects: dict[tuple[int, int], dict[int, list]] = defaultdict(lambda: defaultdict(list))
        for *subject, predicate, first, last in quintuples.tolist():
            objects[tuple(subject)][predicate].append((first, last))
        return {
            (*subject, predicate, *object_)
            for subject in _tagged(objects, length)
            for predicate, spans in objects.get(subject, {}).items()
            for object_ in _tagged(spans, length)
        }


def _tagged(spans: Iterable[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """Yield the spans decoded from the starts and ends of spans, without [CLS] and [SEP]."""
    ends = {last for _, last in spans if 0 < last < length - 1}
    for start in {first for first, _ in spans if 0 < first < length - 1}:
        if behind := [end for end in ends if end >= start]:
            yield start, min(behind)
