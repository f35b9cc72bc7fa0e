"""Training targets of TPLinker and TPLinker-plus: the linked pairs of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gplinker_tf.alignment import Quintuple
from gplinker_tf.models._link_decoding import Links, inner_spans, linked, links_of
from gplinker_tf.models._pairs import padded_rows, pairs_of
from gplinker_tf.models._target_checks import expect_inside
from gplinker_tf.models.targets import TargetBuilder

#: The class of a pair: as it is, or reversed because its second token is the earlier one.
AS_IT_STANDS, TURNED = 1, 2


class HandshakingTargets(TargetBuilder):
    """Builds the list of linked pairs of a batch, each with its earlier token first.

    There are `1 + 2P` kinds of links: 0 from the first to the last token of an entity, subject or
    object; 1 + p from the first token of a subject to the first token of its object with predicate
    p; 1 + P + p from last token to last token. A pair whose object comes first is reversed and has
    class 2; all others have class 1, even if both tokens are the same.

    Args:
        num_predicates: `P`.
        one_class: whether a pair can have only one class per kind of link. If two triples with the
            same predicate and tokens have opposite directions, the reversed one is then kept.

    Attributes:
        arrays: the dtype and shape of each label.

    Example:

    >>> labels = HandshakingTargets(num_predicates=2)
    >>> labels([np.array([[5, 6, 1, 3, 3]])], np.ones([1, 8]), None)["links"].tolist()
    [[[3, 3, 0, 1], [5, 6, 0, 1], [3, 5, 2, 2], [3, 6, 4, 2]]]

    Source: the handshaking tagging scheme, Wang et al., "TPLinker",
    https://arxiv.org/abs/2010.13415.
    """

    def __init__(self, num_predicates: int, one_class: bool = False) -> None:
        super().__init__(num_predicates)
        self.arrays = {"links": (np.int32, (None, None, 4))}
        self.one_class = one_class

    def __call__(
        self, quintuples: Sequence[np.ndarray], token_ids: np.ndarray, random: Any
    ) -> dict[str, np.ndarray]:
        """Return the labels of a batch; `random` is not used.

        Returns:
            `links` int32 `[B, K, 4]`: earlier and later token, kind of link, class; distinct rows,
            padded with zeros.

        Raises:
            ValueError: a label lies outside its text.
        """
        expect_inside(quintuples, token_ids, self.num_predicates)
        columns = []
        for output, first_kind in (("entity", 0), ("head", 1), ("tail", 1 + self.num_predicates)):
            text, label, pair = pairs_of(quintuples, output)
            kind = np.zeros_like(label) if output == "entity" else first_kind + label
            class_ = np.where(pair[:, 0] > pair[:, 1], TURNED, AS_IT_STANDS)
            columns.append(np.stack([text, kind, *np.sort(pair, axis=1).T, class_], axis=1))
        links = np.unique(np.concatenate(columns), axis=0)
        if self.one_class and len(links):
            same_as_next = (links[:-1, :4] == links[1:, :4]).all(axis=1)
            links = links[np.append(~same_as_next, True)]
        text, kind, first, second, class_ = links.T
        rows = np.stack([first, second, kind, class_], axis=1)
        return {"links": padded_rows(rows, text, len(quintuples))}

    def decoded(self, quintuples: np.ndarray, length: int) -> set[Quintuple]:
        """Return what a model finds in a text if the most likely classes are the labels.

        With one class per pair, one of two triples in opposite directions is lost. As subjects and
        objects are not distinguished, triples that share ends may yield extra triples.

        Args:
            quintuples: int `[N, 5]` of the text.
            length: the number of tokens.
        """
        rows = list(map(tuple, quintuples.tolist()))
        entities = set.union(*inner_spans(rows, length))
        head, tail = (self._one_class_each(links_of(rows, end)) for end in (0, 1))
        return linked(entities, entities, head, tail)

    def _one_class_each(self, links: Links) -> Links:
        if not self.one_class:
            return links
        return {
            (first, second): predicates - links.get((second, first), set())
            if first < second
            else predicates
            for (first, second), predicates in links.items()
        }
