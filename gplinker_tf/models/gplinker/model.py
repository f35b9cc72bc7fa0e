"""GPLinker: an encoder with three pointer heads, and the loss that trains them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from gplinker_tf._reprs import shapes_repr
from gplinker_tf.backend import keras, register, tf
from gplinker_tf.decoding import PairScores, TokenTriples, as_pair_scorer, decode_triples
from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer, PointerFactors, pointer_logits
from gplinker_tf.losses import (
    factorized_globalpointer_crossentropy,
    multihot_globalpointer_crossentropy,
    published_globalpointer_crossentropy,
)
from gplinker_tf.models._batch_parts import model_inputs
from gplinker_tf.models.base import RelationModel, finite_texts
from gplinker_tf.models.gplinker.options import GPLinkerOptions
from gplinker_tf.models.gplinker.targets import GPLinkerTargets
from gplinker_tf.option import options_of

POINTERS = {"efficient": EfficientGlobalPointer, "standard": GlobalPointer}
HEADS = ("entity", "head", "tail")

#: Labels of entities: subjects and objects, or both as one.
ENTITIES = {"separate": 2, "mixed": 1}
#: Losses that take all logits; the sparse one takes factors.
DENSE_LOSSES = {
    "multihot": multihot_globalpointer_crossentropy,
    "published": published_globalpointer_crossentropy,
}


class GPLinkerFactors(NamedTuple):
    """The scores of a batch as factors: what the loss and decoding need.

    Args:
        entity: factors of (start, end) of subjects, then of objects; or of both.
        head: factors of (subject start, object start | predicate).
        tail: factors of (subject end, object end | predicate), or `None`.
        mask: bool `[B, L]`, True on tokens, False on padding.
    """

    entity: PointerFactors
    head: PointerFactors
    tail: PointerFactors | None
    mask: tf.Tensor

    def __repr__(self) -> str:
        return shapes_repr(self)


@register
class GPLinker(RelationModel):
    """Joint extraction of entities and relations with GlobalPointer.

    The score of a quintuple (s_h, s_t, p, o_h, o_t) is a sum of four token-pair scores,

        S = S(s_h, s_t) + S(o_h, o_t) + S(s_h, o_h | p) + S(s_t, o_t | p),

    which three pointer layers give: `entity` (2 labels: subject, object; rotary positions, lower
    triangle masked), `head` and `tail` (a label a predicate; neither). The mask is
    `token_ids != 0`, whatever the encoder does with its own.

    The last three arguments are what the blog compares it with; the defaults are the blog's model.

    Args:
        encoder: a Keras model from `[token_ids, segment_ids]`, each int `[B, L]`, to `[B, L, D]`.
        num_predicates: `P`, the number of predicates.
        pointer: `"efficient"` (EfficientGlobalPointer) or `"standard"` (GlobalPointer).
        head_size: `S`, the size of a pointer's query and key.
        entities: `"separate"`, or `"mixed"`: subjects and objects under one label.
        with_tail: whether there is the fourth term; without it, predicate and heads decide, which
            is enough where no two entities start at one token.
        loss_form: `"sparse"`, from factors and positions, or `"multihot"`, from all logits and
            targets `[B, H, L, L]`: the same function but for the cell (0, 0), which counts there;
            or `"published"`, the sparse one in bert4keras's arithmetic, which loses the negatives
            from positive scores of about 10 on.

    Attributes:
        loss_scale: a `LossScale` where the layers compute in float16, else `None`.
        jit: compile encoder and pointers with XLA, once for each shape of a batch; `compile` sets
            it. Loss and decoding have shapes that depend on the data and stay outside.

    Call arguments:
        inputs: `[token_ids, segment_ids]`, int `[B, L]`, 0 pads; or a dict of these names; without
            segment ids they are 0.

    Returns:
        A dict of logits, -inf on masked cells: `entity` `[B, 2, L, L]` or `[B, 1, L, L]`, `head`
        and `tail` `[B, P, L, L]`.

    Raises:
        ValueError: an argument is none of its values, or `num_predicates` is below 1.

    Example:

    >>> import numpy as np
    >>> from gplinker_tf.backend import keras
    >>> tokens = keras.Input([None], dtype="int32")
    >>> segments = keras.Input([None], dtype="int32")
    >>> hidden = keras.layers.Embedding(100, 16)(tokens)
    >>> model = GPLinker(keras.Model([tokens, segments], hidden), num_predicates=3)
    >>> ids = np.array([[1, 7, 8, 9, 2, 0]])
    >>> logits = model([ids, np.zeros_like(ids)])
    >>> [tuple(logits[name].shape) for name in ("entity", "head", "tail")]
    [(1, 2, 6, 6), (1, 3, 6, 6), (1, 3, 6, 6)]

    It trains with `compile(optimizer)` and `fit` on batches `(inputs, labels)`, the labels a dict
    of positions `[B, H, K, 2]` under the same three names (`gplinker_tf.models.TargetBuilder`).

    Source: Su Jianlin, "GPLinker: joint extraction based on GlobalPointer",
    https://kexue.fm/archives/8888.
    """

    kind = "gplinker"
    settings = tuple(options_of(GPLinkerOptions))

    def __init__(
        self,
        encoder: keras.Model,
        num_predicates: int,
        pointer: str = "efficient",
        head_size: int = 64,
        entities: str = "separate",
        with_tail: bool = True,
        loss_form: str = "sparse",
        **kwargs: Any,
    ) -> None:
        GPLinkerOptions(pointer, head_size, entities, with_tail, loss_form)  # checks them
        super().__init__(encoder, num_predicates, **kwargs)
        self.pointer = pointer
        self.head_size = head_size
        self.entities = entities
        self.with_tail = with_tail
        self.loss_form = loss_form
        roles = ENTITIES[entities]
        self.target_builder = GPLinkerTargets(num_predicates, roles, with_tail)
        layer = POINTERS[pointer]
        self.entity = layer(roles, head_size, name="entity")
        for name in self.parts[1:]:
            relation = layer(num_predicates, head_size, RoPE=False, tril_mask=False, name=name)
            setattr(self, name, relation)
        self._finish(dict.fromkeys(self.parts, tuple(encoder.output_shape)))

    @property
    def parts(self) -> tuple[str, ...]:
        return HEADS if self.with_tail else HEADS[:2]

    @property
    def loss_parts(self) -> tuple[str, ...]:
        return self.parts

    def set_initial_score(self, score: float) -> None:
        for name in self.parts:
            getattr(self, name).set_initial_score(score)

    def call(self, inputs: Any, training: bool | None = None) -> dict[str, tf.Tensor]:
        token_ids, segment_ids = model_inputs(inputs)
        hidden, mask = self._encode(token_ids, segment_ids, training)
        return {name: getattr(self, name)(hidden, mask=mask) for name in self.parts}

    def _factors(
        self, token_ids: tf.Tensor, segment_ids: tf.Tensor, training: bool | None
    ) -> GPLinkerFactors:
        hidden, mask = self._encode(token_ids, segment_ids, training)
        factors = {name: getattr(self, name).factors(hidden) for name in self.parts}
        return GPLinkerFactors(factors["entity"], factors["head"], factors.get("tail"), mask)

    def _encode(
        self, token_ids: tf.Tensor, segment_ids: tf.Tensor, training: bool | None
    ) -> tuple[tf.Tensor, tf.Tensor]:
        mask = tf.not_equal(token_ids, 0)
        return self.encoder([token_ids, segment_ids], training=training), mask

    def activations_per_text(self, length: int) -> int:
        labels = sum(getattr(self, name).heads for name in self.parts)
        vectors = labels if self.pointer == "standard" else len(self.parts)
        # Queries and keys thrice, with their gradient; of each label two biases, four times.
        values = length * (3 * 2 * self.head_size * vectors + 4 * 2 * labels)
        if self.loss_form != "sparse":
            values += 4 * labels * length**2  # logits, targets, exponentials and the gradient
        return values

    def sample_losses(
        self, labels: Mapping[str, tf.Tensor], factors: GPLinkerFactors
    ) -> dict[str, tf.Tensor]:
        """The loss of each pointer and each text: float32 tensors `[B]` by name."""
        return {
            name: self._pointer_losses(
                labels[name], getattr(factors, name), factors.mask, getattr(self, name).tril_mask
            )
            for name in self.parts
        }

    def _pointer_losses(
        self, labels: tf.Tensor, factors: PointerFactors, mask: tf.Tensor, tril_mask: bool
    ) -> tf.Tensor:
        if self.loss_form == "sparse":
            return factorized_globalpointer_crossentropy(labels, factors, mask, tril_mask)
        logits = tf.cast(pointer_logits(factors, mask, tril_mask), tf.float32)
        return DENSE_LOSSES[self.loss_form](labels, logits)

    def decode(
        self, inputs: Any, threshold: tf.Tensor | float, max_pairs: tf.Tensor | int
    ) -> tuple[TokenTriples, tf.Tensor]:
        factors = self.factors(inputs)
        triples = decode_triples(*_pair_scores(factors), threshold, max_pairs)
        return triples, _finite(factors)

    def pair_scores(self, inputs: Any) -> PairScores:
        return _pair_scores(self.factors(inputs))


def _pair_scores(factors: GPLinkerFactors) -> PairScores:
    entity = pointer_logits(factors.entity, factors.mask, tril_mask=True)
    tail = None if factors.tail is None else as_pair_scorer(factors.tail)
    return PairScores(entity, as_pair_scorer(factors.head), tail, factors.mask)


def _finite(factors: GPLinkerFactors) -> tf.Tensor:
    pointers = filter(None, factors[:3])
    parts = [part for pointer in pointers for part in pointer if part is not None]
    return tf.reduce_all(tf.stack(list(map(finite_texts, parts))), axis=0)
