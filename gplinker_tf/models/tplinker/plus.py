"""TPLinker-plus: any number of tags per token pair."""

from __future__ import annotations

from typing import Any

from gplinker_tf.backend import register, tf
from gplinker_tf.losses import listed_multilabel_crossentropy
from gplinker_tf.models._batch_parts import model_inputs
from gplinker_tf.models.tplinker._handshaking import HandshakingModel
from gplinker_tf.models.tplinker.targets import TURNED, HandshakingTargets


@register
class TPLinkerPlus(HandshakingModel):
    """TPLinker with multi-label tags in place of `1 + 2P` classifications.

        z(i, j) = W' tanh(W [h_i; h_j] + b) + b',  j >= i;  a tag is set where its z exceeds 0

    There are `1 + 4P` tags: i and j are first and last token of an entity; per predicate, they are
    the first tokens of a subject and of its object, or the last tokens; and both again with the
    object first. Triples in opposite directions between the same tokens can both be found.

    The loss is the multi-label cross-entropy over the tags of each pair, summed over the pairs and
    divided by the number of tokens; the authors' code averages over pairs, see `TPLinker`. Their
    code also has other kernels (conditional layer normalization, LSTMs); this model uses the
    paper's kernel, as `TPLinker` does, so that the two differ only in their tags.

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
        `gplinker_tf.layers.triangle_pairs`: `entity` `[B, N]`, `head` and `tail` `[B, N, 2, P]`,
        subject first, then object first.

    Raises:
        ValueError: `num_predicates` is below 1.

    Example:

    >>> import numpy as np
    >>> from gplinker_tf.backend import keras
    >>> tokens = keras.Input([None], dtype="int32")
    >>> segments = keras.Input([None], dtype="int32")
    >>> hidden = keras.layers.Embedding(100, 16)(tokens)
    >>> model = TPLinkerPlus(keras.Model([tokens, segments], hidden), num_predicates=3)
    >>> ids = np.array([[1, 7, 8, 9, 2, 0]])
    >>> logits = model([ids, np.zeros_like(ids)])
    >>> [tuple(logits[name].shape) for name in ("entity", "head", "tail")]
    [(1, 21), (1, 21, 2, 3), (1, 21, 2, 3)]

    Train it with `compile(optimizer)` and `fit` on batches `(inputs, labels)`, with labels from
    `gplinker_tf.models.HandshakingTargets`.

    Source: `tplinker_plus` of https://github.com/131250208/TPlinker-joint-extraction, after Wang et
    al., https://arxiv.org/abs/2010.13415; the loss is Su Jianlin's, https://kexue.fm/archives/7359.
    """

    kind = "tplinker-plus"
    loss_parts = ("tags",)

    def _target_builder(self) -> HandshakingTargets:
        return HandshakingTargets(self.num_predicates)

    def _logits_a_pair(self) -> int:
        return 1 + 4 * self.num_predicates

    def _biases_of(self, score: float) -> tf.Tensor:
        return tf.fill([self._logits_a_pair()], score)

    def call(self, inputs: Any, training: bool | None = None) -> dict[str, tf.Tensor]:
        token_ids, segment_ids = model_inputs(inputs)
        tags = self._factors(token_ids, segment_ids, training).tags
        head, tail = tf.split(self._both_ways(tags), 2, axis=-1)
        return {"entity": tags[..., 0], "head": head, "tail": tail}

    def _both_ways(self, tags: tf.Tensor) -> tf.Tensor:
        """Return `[..., 2, 2P]`: each pair as it is and reversed, for heads, then tails."""
        shape = tf.concat([tf.shape(tags)[:-1], [2, 2 * self.num_predicates]], axis=0)
        return tf.reshape(tags[..., 1:], shape)

    def _pair_losses(self, links: tf.Tensor, tags: tf.Tensor) -> dict[str, tf.Tensor]:
        place, kind, class_ = tf.unstack(links, axis=2)
        tag = tf.where(class_ == TURNED, kind + 2 * self.num_predicates, kind)
        listed = tf.stack([place, tf.where(class_ > 0, tag, -1)], axis=2)
        return {"tags": listed_multilabel_crossentropy(listed, tags)}

    def _entity_scores(self, tags: tf.Tensor) -> tf.Tensor:
        return tf.cast(tags[..., 0], tf.float32)

    def _relation_scores(self, tags: tf.Tensor) -> tf.Tensor:
        return self._both_ways(tags)
