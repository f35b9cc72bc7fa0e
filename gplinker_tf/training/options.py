"""Training options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from gplinker_tf.counted import counted
from gplinker_tf.data.labels import OCCURRENCES
from gplinker_tf.errors import InputError
from gplinker_tf.precision import PRECISIONS
from gplinker_tf.training.recipes import AUTO, BLOG, RECIPES, auto_settings

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
    "loss_form": ("sparse", "multihot", "published"),
    "precision": PRECISIONS,
    "decay": ("constant", "linear"),
    "averaging_form": ("growing", "constant"),
    "recipe": RECIPES,
    "occurrences": OCCURRENCES,
}
COUNTS = (
    *("epochs", "batch_size", "encoder_layers", "limit", "dev_limit"),
    *("accumulation", "patience"),
)


@dataclass(frozen=True)
class TrainingOptions:
    """The settings of a run.

    Where an option is `"auto"`, the recipe chooses its value when the number of texts is known;
    what `recipe="blog"` chooses does not depend on it.

    Args:
        model: `"gplinker"`, or one of `"casrel"`, `"tplinker"` and `"tplinker-plus"`, which have no
            pointers.
        pointer: `"efficient"` or `"standard"`.
        epochs: passes over the training file.
        batch_size: texts of a step.
        learning_rate: Adam's step size.
        max_length: tokens of a text, [CLS] and [SEP] included.
        averaging: momentum of the weights' moving average, or `None` for none.
        averaging_form: `"growing"`, the momentum grows with the step, so that the average never
            lags far behind; or `"constant"`, as in bert4keras, where it takes some 5,000 steps to
            catch up.
        head_size: size of a pointer's query.
        entities: `"separate"`, or `"mixed"`: subjects and objects under one label.
        with_tail: whether ends of subject and object are scored too, not their starts alone.
        loss_form: `"sparse"`; `"multihot"`, the loss from all scores, slower; or `"published"`, the
            sparse one in bert4keras's arithmetic, slower and not exact.
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
        initial_score: what every pair scores before the first step. One pair in thousands is
            positive: from a score that says so the task layers learn in far fewer steps.
        occurrences: which places of a word without offsets are labelled where it occurs several
            times: `"first"`, `"nearest"` (subject and object where they are closest) or `"all"`.
        adversarial: length of an adversarial step on the token embeddings (FGM), or `None`: each
            batch is learnt from as it is and with embeddings moved so that its loss rises most.
            Twice the time.
        accumulation: parts that a batch is computed in, one after the other: less memory, the
            same steps.
        patience: epochs without a better F1 after which training ends, or `None`.
        deterministic: use operations that give the same bits each time, on the same machine; it
            holds for the whole process.
        recipe: `"auto"`, settings that suit the amount of data, or `"blog"`, the original script's.

    Raises:
        InputError: a value is out of its range.

    Example:

    >>> TrainingOptions(epochs=3, recipe="blog").batch_size
    64
    >>> TrainingOptions(epochs=3).for_data(texts=500).batch_size
    8

    Source: `task_relation_extraction_gplinker.py` of bert4keras, https://kexue.fm/archives/8888.
    """

    model: str = "gplinker"
    pointer: str = "efficient"
    epochs: int | str = AUTO
    batch_size: int | str = AUTO
    learning_rate: float | str = AUTO
    max_length: int = 128
    averaging: float | str | None = AUTO
    averaging_form: str = AUTO
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
    warm_up: int | str = AUTO
    decay: str = AUTO
    heads_rate: float | str = AUTO
    clip_norm: float | str | None = AUTO
    initial_score: float | str = AUTO
    occurrences: str = AUTO
    adversarial: float | None = None
    accumulation: int = 1
    patience: int | str | None = AUTO
    deterministic: bool = True
    recipe: str = AUTO

    def __repr__(self) -> str:
        """Those that are not the defaults."""
        changed = ", ".join(
            f"{name}={value!r}"
            for name, value in vars(self).items()
            if value != getattr(type(self), name)
        )
        return f"TrainingOptions({changed})"

    def __post_init__(self) -> None:
        if self.recipe == "blog":
            for name in filter(self._is_open, BLOG):
                object.__setattr__(self, name, BLOG[name])
        for name, values in CHOICES.items():
            if not self._is_open(name):
                self._expect(getattr(self, name) in values, name, f"one of {', '.join(values)}")
        for name in COUNTS:
            self._expect_number(name, lambda value: value >= 1, "a number from 1 on")
        for name in ("learning_rate", "heads_rate", "clip_norm", "adversarial"):
            self._expect_number(name, lambda value: 0 < value < inf, "a number above 0")
        self._expect_number("initial_score", lambda value: -inf < value <= 0, "a number up to 0")
        self._expect_number("warm_up", lambda value: value >= 0, "a number of steps from 0 on")
        self._expect(self.max_length >= 4, "max_length", "at least 4 tokens: [CLS], two, [SEP]")
        momentum = "a momentum between 0 and 1, or none"
        self._expect_number("averaging", lambda value: 0 < value < 1, momentum)
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

    def for_data(
        self, texts: int, hidden_size: int = 768, pretrained: bool = True
    ) -> TrainingOptions:
        """The same options, with the recipe's choices in place of each `"auto"`.

        Args:
            texts: texts to train on.
            hidden_size: of the encoder.
            pretrained: whether the encoder has learnt before.
        """
        open_ones = [name for name in BLOG if self._is_open(name)]
        given = {name: getattr(self, name) for name in BLOG if name not in open_ones}
        chosen = auto_settings(texts, self.model, given, hidden_size, pretrained)
        return replace(self, **{name: chosen[name] for name in open_ones})

    def in_words(self) -> str:
        """The settings that a recipe chooses, in a line for a person."""
        task_layers = f" ({self.heads_rate:g} times that for the task layers)"
        parts = [
            counted(self.epochs, "epoch"),
            f"batches of {self.batch_size}",
            f"learning rate {self.learning_rate:g}{task_layers if self.heads_rate != 1 else ''}",
            f"initial score {self.initial_score:g}",
            f"warm-up {self.warm_up} steps" if self.warm_up else "no warm-up",
            f"{self.decay} {'rate' if self.decay == 'constant' else 'decay'}",
            f"gradients clipped at {self.clip_norm:g}" if self.clip_norm else "no clipping",
            f"{self.averaging_form} average" if self.averaging else "no averaging",
        ]
        parts += [f"{self.occurrences} occurrences labelled"]
        parts += [f"patience {self.patience}"] if self.patience else []
        return f"Settings (recipe {self.recipe}): {', '.join(parts)}"

    def _is_open(self, name: str) -> bool:
        """Whether the recipe is still to choose it."""
        return name in BLOG and getattr(self, name) == AUTO

    def _expect_number(self, name: str, holds: Callable[[Any], bool], expected: str) -> None:
        value = getattr(self, name)
        if value is not None and not self._is_open(name):
            self._expect(isinstance(value, int | float) and holds(value), name, expected)

    def _expect(self, holds: bool, name: str, expected: str) -> None:
        if not holds:
            raise InputError(f"Expected {expected}. Received: {name}={getattr(self, name)!r}.")
