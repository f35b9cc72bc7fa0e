"""GPLinker: an encoder with three pointer heads, and the loss that trains them."""

from __future__ import annotations

from typing import Any, NamedTuple

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.data.gplinker_labels import GPLinkerLabels
from gplinker_tf.decoding import TokenTriples, decode_triples
from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer, PointerFactors
from gplinker_tf.losses import factorised_globalpointer_crossentropy
from gplinker_tf.models.relation_model import RelationModel, finite_texts

POINTERS = {"efficient": EfficientGlobalPointer, "standard": GlobalPointer}
HEADS = ("entity", "head", "tail")


class GPLinkerFactors(NamedTuple):
    """The scores of a batch as factors: what the loss and decoding need.

    Args:
        entity: factors of (start, end) of subjects, then of objects.
        head: factors of (subject start, object start | predicate).
        tail: factors of (subject end, object end | predicate).
        mask: bool `[B, L]`, True on tokens, False on padding.
    """

    entity: PointerFactors
    head: PointerFactors
    tail: PointerFactors
    mask: tf.Tensor


@register
class GPLinker(RelationModel):
    """Joint extraction of entities and relations with GlobalPointer.

    The score of a quintuple (s_h, s_t, p, o_h, o_t) is a sum of four token-pair scores,

        S = S(s_h, s_t) + S(o_h, o_t) + S(s_h, o_h | p) + S(s_t, o_t | p),

    which three pointer layers give: `entity` (2 labels: subject, object; rotary positions, lower
    triangle masked), `head` and `tail` (a label a predicate; neither). The mask is
    `token_ids != 0`, whatever the encoder does with its own.

    Args:
        encoder: a Keras model from `[token_ids, segment_ids]`, each int `[B, L]`, to `[B, L, D]`.
        num_predicates: `P`, the number of predicates.
        pointer: `"efficient"` (EfficientGlobalPointer) or `"standard"` (GlobalPointer).
        head_size: `S`, the size of a pointer's query and key.

    Attributes:
        loss_scale: a `LossScale` where the layers compute in float16, else `None`.
        jit: compile encoder and pointers with XLA, once for each shape of a batch; `compile` sets
            it. Loss and decoding have shapes that depend on the data and stay outside.

    Call arguments:
        inputs: `[token_ids, segment_ids]`, int `[B, L]`, 0 pads.

    Returns:
        A dict of logits, -inf on masked cells: `entity` `[B, 2, L, L]`, `head` and `tail`
        `[B, P, L, L]`.

    Raises:
        ValueError: `pointer` is neither of the two, or `num_predicates` is below 1.

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
    of positions `[B, H, K, 2]` under the same three names (`gplinker_tf.data`).

    Source: Su Jianlin, "GPLinker: joint extraction based on GlobalPointer",
    https://kexue.fm/archives/8888.
    """

    kind = "gplinker"
    settings = ("pointer", "head_size")
    parts = loss_parts = HEADS

    def __init__(
        self,
        encoder: keras.Model,
        num_predicates: int,
        pointer: str = "efficient",
        head_size: int = 64,
        **kwargs: Any,
    ) -> None:
        if pointer not in POINTERS:
            raise ValueError(
                f"Expected one of {sorted(POINTERS)}. Received: pointer={pointer!r}. "
                "Choose 'efficient' for many predicates, 'standard' for the blog's first form."
            )
        super().__init__(encoder, num_predicates, **kwargs)
        self.label_maker = GPLinkerLabels(num_predicates)
        layer = POINTERS[pointer]
        self.pointer = pointer
        self.head_size = head_size
        self.entity = layer(2, head_size, name="entity")
        self.head = layer(num_predicates, head_size, RoPE=False, tril_mask=False, name="head")
        self.tail = layer(num_predicates, head_size, RoPE=False, tril_mask=False, name="tail")
        self._finish(dict.fromkeys(HEADS, tuple(encoder.output_shape)))

    def call(self, inputs: Any, training: bool | None = None) -> dict[str, tf.Tensor]:
        hidden, mask = self._encode(inputs, training)
        return {name: getattr(self, name)(hidden, mask=mask) for name in HEADS}

    def _factors(self, inputs: Any, training: bool | None) -> GPLinkerFactors:
        hidden, mask = self._encode(inputs, training)
        return GPLinkerFactors(*(getattr(self, name).factors(hidden) for name in HEADS), mask)

    def _encode(self, inputs: Any, training: bool | None) -> tuple[tf.Tensor, tf.Tensor]:
        token_ids, segment_ids = inputs
        mask = tf.not_equal(token_ids, 0)
        return self.encoder([token_ids, segment_ids], training=training), mask

    def sample_losses(
        self, labels: dict[str, tf.Tensor], factors: GPLinkerFactors
    ) -> dict[str, tf.Tensor]:
        """The loss of each pointer and each text: three float32 tensors `[B]` by name."""
        return {
            name: factorised_globalpointer_crossentropy(
                labels[name],
                getattr(factors, name),
                factors.mask,
                tril_mask=getattr(self, name).tril_mask,
            )
            for name in HEADS
        }

    def decode(
        self, inputs: Any, threshold: tf.Tensor | float, max_pairs: tf.Tensor | int
    ) -> tuple[TokenTriples, tf.Tensor]:
        factors = self.factors(inputs)
        return decode_triples(*factors, threshold, max_pairs), _finite(factors)


def _finite(factors: GPLinkerFactors) -> tf.Tensor:
    parts = [part for pointer in factors[:3] for part in pointer if part is not None]
    return tf.reduce_all(tf.stack(list(map(finite_texts, parts))), axis=0)
