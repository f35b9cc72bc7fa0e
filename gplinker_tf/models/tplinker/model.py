"""TPLinker: one class per token pair and kind of link."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import register, tf
from gplinker_tf.losses import listed_softmax_crossentropy
from gplinker_tf.models._batch_parts import model_inputs
from gplinker_tf.models.tplinker._handshaking import HandshakingModel
from gplinker_tf.models.tplinker.targets import HandshakingTargets


@register
class TPLinker(HandshakingModel):
    """Extraction by token pair linking: `1 + 2P` classifications of the pairs (i, j), j >= i.

        p(i, j) = softmax(W' tanh(W [h_i; h_j] + b) + b')

    Entity: whether i and j are first and last token of an entity, subject or object (2 classes).
    Head, per predicate: no link, first tokens of a subject and of its object, or the same with the
    object first (3 classes). Tail, per predicate: the same for the last tokens (3 classes).

    The loss is the paper's: cross-entropy summed over pairs and over all `1 + 2P` classifications
    with equal weights, divided by the number of tokens. The authors' code reaches these weights
    only after giving entities more weight in its first thousands of steps; here they are constant.
    It also averages over pairs, which makes the loss `(l + 1) / 2` times smaller for `l` tokens:
    too small for the epsilon of our Adam, which is a hundred times theirs.

    A triple is found if the right class is the most likely one at all four of its pairs: a score is
    the logit of the class minus the largest of the others. Two triples with the same predicate and
    tokens but opposite directions need two classes at one pair, so one of them can't be found.

    The mask is `token_ids != 0`, regardless of the encoder's own mask.

    Args:
        encoder: a Keras model from `[token_ids, segment_ids]`, each int `[B, L]`, to `[B, L, D]`;
            or a KerasHub backbone (`gplinker_tf.encoders.as_encoder`).
        num_predicates: `P`, the number of predicates.

    Call arguments:
        inputs: `[token_ids, segment_ids]`, int `[B, L]`, 0 pads; or a dict with these names;
            segment ids default to 0.

    Returns:
        A dict of logits of the `N = L (L + 1) / 2` pairs, padding included, in the order of
        `gplinker_tf.layers.triangle_pairs`: `entity` `[B, N, 2]`, `head` and `tail` `[B, N, 3, P]`.

    Raises:
        ValueError: `num_predicates` is below 1.

    Example:

    >>> import numpy as np
    >>> from gplinker_tf.backend import keras
    >>> tokens = keras.Input([None], dtype="int32")
    >>> segments = keras.Input([None], dtype="int32")
    >>> hidden = keras.layers.Embedding(100, 16)(tokens)
    >>> model = TPLinker(keras.Model([tokens, segments], hidden), num_predicates=3)
    >>> ids = np.array([[1, 7, 8, 9, 2, 0]])
    >>> logits = model([ids, np.zeros_like(ids)])
    >>> [tuple(logits[name].shape) for name in ("entity", "head", "tail")]
    [(1, 21, 2), (1, 21, 3, 3), (1, 21, 3, 3)]

    Train it with `compile(optimizer)` and `fit` on batches `(inputs, labels)`, with labels from
    `gplinker_tf.models.HandshakingTargets`.

    Source: Wang et al., "TPLinker: Single-stage Joint Extraction of Entities and Relations Through
    Token Pair Linking", https://arxiv.org/abs/2010.13415, and
    https://github.com/131250208/TPlinker-joint-extraction.
    """

    kind = "tplinker"
    loss_parts = ("entity", "head", "tail")

    def _target_builder(self) -> HandshakingTargets:
        return HandshakingTargets(self.num_predicates, one_class=True)

    def _logits_a_pair(self) -> int:
        return 2 + 6 * self.num_predicates

    def _biases_of(self, score: float) -> tf.Tensor:
        relation = tf.repeat(tf.constant([0.0, score, score]), 2 * self.num_predicates)
        return tf.concat([[0.0, score], relation], axis=0)

    def call(self, inputs: Any, training: bool | None = None) -> dict[str, tf.Tensor]:
        token_ids, segment_ids = model_inputs(inputs)
        tags = self._factors(token_ids, segment_ids, training).tags
        entity, relation = self._taggings(tags)
        head, tail = tf.split(relation, 2, axis=-1)
        return {"entity": entity, "head": head, "tail": tail}

    def _taggings(self, tags: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Split the logits: `[..., 2]` for entities, `[..., 3, 2P]` for heads, then tails."""
        entity, relation = tf.split(tags, [2, 6 * self.num_predicates], axis=-1)
        shape = tf.concat([tf.shape(tags)[:-1], [3, 2 * self.num_predicates]], axis=0)
        return entity, tf.reshape(relation, shape)

    def _pair_losses(self, links: tf.Tensor, tags: tf.Tensor) -> dict[str, tf.Tensor]:
        place, kind, class_ = tf.unstack(links, axis=2)
        entity, relation = self._taggings(tags)
        of_entity = tf.where(kind == 0, class_, 0)
        of_relation = tf.where(kind > 0, class_, 0)
        relation = listed_softmax_crossentropy(
            tf.stack([place, kind - 1, of_relation], axis=2), relation
        )
        entity = listed_softmax_crossentropy(
            tf.stack([place, kind, of_entity], axis=2), entity[..., None]
        )
        head, tail = tf.split(relation, 2, axis=2)
        parts = {"entity": entity, "head": head, "tail": tail}
        return {name: tf.reduce_sum(loss, axis=2) for name, loss in parts.items()}

    def _entity_scores(self, tags: tf.Tensor) -> tf.Tensor:
        none, entity = tf.unstack(tf.cast(tags[..., :2], tf.float32), axis=-1)
        return entity - none

    def _relation_scores(self, tags: tf.Tensor) -> tf.Tensor:
        none, as_it_stands, turned = tf.unstack(self._taggings(tags)[1], axis=-2)
        return tf.stack(
            [as_it_stands - tf.maximum(none, turned), turned - tf.maximum(none, as_it_stands)],
            axis=1,
        )
