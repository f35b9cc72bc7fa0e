"""GPLinker: an encoder with three pointer heads, and the loss that trains them."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

from gplinker_tf.backend import keras, register, tf
from gplinker_tf.layers import EfficientGlobalPointer, GlobalPointer, PointerFactors
from gplinker_tf.losses import factorised_globalpointer_crossentropy
from gplinker_tf.models.loss_scale import LossScale

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
class GPLinker(keras.Model):
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

    def __init__(
        self,
        encoder: keras.Model,
        num_predicates: int,
        pointer: str = "efficient",
        head_size: int = 64,
        **kwargs: Any,
    ) -> None:
        # Its loss is float32 in every precision; Keras must not scale it a second time.
        super().__init__(**{**kwargs, "dtype": "float32"})
        if pointer not in POINTERS:
            raise ValueError(
                f"Expected one of {sorted(POINTERS)}. Received: pointer={pointer!r}. "
                "Choose 'efficient' for many predicates, 'standard' for the blog's first form."
            )
        if num_predicates < 1:
            raise ValueError(
                f"Expected at least one predicate. Received: num_predicates={num_predicates}. "
                "Read the schema that belongs to the data."
            )
        layer = POINTERS[pointer]
        self.encoder = encoder
        self.num_predicates = num_predicates
        self.pointer = pointer
        self.head_size = head_size
        self.entity = layer(2, head_size, name="entity")
        self.head = layer(num_predicates, head_size, RoPE=False, tril_mask=False, name="head")
        self.tail = layer(num_predicates, head_size, RoPE=False, tril_mask=False, name="tail")
        self._trackers = [keras.metrics.Mean(name="loss")]
        self._trackers += [keras.metrics.Mean(name=f"{name}_loss") for name in HEADS]
        self._nonfinite = keras.metrics.Sum(name="nonfinite")
        self.loss_scale = LossScale() if self.entity.compute_dtype == "float16" else None
        self.jit = False
        self.accumulation = 1
        for name in HEADS:
            getattr(self, name).build(tuple(encoder.output_shape))
        self.built = True

    def build(self, input_shape: Any = None) -> None:
        self.built = True  # every part was built in __init__, from the encoder's output shape

    def call(self, inputs: Any, training: bool | None = None) -> dict[str, tf.Tensor]:
        hidden, mask = self._encode(inputs, training)
        return {name: getattr(self, name)(hidden, mask=mask) for name in HEADS}

    def factors(self, inputs: Any, training: bool | None = False) -> GPLinkerFactors:
        """The scores of a batch as factors: no `[B, P, L, L]` tensor is made.

        Args:
            inputs: as for a call of the model.
            training: as for a call of the model.
        """
        factors = self._compiled_factors if self.jit else self._factors
        return factors(inputs, training)

    def _factors(self, inputs: Any, training: bool | None) -> GPLinkerFactors:
        hidden, mask = self._encode(inputs, training)
        return GPLinkerFactors(*(getattr(self, name).factors(hidden) for name in HEADS), mask)

    @cached_property
    def _compiled_factors(self) -> Any:
        return tf.function(self._factors, jit_compile=True, autograph=False)

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

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> tf.Tensor:
        """The mean over the batch of the three losses' sum, and its parts to the trackers.

        `y_pred` is `GPLinkerFactors`, not the logits of a call. What layers of the encoder add to
        the loss, regularisers for instance, is added here too.
        """
        values = self._loss_values(y, y_pred, sample_weight)
        self._track(values)
        return values[0]

    def _loss_values(
        self, labels: dict[str, tf.Tensor], factors: GPLinkerFactors, weight: tf.Tensor | None
    ) -> tf.Tensor:
        """The loss and its three parts, `[4]`."""
        losses = self.sample_losses(labels, factors)
        if weight is not None:
            weight = tf.cast(weight, tf.float32)
            losses = {name: loss * weight for name, loss in losses.items()}
        means = [tf.reduce_mean(losses[name]) for name in HEADS]
        return tf.stack([tf.add_n([*means, *self.losses]), *means])

    def _track(self, values: tf.Tensor) -> None:
        for tracker, value in zip(self._trackers, tf.unstack(values), strict=True):
            tracker.update_state(value)

    def compile(
        self,
        optimizer: Any = "adam",
        jit_compile: bool = False,
        accumulation: int = 1,
        **kwargs: Any,
    ) -> None:
        """As in Keras.

        Args:
            optimizer: any of Keras's.
            jit_compile: sets `jit`; it is off unless asked for.
            accumulation: parts that a batch is computed in, one after the other: less memory, the
                same step.
            **kwargs: what every Keras model takes.
        """
        self.jit = jit_compile
        self.accumulation = accumulation
        super().compile(optimizer=optimizer, jit_compile=False, **kwargs)

    @property
    def metrics(self) -> list[Any]:
        return [*self._trackers, self._nonfinite]

    # There is no Python control flow to convert, and looking for it takes seconds.
    @tf.autograph.experimental.do_not_convert
    def train_step(self, data: Any) -> dict[str, tf.Tensor]:
        """One update; a loss or gradient that is not finite leaves the weights finite.

        Its gradients are replaced by zeros and it is counted in the logs, as `nonfinite`: a
        callback can stop the run, and what was learnt so far is not lost. In float16 gradients
        that only the loss scale made infinite are not counted: the scale is halved.
        """
        values, gradients, variables = self._gradients(data)
        loss = values[0]
        finite = _on_every_replica(
            tf.math.is_finite(loss) & tf.math.is_finite(tf.linalg.global_norm(gradients))
        )
        counted = ~finite
        if self.loss_scale is not None:
            gradients = [gradient / self.loss_scale.value for gradient in gradients]
            counted &= ~tf.math.is_finite(loss) | self.loss_scale.at_lowest
            self.loss_scale.update(finite)
        gradients = tf.cond(finite, lambda: gradients, lambda: list(map(tf.zeros_like, gradients)))
        self.optimizer.apply_gradients(zip(gradients, variables, strict=True))
        self._track(values)
        self._nonfinite.update_state(tf.cast(counted, tf.float32))
        return self._logs()

    def _gradients(self, data: Any) -> tuple[tf.Tensor, list[tf.Tensor], list[Any]]:
        """The loss and its parts, `[4]`, scaled gradients, and the weights that have one."""
        texts = tf.shape(tf.nest.flatten(data)[0])[0]
        size = -(-texts // self.accumulation)
        variables: list[Any] = []

        def of_part(first: tf.Tensor) -> tuple[tf.Tensor, list[tf.Tensor]]:
            part = tf.nest.map_structure(lambda tensor: tensor[first : first + size], data)
            inputs, labels, weight = keras.utils.unpack_x_y_sample_weight(part)
            share = tf.cast(tf.minimum(size, texts - first) / texts, tf.float32)
            with tf.GradientTape() as tape:
                values = self._loss_values(labels, self.factors(inputs, training=True), weight)
                values *= share
                # Replicas add their gradients up: each gives its share of the mean.
                scaled = values[0] / tf.distribute.get_strategy().num_replicas_in_sync
                if self.loss_scale is not None:
                    scaled *= self.loss_scale.value
            gradients = tape.gradient(scaled, self.trainable_weights)
            pairs = zip(gradients, self.trainable_weights, strict=True)
            connected = [(g, variable) for g, variable in pairs if g is not None]
            variables[:] = [variable for _, variable in connected]
            return values, [tf.convert_to_tensor(gradient) for gradient, _ in connected]

        def add_part(first: tf.Tensor, *sums: Any) -> tuple:
            return first + size, *tf.nest.map_structure(tf.add, sums, of_part(first))

        sums = of_part(0)
        if self.accumulation > 1:
            _, *sums = tf.while_loop(
                lambda first, *_: first < texts, add_part, [size, *sums], parallel_iterations=1
            )
        return *sums, variables

    @tf.autograph.experimental.do_not_convert
    def test_step(self, data: Any) -> dict[str, tf.Tensor]:
        inputs, labels, weight = keras.utils.unpack_x_y_sample_weight(data)
        self.compute_loss(inputs, labels, self.factors(inputs), weight)
        return self._logs()

    def _logs(self) -> dict[str, tf.Tensor]:
        return {metric.name: metric.result() for metric in self.metrics}

    def get_config(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "encoder": keras.utils.serialize_keras_object(self.encoder),
            "num_predicates": self.num_predicates,
            "pointer": self.pointer,
            "head_size": self.head_size,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> GPLinker:
        encoder = keras.utils.deserialize_keras_object(config["encoder"], custom_objects)
        return cls(**{**config, "encoder": encoder})


def _on_every_replica(condition: tf.Tensor) -> tf.Tensor:
    """Whether it holds on all replicas, so that they do the same."""
    if tf.distribute.get_strategy().num_replicas_in_sync == 1:
        return condition
    context = tf.distribute.get_replica_context()
    return context.all_reduce(tf.distribute.ReduceOp.SUM, tf.cast(~condition, tf.int32)) == 0
