"""One training step: replicas, accumulation, loss scaling and non-finite values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gplinker_tf.backend import keras, tf
from gplinker_tf.models._adversarial import moved, token_embeddings
from gplinker_tf.models._batch_parts import batch_labels_of, text_weights
from gplinker_tf.models._fit_methods import FittableModel
from gplinker_tf.models._loss_scale import LossScale


class TrainableModel(FittableModel):
    """Abstract: a model with one loss per text, and its training step.

    A subclass has a `target_builder`, names its `loss_parts`, computes `factors` and
    `sample_losses`, and calls `_prepare_steps` once its layers exist.

    Attributes:
        target_builder: builds the labels of a batch (`gplinker_tf.models.TargetBuilder`).
        loss_scale: a `LossScale` if the layers compute in float16, else `None`.
    """

    target_builder: Any
    loss_scale: LossScale | None

    @property
    def loss_parts(self) -> tuple[str, ...]:
        """The names of the terms that add up to the loss."""
        raise NotImplementedError

    def factors(self, inputs: Any, training: bool | None = False) -> Any:
        """Return the input of loss and decoding for a batch."""
        raise NotImplementedError

    def sample_losses(self, labels: Mapping[str, tf.Tensor], factors: Any) -> dict[str, tf.Tensor]:
        """Return the loss of each part and text: float32 tensors `[B]`, by name of `loss_parts`.

        Args:
            labels: the labels of the batch, as built by `target_builder`.
            factors: the factors of the batch.
        """
        raise NotImplementedError

    def can_learn_from(self, teacher: Any) -> bool:
        """Return whether `distillation_losses` supports the scores of a teacher.

        Args:
            teacher: the other model.
        """
        return False

    def distillation_losses(self, taught: Any, factors: Any) -> dict[str, tf.Tensor]:
        """Return losses as in `sample_losses`, with a teacher's scores in place of labels.

        Args:
            taught: the teacher's factors.
            factors: the factors of this model.

        Raises:
            NotImplementedError: the model can't learn from scores, see `can_learn_from`.
        """
        raise NotImplementedError

    def _prepare_steps(self, compute_dtype: str) -> None:
        names = ["loss", *(f"{name}_loss" for name in self.loss_parts)]
        with tf.variable_creator_scope(_of_first_replica):
            self._trackers = _Trackers(
                [keras.metrics.Mean(name=name) for name in names],
                keras.metrics.Sum(name="nonfinite"),
            )
        self.loss_scale = LossScale() if compute_dtype == "float16" else None

    @property
    def metrics(self) -> list[Any]:
        return [*self._trackers.losses, self._trackers.nonfinite]

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> tf.Tensor:
        """Return the batch mean of the sum of all parts, and pass the parts to the trackers.

        `y_pred` is the result of `factors`, not the output of a call. Weights multiply the losses
        of the texts; the mean is over all texts, regardless of their weights. Losses added by
        layers of the encoder, such as regularizers, are included.
        """
        losses = self._label_losses(y, y_pred)
        values = self._loss_values(losses, sample_weight)
        texts = _texts_of(y)
        all_texts = sum_over_replicas(texts)
        self._track(sum_over_replicas(values * (texts / all_texts)), all_texts)
        return values[0]

    def _label_losses(self, labels: Any, factors: Any) -> dict[str, tf.Tensor]:
        return self.sample_losses(batch_labels_of(labels, self.target_builder.arrays), factors)

    def _loss_values(self, losses: dict[str, tf.Tensor], weight: Any) -> tf.Tensor:
        """Return the loss and its parts in one tensor."""
        weights = text_weights(weight, self.loss_parts)
        means = [
            tf.reduce_mean(losses[name] if of_text is None else losses[name] * of_text)
            for name, of_text in weights.items()
        ]
        return tf.stack([tf.add_n([*means, *self.losses]), *means])

    def _track(self, values: tf.Tensor, texts: tf.Tensor | None = None) -> None:
        """Track the values of a batch; without the number of texts, all batches count equally."""
        for tracker, value in zip(self._trackers.losses, tf.unstack(values), strict=True):
            tracker.update_state(value, sample_weight=texts)

    # There is no Python control flow to convert, and searching for it takes seconds.
    @tf.autograph.experimental.do_not_convert
    def train_step(self, data: Any) -> dict[str, tf.Tensor]:
        """Take one step; the weights stay finite even if the loss or a gradient is not.

        In that case the gradients are replaced by zeros and the step is counted as `nonfinite` in
        the logs, so that a callback can stop the run without losing what was learned. In float16,
        gradients that may be infinite only because of the loss scale halve it and are not counted.
        """
        all_texts = sum_over_replicas(_texts_of(data))
        values, gradients, variables = self._gradients(data, all_texts)
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
        self._track(values)  # an empty replica gets a filler text, so the number is unknown
        self._trackers.nonfinite.update_state(tf.cast(counted, tf.float32))
        return self._logs()

    def _gradients(
        self, data: Any, all_texts: tf.Tensor
    ) -> tuple[tf.Tensor, list[tf.Tensor], list[Any]]:
        """Return the loss and its parts, scaled gradients, and the weights that have one.

        With several replicas, each returns its share: losses and gradients add up to those of the
        mean over all texts, however many texts each replica has.
        """
        texts = tf.shape(tf.nest.flatten(data)[0])[0]
        size = -(-texts // self.accumulation)
        variables: list[Any] = []

        def of_part(first: tf.Tensor) -> tuple[tf.Tensor, list[tf.Tensor]]:
            part = tf.nest.map_structure(
                lambda tensor: None if tensor is None else tensor[first : first + size], data
            )
            share = tf.cast(tf.minimum(size, texts - first), tf.float32) / all_texts
            values, gradients = self._values_and_gradients(part, share)
            pairs = zip(gradients, self.trainable_weights, strict=True)
            connected = [(g, variable) for g, variable in pairs if g is not None]
            variables[:] = [variable for _, variable in connected]
            return values, [gradient for gradient, _ in connected]

        def add_part(first: tf.Tensor, *sums: Any) -> tuple:
            return first + size, *tf.nest.map_structure(tf.add, sums, of_part(first))

        sums = of_part(0)
        if self.accumulation > 1:
            _, *sums = tf.while_loop(
                lambda first, *_: first < texts, add_part, [size, *sums], parallel_iterations=1
            )
        return *sums, variables

    def _values_and_gradients(
        self, data: Any, share: tf.Tensor
    ) -> tuple[tf.Tensor, list[tf.Tensor | None]]:
        """Return a share of the loss and its parts, and scaled gradients of the trainable weights.

        With `adversarial`, the gradients are averaged with those for the moved embeddings.
        """
        watched = self.trainable_weights
        if self.adversarial is None:
            return self._one_pass(data, share, watched)
        table = token_embeddings(self.encoder)
        values, (*plain, of_table) = self._one_pass(data, share, [*watched, table])
        with moved(table, of_table, self.adversarial):
            _, against = self._one_pass(data, share, watched)
        both = zip(plain, against, strict=True)
        return values, [None if one is None else (one + other) / 2.0 for one, other in both]

    def _one_pass(
        self, data: Any, share: tf.Tensor, watched: list[Any]
    ) -> tuple[tf.Tensor, list[tf.Tensor | None]]:
        inputs, labels, weight = keras.utils.unpack_x_y_sample_weight(data)
        taught = None if self.teacher_factors is None else self.teacher_factors(inputs)
        with tf.GradientTape() as tape:
            factors = self.factors(inputs, training=True)
            if taught is None:
                losses = self._label_losses(labels, factors)
            else:
                losses = self.distillation_losses(taught, factors)
            values = self._loss_values(losses, weight) * share
            scaled = values[0]
            if self.loss_scale is not None:
                scaled *= self.loss_scale.value
        gradients = tape.gradient(scaled, watched)
        return values, [None if g is None else tf.convert_to_tensor(g) for g in gradients]

    @tf.autograph.experimental.do_not_convert
    def test_step(self, data: Any) -> dict[str, tf.Tensor]:
        inputs, labels, weight = keras.utils.unpack_x_y_sample_weight(data)
        self.compute_loss(inputs, labels, self.factors(inputs), weight)
        return self._logs()

    def _logs(self) -> dict[str, tf.Tensor]:
        return {metric.name: metric.result() for metric in self.metrics}


class _Trackers:
    """The metrics in the logs, wrapped so that Keras does not count their weights as the model's.

    Args:
        losses: the means of the loss and of its parts.
        nonfinite: the number of non-finite steps.
    """

    def __init__(self, losses: list[Any], nonfinite: Any) -> None:
        self.losses = losses
        self.nonfinite = nonfinite


def _texts_of(data: Any) -> tf.Tensor:
    """Return the number of texts as a float32 scalar."""
    return tf.cast(tf.shape(tf.nest.flatten(data)[0])[0], tf.float32)


def sum_over_replicas(tensor: tf.Tensor) -> tf.Tensor:
    """Return the sum of a tensor over all replicas; with one replica, the tensor itself."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return tensor
    return context.all_reduce(tf.distribute.ReduceOp.SUM, tensor)


def _of_first_replica(create: Callable[..., tf.Variable], **kwargs: Any) -> tf.Variable:
    """Create a variable with the same value on all replicas, read without communication."""
    return create(**{**kwargs, "aggregation": tf.VariableAggregation.ONLY_FIRST_REPLICA})
