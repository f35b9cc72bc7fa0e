"""GPLinker: an encoder with three pointer heads, and the loss that trains them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.decoding import PairScores, TokenTriples, as_pair_scorer, decode_triples
from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer, PointerFactors, pointer_logits
from gplinker_tf.losses import (
    distillation_crossentropy,
    factorized_globalpointer_crossentropy,
    globalpointer_crossentropy,
    multihot_globalpointer_crossentropy,
    published_globalpointer_crossentropy,
)
from gplinker_tf.models._batch_parts import model_inputs
from gplinker_tf.models.base import RelationModel
from gplinker_tf.models.gplinker._own_layers import (
    expect_labels,
    layer_scores,
    losses_of_texts,
    restored,
)
from gplinker_tf.models.gplinker.factors import GPLinkerFactors, finite_factors
from gplinker_tf.models.gplinker.options import GPLinkerOptions
from gplinker_tf.models.gplinker.targets import GPLinkerTargets
from gplinker_tf.option import options_of

POINTERS = {"efficient": EfficientGlobalPointer, "standard": GlobalPointer}
HEADS = ("entity", "head", "tail")

#: Labels of entities: subjects and objects, or both as one.
ENTITIES = {"separate": 2, "mixed": 1}
#: Losses that take all logits; for factors, the sparse loss has its own form.
DENSE_LOSSES = {
    "sparse": globalpointer_crossentropy,
    "multihot": multihot_globalpointer_crossentropy,
    "published": published_globalpointer_crossentropy,
}


@register
class GPLinker(RelationModel):
    """Joint extraction of entities and relations with GlobalPointer.

    The score of a quintuple (s_h, s_t, p, o_h, o_t) is a sum of four token-pair scores,

        S = S(s_h, s_t) + S(o_h, o_t) + S(s_h, o_h | p) + S(s_t, o_t | p),

    computed by three pointer layers: `entity` (2 labels: subject, object; with rotary positions and
    the lower triangle masked), and `head` and `tail` (one label per predicate, without either). The
    mask is `token_ids != 0`, regardless of the encoder's own mask.

    `entities`, `with_tail` and `loss_form` select the variants that the blog post compares; the
    defaults are the post's model. The last four arguments replace a part with your own; register it
    with `keras.utils.register_keras_serializable` so that a saved model can be loaded.

    Args:
        encoder: a Keras model from `[token_ids, segment_ids]`, each int `[B, L]`, to `[B, L, D]`;
            or a KerasHub backbone (`gplinker_tf.encoders.as_encoder`).
        num_predicates: `P`, the number of predicates.
        pointer: `"efficient"` (EfficientGlobalPointer) or `"standard"` (GlobalPointer).
        head_size: `S`, the size of a pointer's query and key.
        entities: `"separate"`, or `"mixed"`: subjects and objects under one label.
        with_tail: whether to use the fourth term; without it, the starts and the predicate decide,
            which is enough if no two entities start at the same token.
        loss_form: `"sparse"`, from factors and positions; `"multihot"`, from all logits and targets
            `[B, H, L, L]`: the same function, except that it also counts the cell (0, 0); or
            `"published"`, the sparse loss in bert4keras's arithmetic, which loses the negatives
            once positive scores reach about 10.
        entity: a layer that replaces the first pointer: called with hidden states `[B, L, D]` and
            `mask`, bool `[B, L]`, it returns logits `[B, 2, L, L]`, or `[B, 1, L, L]` for mixed
            entities. The model masks padding, and spans that end before they start.
        head: a layer that replaces the second pointer, with logits `[B, P, L, L]`.
        tail: a layer that replaces the third pointer, with logits `[B, P, L, L]`.
        pair_loss: a function that replaces `loss_form`: from positive pairs `[B, H, K, 2]`, padded
            with (0, 0), and logits `[B, H, L, L]` to `[B]`.

    Attributes:
        loss_scale: a `LossScale` if the layers compute in float16, else `None`.
        jit: whether to compile encoder and pointers with XLA, once per batch shape; `compile` sets
            it. Loss and decoding are not compiled: their shapes depend on the data.

    Call arguments:
        inputs: `[token_ids, segment_ids]`, int `[B, L]`, 0 pads; or a dict with these names;
            segment ids default to 0.

    Returns:
        A dict of logits, -inf on masked cells: `entity` `[B, 2, L, L]` or `[B, 1, L, L]`, `head`
        and `tail` `[B, P, L, L]`.

    Raises:
        ValueError: an argument has an invalid value, `num_predicates` is below 1, or a layer
            returns logits of the wrong shape.

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

    Train it with `compile(optimizer)` and `fit` on batches `(inputs, labels)`; the labels are a
    dict of positions `[B, H, K, 2]` with the same three names (`gplinker_tf.models.TargetBuilder`).

    Source: Su Jianlin, "GPLinker: joint extraction based on GlobalPointer",
    https://kexue.fm/archives/8888.
    """

    kind = "gplinker"
    settings = tuple(options_of(GPLinkerOptions))
    replaceable = HEADS

    def __init__(
        self,
        encoder: keras.Model,
        num_predicates: int,
        pointer: str = "efficient",
        head_size: int = 64,
        entities: str = "separate",
        with_tail: bool = True,
        loss_form: str = "sparse",
        entity: Any = None,
        head: Any = None,
        tail: Any = None,
        pair_loss: Callable[[tf.Tensor, tf.Tensor], tf.Tensor] | None = None,
        **kwargs: Any,
    ) -> None:
        GPLinkerOptions(pointer, head_size, entities, with_tail, loss_form)  # checks the values
        super().__init__(encoder, num_predicates, **kwargs)
        self.pointer = pointer
        self.head_size = head_size
        self.entities = entities
        self.with_tail = with_tail
        self.loss_form = loss_form
        self.target_builder = GPLinkerTargets(num_predicates, ENTITIES[entities], with_tail)
        self.pair_loss = restored(pair_loss)
        own = {"entity": entity, "head": head, "tail": tail}
        self._own = tuple(name for name in HEADS if own[name] is not None)
        if not set(self._own) <= set(self.parts):
            raise ValueError(
                "Expected a tail only with with_tail=True. Received: with_tail=False and "
                f"tail={tail!r}. Leave one of them out."
            )
        for name in self.parts:
            layer = restored(own[name]) if name in self._own else self._new_pointer(name)
            setattr(self, name, layer)
            if name in self._own:
                expect_labels(layer, name, self._labels(name), self.encoder.output_shape[-1])
        self._finish(dict.fromkeys(self.parts, tuple(self.encoder.output_shape)))

    def _labels(self, name: str) -> int:
        return ENTITIES[self.entities] if name == "entity" else self.num_predicates

    def _new_pointer(self, name: str) -> Any:
        of_relations = {} if name == "entity" else {"RoPE": False, "tril_mask": False}
        return POINTERS[self.pointer](self._labels(name), self.head_size, name=name, **of_relations)

    @property
    def parts(self) -> tuple[str, ...]:
        return HEADS if self.with_tail else HEADS[:2]

    @property
    def loss_parts(self) -> tuple[str, ...]:
        return self.parts

    def set_initial_score(self, score: float) -> None:
        for name in self.parts:
            # A custom layer keeps its initial scores unless it has this method too.
            if name not in self._own or hasattr(getattr(self, name), "set_initial_score"):
                getattr(self, name).set_initial_score(score)

    def call(self, inputs: Any, training: bool | None = None) -> dict[str, tf.Tensor]:
        token_ids, segment_ids = model_inputs(inputs)
        hidden, mask = self._encode(token_ids, segment_ids, training)
        scores = {name: self._layer_scores(name, hidden, mask) for name in self.parts}
        return {name: self._logits(name, scores[name], mask) for name in self.parts}

    def _factors(
        self, token_ids: tf.Tensor, segment_ids: tf.Tensor, training: bool | None
    ) -> GPLinkerFactors:
        hidden, mask = self._encode(token_ids, segment_ids, training)
        scores = {name: self._layer_scores(name, hidden, mask) for name in self.parts}
        return GPLinkerFactors(scores["entity"], scores["head"], scores.get("tail"), mask)

    def _layer_scores(
        self, name: str, hidden: tf.Tensor, mask: tf.Tensor
    ) -> PointerFactors | tf.Tensor:
        return layer_scores(getattr(self, name), hidden, mask, tril_mask=name == "entity")

    def _logits(self, name: str, scores: PointerFactors | tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        if isinstance(scores, PointerFactors):
            return pointer_logits(scores, mask, getattr(self, name).tril_mask)
        return scores

    def _encode(
        self, token_ids: tf.Tensor, segment_ids: tf.Tensor, training: bool | None
    ) -> tuple[tf.Tensor, tf.Tensor]:
        mask = tf.not_equal(token_ids, 0)
        return self.encoder([token_ids, segment_ids], training=training), mask

    def activations_per_text(self, length: int) -> int:
        labels = sum(map(self._labels, self.parts))
        vectors = labels if self.pointer == "standard" else len(self.parts)
        # Three copies of queries and keys, gradient included; four of two biases per label.
        values = length * (3 * 2 * self.head_size * vectors + 4 * 2 * labels)
        if self.loss_form != "sparse" or self._own or self.pair_loss is not None:
            values += 4 * labels * length**2  # logits, targets, exponentials and the gradient
        return values

    def sample_losses(
        self, labels: Mapping[str, tf.Tensor], factors: GPLinkerFactors
    ) -> dict[str, tf.Tensor]:
        """Return the loss of each pointer and each text: float32 tensors `[B]` by name."""
        return {
            name: self._pointer_losses(name, labels[name], getattr(factors, name), factors.mask)
            for name in self.parts
        }

    def can_learn_from(self, teacher: Any) -> bool:
        return (
            isinstance(teacher, GPLinker)
            and not self._own + teacher._own
            and (teacher.parts, teacher.entities) == (self.parts, self.entities)
            and teacher.num_predicates == self.num_predicates
        )

    def distillation_losses(
        self, taught: GPLinkerFactors, factors: GPLinkerFactors
    ) -> dict[str, tf.Tensor]:
        return {
            name: distillation_crossentropy(
                self._logits(name, getattr(taught, name), factors.mask),
                getattr(factors, name),
                factors.mask,
                getattr(self, name).tril_mask,
            )
            for name in self.parts
        }

    def _pointer_losses(
        self, name: str, labels: tf.Tensor, scores: PointerFactors | tf.Tensor, mask: tf.Tensor
    ) -> tf.Tensor:
        factored = isinstance(scores, PointerFactors)
        if factored and self.loss_form == "sparse" and self.pair_loss is None:
            tril_mask = getattr(self, name).tril_mask
            return factorized_globalpointer_crossentropy(labels, scores, mask, tril_mask)
        logits = tf.cast(self._logits(name, scores, mask), tf.float32)
        if self.pair_loss is None:
            return DENSE_LOSSES[self.loss_form](labels, logits)
        return losses_of_texts(self.pair_loss, labels, logits)

    def decode(
        self, inputs: Any, threshold: tf.Tensor | float, max_pairs: tf.Tensor | int
    ) -> tuple[TokenTriples, tf.Tensor]:
        factors = self.factors(inputs)
        triples = decode_triples(*_pair_scores(factors), threshold, max_pairs)
        return triples, finite_factors(factors)

    def pair_scores(self, inputs: Any) -> PairScores:
        return _pair_scores(self.factors(inputs))

    def settings_config(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in self._own}
        return super().settings_config() | {
            name: keras.utils.serialize_keras_object(layer) for name, layer in own.items()
        }

    def get_config(self) -> dict[str, Any]:
        if self.pair_loss is None:
            return super().get_config()
        loss = keras.utils.serialize_keras_object(self.pair_loss)
        return super().get_config() | {"pair_loss": loss}


def _pair_scores(factors: GPLinkerFactors) -> PairScores:
    entity, head, tail, mask = factors
    if isinstance(entity, PointerFactors):
        entity = pointer_logits(entity, mask, tril_mask=True)
    scorer = None if tail is None else as_pair_scorer(tail)
    return PairScores(entity, as_pair_scorer(head), scorer, mask)
