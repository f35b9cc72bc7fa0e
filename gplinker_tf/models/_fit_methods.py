"""The arguments of `compile`, `fit` and related methods."""

from __future__ import annotations

from collections.abc import Callable
from types import GeneratorType
from typing import Any

from gplinker_tf.backend import KERAS_3, Model, keras, tf
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.models._adversarial import token_embeddings
from gplinker_tf.models._retracing import without_false_alarm

#: Arguments of Keras's `compile` that do not apply to a model with its own loss.
NOT_ITS_OWN = ("loss", "loss_weights", "metrics", "weighted_metrics")


class FittableModel(Model):
    """Abstract: a model with its own loss that also accepts `TrainingBatches`.

    Attributes:
        jit: whether to compile the model with XLA; set by `compile`.
        accumulation: the number of parts in which a batch is computed; set by `compile`.
        adversarial: the length of an adversarial step, or `None`; set by `compile`.
        teacher_factors: a function that returns a teacher's factors, or `None`; set by `compile`.
    """

    def __init__(self, **kwargs: Any) -> None:
        # The loss is float32 in every precision; Keras must not scale it a second time.
        super().__init__(**{**kwargs, "dtype": "float32"})
        self.jit = False
        self.accumulation = 1
        self.adversarial: float | None = None
        self.teacher_factors: Callable[[Any], Any] | None = None

    def compile(
        self,
        optimizer: Any = "adam",
        jit_compile: bool = False,
        accumulation: int = 1,
        adversarial: float | None = None,
        teacher: Any = None,
        **kwargs: Any,
    ) -> None:
        """Configure training as in Keras, except that the model has its own loss and metrics.

        Args:
            optimizer: any Keras optimizer.
            jit_compile: whether to compile the model with XLA; off by default.
            accumulation: the number of parts in which a batch is computed, one after the other:
                less memory, the same step.
            adversarial: train on each batch twice: as it is, and with the token embeddings moved
                by a step of this length along the loss's gradient, the fast gradient method of
                https://arxiv.org/abs/1605.07725. The gradient of the step is the mean of the two.
            teacher: a trained model of the same kind, whose scores replace the labels; it is not
                saved with the model.
            **kwargs: further arguments of Keras's `compile`.

        Raises:
            ValueError: a loss or metrics are given, or a teacher of another kind.
        """
        for name in NOT_ITS_OWN:
            if kwargs.get(name):
                raise ValueError(
                    f"Expected no {name}: the model has its own loss and reports its parts. "
                    f"Received: {name}={kwargs[name]!r}. Leave it out; for F1 use "
                    "gplinker_tf.metrics."
                )
        self.jit = jit_compile is True
        self.accumulation = accumulation
        self.adversarial = adversarial
        if teacher is not None and not self.can_learn_from(teacher):
            raise ValueError(
                "Expected a teacher whose scores the model can learn: of the same kind, parts and "
                f"predicates. Received: teacher={teacher!r}. Use another teacher, or none."
            )
        # The method, not the model: Keras would count the teacher's weights as this model's.
        self.teacher_factors = None if teacher is None else teacher.factors
        if adversarial is not None:
            token_embeddings(self.encoder)  # raises at once if there are none
        if not KERAS_3:
            kwargs["weighted_metrics"] = []  # otherwise `evaluate` warns about weights
        super().compile(optimizer=optimizer, jit_compile=False, **kwargs)

    def get_compile_config(self) -> dict[str, Any]:
        config = super().get_compile_config()
        if config:
            config |= {
                "jit_compile": self.jit,
                "accumulation": self.accumulation,
                "adversarial": self.adversarial,
            }
        return config

    def compile_from_config(self, config: dict[str, Any]) -> None:
        self.compile(**keras.utils.deserialize_keras_object(config))
        if hasattr(self.optimizer, "build"):  # Keras's old optimizers do not
            self.optimizer.build(self.trainable_variables)

    @without_false_alarm
    def fit(self, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Train as in Keras; `x` and `validation_data` may also be `TrainingBatches`.

        These come in the order given by their seed, from `initial_epoch` on, whatever `shuffle` is.

        Raises:
            ValueError: `class_weight` is given, but texts have no class.
        """
        if kwargs.get("class_weight"):
            raise ValueError(
                "Expected no class_weight: a text has many labels, not one class. Received: "
                f"class_weight={kwargs['class_weight']}. Pass sample_weight, one number per text."
            )
        if isinstance(x, TrainingBatches):
            steps = kwargs["steps_per_epoch"] = kwargs.get("steps_per_epoch") or len(x)
            first = kwargs.get("initial_epoch", 0) * steps
            x = x.distributed(self.distribute_strategy, first)
        validation = kwargs.get("validation_data")
        if isinstance(validation, TrainingBatches):
            kwargs["validation_data"] = self._one_epoch(validation)
        if isinstance(x, (GeneratorType, tf.data.Dataset, tf.distribute.DistributedDataset)):
            kwargs["shuffle"] = False  # Keras can't shuffle these, and warns at every call
        return super().fit(x, *args, **kwargs)

    @without_false_alarm
    def evaluate(self, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Evaluate as in Keras; `x` may also be `TrainingBatches`."""
        x = self._one_epoch(x) if isinstance(x, TrainingBatches) else x
        return super().evaluate(x, *args, **kwargs)

    def _one_epoch(self, batches: TrainingBatches) -> Any:
        return batches.distributed(self.distribute_strategy, steps=len(batches))

    predict = without_false_alarm(keras.Model.predict)
    train_on_batch = without_false_alarm(keras.Model.train_on_batch)
    test_on_batch = without_false_alarm(keras.Model.test_on_batch)
    predict_on_batch = without_false_alarm(keras.Model.predict_on_batch)
