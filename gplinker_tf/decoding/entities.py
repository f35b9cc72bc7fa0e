"""Entities of a batch: spans whose own score exceeds a threshold, whether in triples or not."""

from __future__ import annotations

from gplinker_tf._token_pairs import pairs_within
from gplinker_tf.backend import tf
from gplinker_tf.decoding.candidates import best_of_each_text, inner_tokens
from gplinker_tf.decoding.token_entities import EITHER, TokenEntities


def decode_entities(
    entity: tf.Tensor, mask: tf.Tensor, threshold: tf.Tensor | float, max_entities: tf.Tensor | int
) -> TokenEntities:
    """The spans whose score exceeds the threshold, up to the best `max_entities` per text.

    Args:
        entity: logits `[B, 2, L, L]` of subjects, then objects, or `[B, 1, L, L]` of spans that
            may be either.
        mask: bool `[B, L]`, True on tokens.
        threshold: the value that a score must exceed.
        max_entities: the maximum number of entities per text.

    Example:

    >>> entity = tf.fill([1, 2, 4, 4], -1.0)
    >>> entity = tf.tensor_scatter_nd_update(entity, [[0, 0, 1, 1], [0, 1, 1, 2]], [3.0, 2.0])
    >>> found = decode_entities(entity, tf.ones([1, 4], tf.bool), 0.0, max_entities=10)
    >>> found.role.numpy(), found.tokens.numpy().tolist()
    (array([0, 1], dtype=int32), [[1, 1], [1, 2]])
    """
    within = pairs_within(inner_tokens(mask))[:, None]
    entity = tf.where(within, tf.cast(entity, tf.float32), -float("inf"))
    cells = tf.where(entity > threshold)
    scores = tf.gather_nd(entity, cells)
    cells = tf.cast(cells, tf.int32)
    kept = best_of_each_text(cells[:, 0], scores, max_entities, tf.shape(entity)[0])
    cells = tf.gather(cells, kept)
    role = cells[:, 1] if entity.shape[1] == 2 else tf.fill(tf.shape(cells)[:1], EITHER)
    return TokenEntities(cells[:, 0], role, cells[:, 2:])
