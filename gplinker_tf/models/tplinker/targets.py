"""What TPLinker and TPLinker-plus learn from a batch: its linked pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gplinker_tf.alignment import Quintuple
from gplinker_tf.models._link_decoding import Links, inner_spans, linked, links_of
from gplinker_tf.models._pairs import padded_rows, pairs_of
from gplinker_tf.models._target_checks import expect_inside
from gplinker_tf.models.targets import TargetBuilder

#: Class of a pair: as it stands, or turned round because its second token is the earlier one.
AS_IT_STANDS, TURNED = 1, 2


class HandshakingTargets(TargetBuilder):
    """Lists the pairs of a batch that are linked, each with its earlier token first.

    There are `1 + 2P` kinds of links: 0 from the first to the last token of an entity, whether
    subject or object; 1 + p from the first token of a subject to the first of its object by
    predicate p; 1 + P + p from last to last. A pair whose object comes first is turned round and
    has class 2, all others have class 1, also those of one token.

    Args:
        num_predicates: `P`.
        one_class: whether a pair can have only one class for each kind of link. Of two triples that
            run both ways between the same tokens by the same predicate the turned one then stays.

    Attributes:
        arrays: dtype and shape of each label.

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
        """The labels of a batch; `random` does not matter.

        Returns:
            `links` int32 `[B, K, 4]`: earlier and later token, kind of link, class; distinct, 0 in
            all four pads.

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
        """What a model finds in a text whose likeliest classes are the labels.

        With one class for each pair, of two triples both ways one is lost; since subjects and
        objects are entities alike, others may come of triples that share ends.

        Args:
            quintuples: int `[N, 5]` of the text.
            length: its tokens.
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
