"""The base of both TPLinkers: a kernel over token pairs, a layer of logits, and decoding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from gplinker_tf.backend import keras, tf
from gplinker_tf.decoding import PairScores, TokenTriples, TriangleScores, decode_triples
from gplinker_tf.layers import (
    HandshakingKernel,
    bert_initializer,
    triangle_pairs,
    triangle_place,
    triangle_to_square,
)
from gplinker_tf.losses.arguments import expect_shapes, inside
from gplinker_tf.models.base import RelationModel, finite_texts
from gplinker_tf.models.tplinker.targets import TURNED


class HandshakingFactors(NamedTuple):
    """The input of loss and decoding for a batch.

    Args:
        hidden: `[B, L, D]`, the encoder's output, kept only to check that it is finite: the
            kernel's tanh hides infinite values.
        tags: logits `[B, N, C]` of the `N = L (L + 1) / 2` pairs in the order of `triangle_pairs`.
        mask: bool `[B, L]`, True on tokens, False on padding.
    """

    hidden: tf.Tensor
    tags: tf.Tensor
    mask: tf.Tensor


class HandshakingModel(RelationModel):
    """Abstract: each token pair whose second token is not before the first gets its own logits.

        z[i,j] = W' tanh(W [h_i; h_j] + b) + b',  j >= i

    A subclass defines the number of logits per pair, the target builder and the meaning of the
    logits.

    A single matrix W' computes the logits of all kinds of links, equivalent to one matrix per kind;
    the kernel's `[B, N, D]` output then needs only one gradient instead of one per kind.

    Args:
        encoder: a Keras model from `[token_ids, segment_ids]`, each int `[B, L]`, to `[B, L, D]`.
        num_predicates: `P`, the number of predicates.
    """

    parts = ("handshaking", "tags")

    def __init__(self, encoder: keras.Model, num_predicates: int, **kwargs: Any) -> None:
        super().__init__(encoder, num_predicates, **kwargs)
        self.target_builder = self._target_builder()
        initializer = bert_initializer()
        self.handshaking = HandshakingKernel(name="handshaking")
        self.tags = keras.layers.Dense(
            self._logits_a_pair(), kernel_initializer=initializer, name="tags"
        )
        size = self.encoder.output_shape[-1]
        self._finish({"handshaking": (None, None, size), "tags": (None, None, size)})

    def _target_builder(self) -> Any:
        raise NotImplementedError

    def _logits_a_pair(self) -> int:
        """Return `C`."""
        raise NotImplementedError

    def set_initial_score(self, score: float) -> None:
        self.tags.bias.assign(self._biases_of(score))

    def _biases_of(self, score: float) -> tf.Tensor:
        """Return biases `[C]` of the logits with which a link scores `score`."""
        raise NotImplementedError

    def _pair_losses(self, links: tf.Tensor, tags: tf.Tensor) -> dict[str, tf.Tensor]:
        """Return the loss of each part at each pair, float32 `[B, N]`.

        Args:
            links: int32 `[B, K, 3]`: index of the pair, kind of link, class; class 0 pads.
            tags: logits `[B, N, C]`.
        """
        raise NotImplementedError

    def _entity_scores(self, tags: tf.Tensor) -> tf.Tensor:
        """Return float32 `[B, N]`, above 0 if a pair is the first and last token of an entity."""
        raise NotImplementedError

    def _relation_scores(self, tags: tf.Tensor) -> tf.Tensor:
        """Return scores `[n, 2, 2P]` from float32 logits `[n, C]`; scores above 0 are links.

        The axes are: the pair as it is or reversed; heads for each predicate, then tails.
        """
        raise NotImplementedError

    def _factors(
        self, token_ids: tf.Tensor, segment_ids: tf.Tensor, training: bool | None
    ) -> HandshakingFactors:
        hidden = self.encoder([token_ids, segment_ids], training=training)
        tags = self.tags(self.handshaking(hidden))
        return HandshakingFactors(hidden, tags, tf.not_equal(token_ids, 0))

    def activations_per_text(self, length: int) -> int:
        # Three vectors per pair: for the next layer's gradient, its own gradient, and before the
        # tanh; and the logits, their exponentials and their gradient.
        values = 3 * (self.encoder.output_shape[-1] + self._logits_a_pair())
        return length * (length + 1) // 2 * values

    def sample_losses(
        self, labels: Mapping[str, tf.Tensor], factors: HandshakingFactors
    ) -> dict[str, tf.Tensor]:
        """Return the loss of each part and each text, float32 `[B]`.

        It is the sum over all token pairs without padding, divided by the number of tokens.
        """
        mask = factors.mask
        length = tf.shape(mask)[1]
        first, second, kind, class_ = tf.unstack(self._links_inside(labels["links"], mask), axis=2)
        place = triangle_place(first, second, length)
        losses = self._pair_losses(tf.stack([place, kind, class_], axis=2), factors.tags)
        first, second = triangle_pairs(length)
        counts = tf.gather(mask, first, axis=1) & tf.gather(mask, second, axis=1)
        tokens = tf.maximum(tf.reduce_sum(tf.cast(mask, tf.float32), axis=1), 1.0)
        return {
            name: tf.reduce_sum(tf.where(counts, loss, 0.0), axis=1) / tokens
            for name, loss in losses.items()
        }

    def _links_inside(self, links: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        """Check links and return int32 `[B, K, 4]`, with zeros (padding) for invalid ones."""
        advice = "HandshakingTargets makes them."
        arguments = {"links": (links, "B K 4"), "token_ids": (mask, "B L")}
        expect_shapes(self.kind, arguments, advice, positions="links")
        links = tf.cast(links, tf.int32)
        length = tf.shape(mask)[1]
        right = inside(
            self.kind,
            "(earlier token, later token, kind, class)",
            links,
            [length, length, 1 + 2 * self.num_predicates, TURNED + 1],
            valid=links[..., 0] <= links[..., 1],
        )
        return tf.where(right[..., None], links, 0)

    def decode(
        self, inputs: Any, threshold: tf.Tensor | float, max_pairs: tf.Tensor | int
    ) -> tuple[TokenTriples, tf.Tensor]:
        factors = self.factors(inputs)
        triples = decode_triples(*self._pair_scores(factors), threshold, max_pairs)
        return triples, finite_texts(factors.hidden) & finite_texts(factors.tags)

    def pair_scores(self, inputs: Any) -> PairScores:
        return self._pair_scores(self.factors(inputs))

    def _pair_scores(self, factors: HandshakingFactors) -> PairScores:
        length = tf.shape(factors.mask)[1]
        entity = triangle_to_square(self._entity_scores(factors.tags), length)[:, None]
        head, tail = (
            TriangleScores(factors.tags, length, self._relation_scores_from(first))
            for first in (0, self.num_predicates)
        )
        return PairScores(entity, head, tail, factors.mask)

    def _relation_scores_from(self, first: int) -> Callable[[tf.Tensor], tf.Tensor]:
        last = first + self.num_predicates
        return lambda logits: self._relation_scores(logits)[..., first:last]
