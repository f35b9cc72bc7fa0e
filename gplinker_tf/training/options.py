"""What a training run can be told."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from gplinker_tf.errors import InputError
from gplinker_tf.precision import PRECISIONS

#: Where a run takes place: no option of it, since what it learns is the same.
ON_ONE_MACHINE = ("single", "mirrored")
STRATEGIES = (*ON_ONE_MACHINE, "multiworker")
#: The models, and the options that are theirs alone.
MODEL_OPTIONS = {
    "gplinker": ("pointer", "head_size", "entities", "with_tail", "loss_form"),
    "casrel": (),
    "tplinker": (),
    "tplinker-plus": (),
}
CHOICES = {
    "model": tuple(MODEL_OPTIONS),
    "pointer": ("efficient", "standard"),
    "entities": ("separate", "mixed"),
    "loss_form": ("sparse", "multihot"),
    "precision": PRECISIONS,
    "decay": ("constant", "linear"),
}
COUNTS = (
    *("epochs", "batch_size", "encoder_layers", "limit", "dev_limit"),
    *("accumulation", "patience"),
)


@dataclass(frozen=True)
class TrainingOptions:
    """The settings of a run; every default is the blog's script's.

    Args:
        model: `"gplinker"`, or one of `"casrel"`, `"tplinker"` and `"tplinker-plus"`, which have no
            pointers.
        pointer: `"efficient"` or `"standard"`.
        epochs: passes over the training file.
        batch_size: texts of a step.
        learning_rate: Adam's step size.
        max_length: tokens of a text, [CLS] and [SEP] included.
        averaging: momentum of the weights' moving average, or `None` for none. It takes some 5,000
            steps to catch up: with little data, train without.
        head_size: size of a pointer's query.
        entities: `"separate"`, or `"mixed"`: subjects and objects under one label.
        with_tail: whether ends of subject and object are scored too, not their starts alone.
        loss_form: `"sparse"`, or `"multihot"`: the loss from all scores, slower.
        encoder_layers: use the first N layers of the encoder only, or `None` for all.
        limit: train on the first N lines only, or `None` for all.
        dev_limit: evaluate on the first N lines only, or `None` for all.
        seed: seed of weights, dropout and order.
        precision: what the layers compute in; weights and losses are float32 in each.
        jit: compile encoder and pointers with XLA, once for each length of a batch.
        warm_up: steps in which the learning rate rises from 0.
        decay: `"constant"`, or `"linear"`: the rate falls to 0 at the last step.
        heads_rate: the learning rate of all but the encoder, as a multiple of the encoder's.
        clip_norm: the largest norm of all gradients together; longer ones are shortened.
        accumulation: parts that a batch is computed in, one after the other: less memory, the
            same steps.
        patience: epochs without a better F1 after which training ends, or `None`.
        deterministic: use operations that give the same bits each time, on the same machine; it
            holds for the whole process.

    Raises:
        InputError: a value is out of its range.

    Example:

    >>> TrainingOptions(epochs=3).batch_size
    64

    Source: `task_relation_extraction_gplinker.py` of bert4keras, https://kexue.fm/archives/8888.
    """

    model: str = "gplinker"
    pointer: str = "efficient"
    epochs: int = 20
    batch_size: int = 64
    learning_rate: float = 1e-5
    max_length: int = 128
    averaging: float | None = 0.999
    head_size: int = 64
    entities: str = "separate"
    with_tail: bool = True
    loss_form: str = "sparse"
    encoder_layers: int | None = None
    limit: int | None = None
    dev_limit: int | None = None
    seed: int = 42
    precision: str = "float32"
    jit: bool = False
    warm_up: int = 0
    decay: str = "constant"
    heads_rate: float = 1.0
    clip_norm: float | None = None
    accumulation: int = 1
    patience: int | None = None
    deterministic: bool = True

    def __repr__(self) -> str:
        """Those that are not the defaults."""
        changed = ", ".join(
            f"{name}={value!r}"
            for name, value in vars(self).items()
            if value != getattr(type(self), name)
        )
        return f"TrainingOptions({changed})"

    def __post_init__(self) -> None:
        for name, values in CHOICES.items():
            self._expect(getattr(self, name) in values, name, f"one of {', '.join(values)}")
        for name in COUNTS:
            value = getattr(self, name)
            self._expect(value is None or value >= 1, name, "a number from 1 on")
        for name in ("learning_rate", "heads_rate", "clip_norm"):
            value = getattr(self, name)
            self._expect(value is None or 0 < value < inf, name, "a number above 0")
        self._expect(self.warm_up >= 0, "warm_up", "a number of steps from 0 on")
        self._expect(self.max_length >= 4, "max_length", "at least 4 tokens: [CLS], two, [SEP]")
        self._expect(
            self.averaging is None or 0 < self.averaging < 1,
            "averaging",
            "a momentum between 0 and 1, or none",
        )
        even = self.head_size >= 2 and self.head_size % 2 == 0
        self._expect(even, "head_size", "an even number, since rotary positions turn pairs")
        for model, names in MODEL_OPTIONS.items():
            for name in names:
                self._expect_default(name, model)

    def _expect_default(self, name: str, model: str) -> None:
        """Holds that an option of another model was left alone."""
        value = getattr(self, name)
        if name not in MODEL_OPTIONS[self.model] and value != getattr(type(self), name):
            raise InputError(
                f"Expected no {name} with model={self.model!r}, which has none. Received: "
                f"{name}={value!r}. Leave it out, or train model={model!r}."
            )

    def _expect(self, holds: bool, name: str, expected: str) -> None:
        if not holds:
            raise InputError(f"Expected {expected}. Received: {name}={getattr(self, name)!r}.")
