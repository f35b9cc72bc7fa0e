"""CasRel: an encoder that tags subjects, then the objects of each subject."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log
from typing import Any, NamedTuple

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.decoding import TokenEntities, TokenTriples
from gplinker_tf.decoding.candidates import best_of_each_text, inner_tokens
from gplinker_tf.encoders import symbolic_output
from gplinker_tf.layers import ConditionalLayerNormalization, bert_initializer
from gplinker_tf.losses import powered_log_odds, tagging_crossentropy
from gplinker_tf.losses.arguments import expect_shapes, inside
from gplinker_tf.models._batch_parts import model_inputs
from gplinker_tf.models.base import RelationModel, finite_texts
from gplinker_tf.models.casrel.decoding import decode_taggings, tagged_spans
from gplinker_tf.models.casrel.targets import CasRelTargets

#: Powers of the sigmoid: positives are rare, so all probabilities should start small.
SUBJECT_POWER, OBJECT_POWER = 2, 4


class CasRelFactors(NamedTuple):
    """The input of loss and decoding for a batch.

    Args:
        subject: float32 `[B, L, 2]`, log-odds of subject starts and ends.
        hidden: `[B, L, D]`, from which the objects of any subject are computed.
        mask: bool `[B, L]`, True on tokens, False on padding.
    """

    subject: tf.Tensor
    hidden: tf.Tensor
    mask: tf.Tensor


@register
class CasRel(RelationModel):
    """Extraction by start and end tagging: all subjects first, then the objects of each.

        p(subject starts, ends at i) = sigmoid(W h_i + b)^2
        p(object of s by predicate starts, ends at i) = sigmoid(V norm(x_i | x_s) + c)^4

    `h` is the encoder's output and `x` the sum before its last normalization. `norm` replaces that
    normalization: a `ConditionalLayerNormalization` whose condition `x_s` is `x` at the subject's
    first and last token. The mask is `token_ids != 0`, regardless of the encoder's own mask.

    Args:
        encoder: a functional Keras model from `[token_ids, segment_ids]`, each int `[B, L]`, to
            `[B, L, D]`, whose last layer normalizes the output of the previous one.
        num_predicates: `P`, the number of predicates.

    Call arguments:
        inputs: `[token_ids, segment_ids]`, int `[B, L]`, 0 pads; and, for objects, `subjects`, int
            `[B, 2]`, first and last token of one subject per text. Or a dict with these names;
            segment ids default to 0.

    Returns:
        A dict of log-odds: `subject` `[B, L, 2]`, start and end, and `object` `[B, L, P, 2]`.

    Raises:
        ValueError: `num_predicates` is below 1, or the encoder does not end with a normalization.

    Example:

    >>> import numpy as np
    >>> from gplinker_tf.encoders import bert_from_config
    >>> model = CasRel(bert_from_config({
    ...     "vocab_size": 100, "hidden_size": 8, "num_hidden_layers": 1,
    ...     "num_attention_heads": 2, "intermediate_size": 16}), num_predicates=3)
    >>> ids = np.array([[1, 7, 8, 9, 2, 0]])
    >>> odds = model([ids, np.zeros_like(ids), np.array([[1, 2]])])
    >>> tuple(odds["subject"].shape), tuple(odds["object"].shape)
    ((1, 6, 2), (1, 6, 3, 2))

    Train it with `compile(optimizer)` and `fit` on batches `(inputs, labels)`, with labels from
    `gplinker_tf.models.CasRelTargets`.

    Source: Su Jianlin, https://kexue.fm/archives/7161, and bert4keras's
    `task_relation_extraction.py`; after Wei et al., "A Novel Cascade Binary Tagging Framework",
    https://arxiv.org/abs/1909.03227.
    """

    kind = "casrel"
    parts = ("subject", "normalization", "object")
    loss_parts = ("subject", "object")
    nested_from = 0.0

    def __init__(self, encoder: keras.Model, num_predicates: int, **kwargs: Any) -> None:
        super().__init__(encoder, num_predicates, **kwargs)
        self.target_builder = CasRelTargets(num_predicates)
        self.subject = _dense(2, "subject")
        self.normalization = ConditionalLayerNormalization(name="normalization")
        self.object = _dense(2 * num_predicates, "object")
        output = symbolic_output(self.encoder)
        if output.pre_norm is None:
            last = type(self.encoder.layers[-1]).__name__
            raise ValueError(
                "Expected an encoder whose last layer is a layer normalization, which CasRel "
                f"replaces with its own. Received: an encoder that ends with {last}. Add a layer "
                "normalization at the end, or train a GPLinker."
            )
        self._with_sum = keras.Model(self.encoder.inputs, list(output))
        shape = tuple(output.pre_norm.shape)
        self._finish(
            {
                "subject": tuple(self.encoder.output_shape),
                "normalization": [shape, (None, 2 * shape[-1])],
                "object": shape,
            }
        )

    def set_initial_score(self, score: float) -> None:
        for layer, power in ((self.subject, SUBJECT_POWER), (self.object, OBJECT_POWER)):
            probability = (1 + exp(-score)) ** (-1 / power)  # of the sigmoid before its power
            layer.bias.assign(tf.fill(layer.bias.shape, log(probability / (1 - probability))))

    def call(self, inputs: Any, training: bool | None = None) -> dict[str, tf.Tensor]:
        token_ids, segment_ids, *subjects = model_inputs(inputs, "subjects")
        factors = self._factors(token_ids, segment_ids, training)
        odds = {"subject": factors.subject}
        if subjects:
            odds["object"] = self._objects(factors.hidden, *subjects)
        return odds

    def _factors(
        self, token_ids: tf.Tensor, segment_ids: tf.Tensor, training: bool | None
    ) -> CasRelFactors:
        output, hidden = self._with_sum([token_ids, segment_ids], training=training)
        subject = powered_log_odds(self.subject(output), SUBJECT_POWER)
        return CasRelFactors(subject, hidden, tf.not_equal(token_ids, 0))

    def _objects(self, hidden: tf.Tensor, subjects: tf.Tensor) -> tf.Tensor:
        """Return log-odds `[n, L, P, 2]` of the objects of one subject per row, `[n, 2]`."""
        ends = tf.gather(hidden, subjects, batch_dims=1)
        condition = tf.reshape(ends, [-1, 2 * hidden.shape[-1]])
        logits = self.object(self.normalization([hidden, condition]))
        rows, length = tf.unstack(tf.shape(logits)[:2])
        logits = tf.reshape(logits, [rows, length, self.num_predicates, 2])
        return powered_log_odds(logits, OBJECT_POWER)

    def activations_per_text(self, length: int) -> int:
        # Start and end logits, intermediate values of the powered log-odds, and gradients.
        return length * 14 * 2 * self.num_predicates

    def sample_losses(
        self, labels: Mapping[str, tf.Tensor], factors: CasRelFactors
    ) -> dict[str, tf.Tensor]:
        """Return the loss of subjects and of one subject's objects for each text: float32 `[B]`.

        Each loss is averaged over start and end, summed over predicates and tokens, and multiplied
        by the text's `weight`. The mean over the batch is then the original's loss: the sum over
        all tokens divided by their number.
        """
        subject = tagging_crossentropy(labels["subject"], factors.subject)
        arguments = {"chosen": (labels["chosen"], "B 2"), "token_ids": (factors.mask, "B L")}
        expect_shapes(self.kind, arguments, "CasRelTargets makes them.", positions="chosen")
        chosen = tf.cast(labels["chosen"], tf.int32)
        length = tf.shape(factors.mask)[1]
        names = "chosen, a subject's (first, last) token,"
        right = inside(self.kind, names, chosen, [length, length])
        objects = self._objects(factors.hidden, tf.where(right[:, None], chosen, 0))
        object_ = tf.reduce_sum(tagging_crossentropy(labels["object"], objects), axis=-1)
        return {
            name: labels["weight"] * tf.reduce_sum(tf.where(factors.mask, loss, 0.0), axis=1)
            for name, loss in (("subject", subject), ("object", object_))
        }

    def decode(
        self,
        inputs: Any,
        threshold: tf.Tensor | float,
        max_pairs: tf.Tensor | int,
        encode_again: bool = False,
    ) -> tuple[TokenTriples, tf.Tensor]:
        """Return the triples of a batch as in every model; see `decode_taggings`.

        Args:
            inputs: `[token_ids, segment_ids]`, int `[B, L]`.
            threshold: an offset of the original's thresholds, in log-odds; 0 is the original.
            max_pairs: the maximum number of subject-object pairs scored per text, best first.
            encode_again: run the encoder on the text again for each subject, as the original does:
                slower, with the same result.
        """
        ids = model_inputs(inputs)
        factors = self.factors(ids)

        def objects_of(texts: tf.Tensor, subjects: tf.Tensor) -> tf.Tensor:
            if encode_again:
                token_ids, segment_ids = (tf.gather(part, texts) for part in ids)
                hidden = self._factors(token_ids, segment_ids, False).hidden
            else:
                hidden = tf.gather(factors.hidden, texts)
            return self._objects(hidden, subjects)

        widest = max(factors.hidden.shape[-1], 2 * self.num_predicates)
        floats = tf.shape(factors.mask)[1] * widest
        triples, finite = decode_taggings(
            factors.subject, factors.mask, objects_of, floats, threshold, max_pairs
        )
        return triples, finite & finite_texts(factors.subject) & finite_texts(factors.hidden)

    def decode_entities(
        self, inputs: Any, threshold: tf.Tensor | float, max_entities: tf.Tensor | int
    ) -> TokenEntities:
        """Return the subjects; objects are found only together with a subject and a predicate."""
        factors = self.factors(inputs)
        found = tagged_spans(factors.subject, inner_tokens(factors.mask), threshold)
        texts = tf.shape(factors.mask)[0]
        kept = best_of_each_text(found.row, found.score, max_entities, texts)
        role = tf.zeros_like(kept)
        return TokenEntities(tf.gather(found.row, kept), role, tf.gather(found.tokens, kept))


def _dense(units: int, name: str) -> keras.layers.Dense:
    initializer = bert_initializer()
    return keras.layers.Dense(units, kernel_initializer=initializer, name=name)
