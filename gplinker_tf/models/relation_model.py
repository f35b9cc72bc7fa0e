"""What every model here shares: its loss as a mean of texts, its training step, its parts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

from gplinker_tf.backend import keras, tf
from gplinker_tf.decoding import TokenTriples
from gplinker_tf.models.loss_scale import LossScale


class RelationModel(keras.Model):
    """Abstract: an encoder, layers on it that score triples, and how they are trained.

    A subclass makes its `label_maker` and the layers that `parts` names, and ends with `_finish`.
    It computes `_factors`, `sample_losses` and `decode`.

    Args:
        encoder: a Keras model from `[token_ids, segment_ids]`, each int `[B, L]`, to `[B, L, D]`.
        num_predicates: `P`, the number of predicates.
        **kwargs: what every Keras model takes.

    Attributes:
        kind: its name in options and configurations.
        settings: the arguments beside encoder and predicates, which are attributes too.
        parts: the attributes that hold its layers, by which their weights are saved.
        loss_parts: the names of what its loss is the sum of.
        label_maker: makes the labels of a batch (`gplinker_tf.data`).
        loss_scale: a `LossScale` where the layers compute in float16, else `None`.
        jit: compile `factors` with XLA, once for each shape of a batch; `compile` sets it. Loss
            and decoding have shapes that depend on the data and stay outside.

    Raises:
        ValueError: `num_predicates` is below 1.
    """

    kind: ClassVar[str]
    settings: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[str, ...]]
    loss_parts: ClassVar[tuple[str, ...]]
    label_maker: Any

    def __init__(self, encoder: keras.Model, num_predicates: int, **kwargs: Any) -> None:
        # Its loss is float32 in every precision; Keras must not scale it a second time.
        super().__init__(**{**kwargs, "dtype": "float32"})
        if num_predicates < 1:
            raise ValueError(
                f"Expected at least one predicate. Received: num_predicates={num_predicates}. "
                "Read the schema that belongs to the data."
            )
        self.encoder = encoder
        self.num_predicates = num_predicates
        self.jit = False
        self.accumulation = 1

    def _finish(self, shapes: dict[str, Any]) -> None:
        """Builds each part from the shape of its input, when all are made."""
        for name in self.parts:
            getattr(self, name).build(shapes[name])
        names = ["loss", *(f"{name}_loss" for name in self.loss_parts)]
        with tf.variable_creator_scope(_of_first_replica):
            self._trackers = [keras.metrics.Mean(name=name) for name in names]
            self._nonfinite = keras.metrics.Sum(name="nonfinite")
        half = getattr(self, self.parts[0]).compute_dtype == "float16"
        self.loss_scale = LossScale() if half else None
        self.built = True

    def build(self, input_shape: Any = None) -> None:
        self.built = True  # every part was built in __init__, from the encoder's output shape

    def set_initial_score(self, score: float) -> None:
        """Set biases of a new model so that each of a triple's scores begins near `score`.

        Args:
            score: what a pair that is rarely positive scores; see `PointerLayer`.
        """
        raise NotImplementedError

    def factors(self, inputs: Any, training: bool | None = False) -> Any:
        """What loss and decoding need of a batch: less than all its scores.

        Args:
            inputs: `[token_ids, segment_ids]`, int `[B, L]`, 0 pads.
            training: as for a call of the model.
        """
        factors = self._compiled_factors if self.jit else self._factors
        return factors(inputs, training)

    def _factors(self, inputs: Any, training: bool | None) -> Any:
        raise NotImplementedError

    @cached_property
    def _compiled_factors(self) -> Any:
        return tf.function(self._factors, jit_compile=True, autograph=False)

    def sample_losses(self, labels: dict[str, tf.Tensor], factors: Any) -> dict[str, tf.Tensor]:
        """The loss of each part and each text: float32 tensors `[B]` by the names of `loss_parts`.

        Args:
            labels: of the batch, as `label_maker` makes them.
            factors: of the batch.
        """
        raise NotImplementedError

    def decode(
        self, inputs: Any, threshold: tf.Tensor | float, max_pairs: tf.Tensor | int
    ) -> tuple[TokenTriples, tf.Tensor]:
        """The triples of a batch, and bool `[B]`: whether all that a text's scores are made of
        is finite.

        Args:
            inputs: as for `factors`.
            threshold: what each of a triple's four scores must exceed.
            max_pairs: subject-object pairs of a text that are looked at, best first.
        """
        raise NotImplementedError

    def values_a_text(self, length: int) -> int:
        """Numbers that its own layers hold in a step for a text; 0: few beside the encoder's.

        Args:
            length: tokens of the text.
        """
        return 0

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> tf.Tensor:
        """The mean over the batch of the parts' sum, and the parts to the trackers.

        `y_pred` is what `factors` gives, not the output of a call. What layers of the encoder
        add to the loss, regularisers for instance, is added here too.
        """
        values = self._loss_values(y, y_pred, sample_weight)
        texts = tf.cast(tf.shape(tf.nest.flatten(y)[0])[0], tf.float32)
        self._track(sum_over_replicas(values * (texts / sum_over_replicas(texts))))
        return values[0]

    def _loss_values(
        self, labels: dict[str, tf.Tensor], factors: Any, weight: tf.Tensor | None
    ) -> tf.Tensor:
        """The loss and its parts, in one tensor."""
        losses = self.sample_losses(labels, factors)
        if weight is not None:
            weight = tf.cast(weight, tf.float32)
            losses = {name: loss * weight for name, loss in losses.items()}
        means = [tf.reduce_mean(losses[name]) for name in self.loss_parts]
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
        broken = tf.cast(~tf.math.is_finite(tf.linalg.global_norm(gradients)), tf.float32)
        sums = sum_over_replicas(tf.concat([values, [broken]], axis=0))
        values, broken = sums[:-1], sums[-1]
        loss = values[0]
        finite = tf.math.is_finite(loss) & (broken == 0.0)
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
        """The loss and its parts, scaled gradients, and the weights that have one.

        On several replicas it is this one's share: losses and gradients add up to those of the
        mean over all texts, however many of them each replica has.
        """
        texts = tf.shape(tf.nest.flatten(data)[0])[0]
        all_texts = sum_over_replicas(tf.cast(texts, tf.float32))
        size = -(-texts // self.accumulation)
        variables: list[Any] = []

        def of_part(first: tf.Tensor) -> tuple[tf.Tensor, list[tf.Tensor]]:
            part = tf.nest.map_structure(lambda tensor: tensor[first : first + size], data)
            inputs, labels, weight = keras.utils.unpack_x_y_sample_weight(part)
            share = tf.cast(tf.minimum(size, texts - first), tf.float32) / all_texts
            with tf.GradientTape() as tape:
                values = self._loss_values(labels, self.factors(inputs, training=True), weight)
                values *= share
                scaled = values[0]
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

    def _maybe_symbolic_build(self, iterator: Any = None, data_batch: Any = None) -> None:
        # To see a batch's shapes Keras 3 takes the mean of all replicas' batches, which differ in
        # size; nothing here waits for shapes but an optimizer for its variables.
        if self.optimizer is not None and not self.optimizer.built:
            with self.distribute_strategy.scope():
                self.optimizer.build(self.trainable_variables)

    def _logs(self) -> dict[str, tf.Tensor]:
        return {metric.name: metric.result() for metric in self.metrics}

    def get_config(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "encoder": keras.utils.serialize_keras_object(self.encoder),
            "num_predicates": self.num_predicates,
            **{name: getattr(self, name) for name in self.settings},
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> RelationModel:
        encoder = keras.utils.deserialize_keras_object(config["encoder"], custom_objects)
        return cls(**{**config, "encoder": encoder})


def sum_over_replicas(tensor: tf.Tensor) -> tf.Tensor:
    """The sum of the replicas' tensors, the same on all; where there is one replica, its own."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return tensor
    return context.all_reduce(tf.distribute.ReduceOp.SUM, tensor)


def _of_first_replica(create: Callable[..., tf.Variable], **kwargs: Any) -> tf.Variable:
    """A variable that holds the same on all replicas, so that none must ask the others."""
    return create(**{**kwargs, "aggregation": tf.VariableAggregation.ONLY_FIRST_REPLICA})


def finite_texts(tensor: tf.Tensor) -> tf.Tensor:
    """Bool `[B]`: whether all of a text's values in `[B, ...]` are finite."""
    values = tf.reshape(tensor, [tf.shape(tensor)[0], -1])
    return tf.reduce_all(tf.math.is_finite(values), axis=1)
