"""What `compile` is told and what `fit` and its like are given."""

from __future__ import annotations

from collections.abc import Callable
from types import GeneratorType
from typing import Any

from gplinker_tf.backend import KERAS_3, Model, keras, tf
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.models._adversarial import token_embeddings
from gplinker_tf.models._retracing import without_false_alarm

#: Arguments of Keras's `compile` that a model with a loss of its own has no use for.
NOT_ITS_OWN = ("loss", "loss_weights", "metrics", "weighted_metrics")


class FittableModel(Model):
    """Abstract: a model with a loss of its own, which also takes `TrainingBatches`.

    Attributes:
        jit: compile what it computes with XLA; `compile` sets it.
        accumulation: parts that a batch is computed in; `compile` sets it.
        adversarial: length of an adversarial step, or `None`; `compile` sets it.
        teacher_factors: gives what a teacher computes of a batch, or `None`; `compile` sets it.
    """

    def __init__(self, **kwargs: Any) -> None:
        # Its loss is float32 in every precision; Keras must not scale it a second time.
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
        """As in Keras, but for loss and metrics, which the model has already.

        Args:
            optimizer: any of Keras's.
            jit_compile: sets `jit`; it is off unless asked for.
            accumulation: parts that a batch is computed in, one after the other: less memory, the
                same step.
            adversarial: learn from each batch twice: as it is, and with the token embeddings moved
                by a step of this length along the loss's gradient, the fast gradient method of
                https://arxiv.org/abs/1605.07725. The step's gradient is the mean of both.
            teacher: a trained model of the same kind, whose scores are learned in place of the
                labels; a saved model does not keep it.
            **kwargs: what every Keras model takes.

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
                "Expected a teacher of the same kind, parts and predicates that scores can be "
                f"learned from. Received: teacher={teacher!r}. Compile with another, or without."
            )
        # The method, not the model: Keras would count the teacher's weights as this model's.
        self.teacher_factors = None if teacher is None else teacher.factors
        if adversarial is not None:
            token_embeddings(self.encoder)  # says so at once where there are none
        if not KERAS_3:
            kwargs["weighted_metrics"] = []  # without it `evaluate` warns of weights
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
        if hasattr(self.optimizer, "build"):  # Keras's old optimizers have none
            self.optimizer.build(self.trainable_variables)

    @without_false_alarm
    def fit(self, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        """As in Keras; `x` and `validation_data` may be `TrainingBatches` too.

        Those come in the order of their seed, from `initial_epoch` on, whatever `shuffle` says.

        Raises:
            ValueError: `class_weight` is given: a text has no class.
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
            kwargs["shuffle"] = False  # Keras can't, and says so at every call
        return super().fit(x, *args, **kwargs)

    @without_false_alarm
    def evaluate(self, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        """As in Keras; `x` may be `TrainingBatches` too."""
        x = self._one_epoch(x) if isinstance(x, TrainingBatches) else x
        return super().evaluate(x, *args, **kwargs)

    def _one_epoch(self, batches: TrainingBatches) -> Any:
        return batches.distributed(self.distribute_strategy, steps=len(batches))

    predict = without_false_alarm(keras.Model.predict)
    train_on_batch = without_false_alarm(keras.Model.train_on_batch)
    test_on_batch = without_false_alarm(keras.Model.test_on_batch)
    predict_on_batch = without_false_alarm(keras.Model.predict_on_batch)
