"""Training options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import cast

from gplinker_tf.counted import counted
from gplinker_tf.data.labels import OCCURRENCES
from gplinker_tf.errors import InputError
from gplinker_tf.precision import PRECISIONS
from gplinker_tf.training.option import AUTO, documented, option, options_of
from gplinker_tf.training.recipes import BLOG, RECIPES, auto_settings

#: Where a run takes place: no option of it, since what it learns is the same.
ON_ONE_MACHINE = ("single", "mirrored")
STRATEGIES = (*ON_ONE_MACHINE, "multiworker")

MODELS = ("gplinker", "casrel", "tplinker", "tplinker-plus")

#: What the options are about, under which the command line lists them.
MODEL, LEARNING, DATA, MACHINE = "The model", "How it learns", "The texts", "The machine"

POSITIVE = {"holds": lambda value: 0 < value < inf, "expected": "a number above 0"}
COUNT = {"kind": int, "holds": lambda value: value >= 1, "expected": "a number from 1 on"}
OF_GPLINKER = {"model": "gplinker"}


@documented
@dataclass(frozen=True)
class TrainingOptions:
    """The settings of a run.

    Where an option is `"auto"`, the recipe chooses its value when the number of texts is known;
    what `recipe="blog"` chooses does not depend on it.

    {args}

    Raises:
        InputError: a value is out of its range.

    Example:

    >>> TrainingOptions(epochs=3, recipe="blog").batch_size
    64
    >>> TrainingOptions(epochs=3).for_data(texts=500).batch_size
    8

    Source: `task_relation_extraction_gplinker.py` of bert4keras, https://kexue.fm/archives/8888.
    """

    model: str = option(
        "gplinker",
        "What to train. casrel tags subjects, then the objects of each; the tplinkers give each "
        "pair of tokens a vector, which takes far more memory.",
        choices=MODELS,
        group=MODEL,
    )
    pointer: str = option(
        "efficient",
        "Form of the pointers; efficient has far fewer parameters.",
        choices=("efficient", "standard"),
        **OF_GPLINKER,
        group=MODEL,
    )
    head_size: int = option(
        64,
        "Size of a pointer's query and key.",
        holds=lambda value: value >= 2 and value % 2 == 0,
        expected="an even number, since rotary positions turn pairs",
        **OF_GPLINKER,
        group=MODEL,
    )
    entities: str = option(
        "separate",
        "Find subjects and objects apart, or mixed, under one label.",
        choices=("separate", "mixed"),
        **OF_GPLINKER,
        group=MODEL,
    )
    with_tail: bool = option(
        True,
        "Score the ends of subject and object too; without nested entities, their starts will do.",
        flag="--tail/--no-tail",
        **OF_GPLINKER,
        group=MODEL,
    )
    loss_form: str = option(
        "sparse",
        "Sparse, from positions; multihot, from all scores: slower; or published, sparse in "
        "bert4keras's arithmetic: slower and not exact.",
        choices=("sparse", "multihot", "published"),
        flag="--loss",
        **OF_GPLINKER,
        group=MODEL,
    )
    encoder_layers: int | None = option(
        None, "Use the first N layers of the encoder only.", **COUNT, group=MODEL
    )
    recipe: str = option(
        AUTO,
        "How options that are auto are chosen: to suit the number of texts and the model, or as in "
        "the original script.",
        choices=RECIPES,
        by_recipe=False,
        group=LEARNING,
    )
    epochs: int | str = option(AUTO, "Passes over the data.", **COUNT, group=LEARNING)
    batch_size: int | str = option(AUTO, "Texts per step.", **COUNT, group=LEARNING)
    learning_rate: float | str = option(
        AUTO, "Learning rate of the encoder.", kind=float, **POSITIVE, group=LEARNING
    )
    heads_rate: float | str = option(
        AUTO,
        "Learning-rate multiplier for the task layers.",
        kind=float,
        **POSITIVE,
        group=LEARNING,
    )
    warm_up: int | str = option(
        AUTO,
        "Steps in which the learning rate rises from 0.",
        kind=int,
        holds=lambda value: value >= 0,
        expected="a number of steps from 0 on",
        group=LEARNING,
    )
    decay: str = option(
        AUTO,
        "Whether the rate then stays or falls to 0 at the last step.",
        choices=("constant", "linear"),
        group=LEARNING,
    )
    clip_norm: float | str | None = option(
        AUTO,
        "Gradient norm clipping; none switches it off.",
        kind=float,
        may_be_none=True,
        **POSITIVE,
        group=LEARNING,
    )
    initial_score: float | str = option(
        AUTO,
        "What every pair scores before the first step: one pair in thousands is positive, and from "
        "a score that says so the task layers learn in far fewer steps. 0 in the original script.",
        kind=float,
        holds=lambda value: -inf < value <= 0,
        expected="a number up to 0",
        group=LEARNING,
    )
    occurrences: str = option(
        AUTO,
        "Which places of a word without offsets are labelled: the first, those of subject and "
        "object that are nearest to each other, or all.",
        choices=OCCURRENCES,
        group=LEARNING,
    )
    averaging: float | str | None = option(
        AUTO,
        "EMA decay: the moving average of the weights is evaluated and kept; none switches it off.",
        kind=float,
        may_be_none=True,
        holds=lambda value: 0 < value < 1,
        expected="a momentum between 0 and 1, or none",
        group=LEARNING,
    )
    averaging_form: str = option(
        AUTO,
        "Whether the EMA decay grows with the step, so that the average never lags far behind, or "
        "is constant, as in bert4keras, where it takes some 5,000 steps to catch up.",
        choices=("growing", "constant"),
        group=LEARNING,
    )
    adversarial: float | None = option(
        None,
        "Learn from each batch with token embeddings moved against it too, by a step of this "
        "length (FGM, usually 0.5 to 1): twice the time.",
        kind=float,
        **POSITIVE,
        group=LEARNING,
    )
    patience: int | str | None = option(
        AUTO,
        "Stop after so many epochs without a better F1; none never stops.",
        may_be_none=True,
        **COUNT,
        group=LEARNING,
    )
    seed: int = option(42, "Seed of weights, dropout and order.", group=LEARNING)
    max_length: int = option(
        128,
        "Tokens of a text that are read, [CLS] and [SEP] included.",
        holds=lambda value: value >= 4,
        expected="at least 4 tokens: [CLS], two, [SEP]",
        group=DATA,
    )
    limit: int | None = option(None, "Train on the first N lines only.", **COUNT, group=DATA)
    dev_limit: int | None = option(
        None, "Evaluate on the first N dev lines only.", **COUNT, group=DATA
    )
    precision: str = option(
        "float32",
        "What layers compute in; weights and loss stay float32. mixed_bfloat16 is faster on newer "
        "CPUs and GPUs, mixed_float16 is for older GPUs.",
        choices=PRECISIONS,
        group=MACHINE,
    )
    jit: bool = option(
        False,
        "Compile the model with XLA: for GPUs. It takes time for each new batch shape.",
        group=MACHINE,
    )
    accumulation: int = option(
        1, "Parts that a batch is computed in: less memory, the same steps.", **COUNT, group=MACHINE
    )
    deterministic: bool = option(
        True, "The same bits each time on one machine; off, GPUs are faster.", group=MACHINE
    )

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
        for name, known in options_of(self).items():
            known.check(name, getattr(self, name))
            self._expect_of_this_model(name, known.model)

    def _expect_of_this_model(self, name: str, model: str | None) -> None:
        """Check that an option of another model was left alone."""
        value = getattr(self, name)
        if model not in (None, self.model) and value != getattr(type(self), name):
            raise InputError(
                f"Expected no {name} with model={self.model!r}, which has none. Received: "
                f"{name}={value!r}. Leave it out, or train model={model!r}."
            )

    def for_data(
        self, texts: int, hidden_size: int = 768, pretrained: bool = True
    ) -> SettledOptions:
        """The same options, with the recipe's choices in place of each `"auto"`.

        Args:
            texts: texts to train on.
            hidden_size: of the encoder.
            pretrained: whether the encoder has learnt before.
        """
        open_ones = [name for name in BLOG if self._is_open(name)]
        given = {name: getattr(self, name) for name in BLOG if name not in open_ones}
        chosen = auto_settings(texts, self.model, given, hidden_size, pretrained)
        return settled(replace(self, **{name: chosen[name] for name in open_ones}))

    def in_words(self) -> str:
        """The settings that a recipe chooses, in a line for a person."""
        own = settled(self)
        task_layers = f" ({own.heads_rate:g} times that for the task layers)"
        parts = [
            counted(own.epochs, "epoch"),
            f"batches of {own.batch_size}",
            f"learning rate {own.learning_rate:g}{task_layers if own.heads_rate != 1 else ''}",
            f"initial score {own.initial_score:g}",
            f"warm-up {own.warm_up} steps" if own.warm_up else "no warm-up",
            f"{own.decay} {'rate' if own.decay == 'constant' else 'decay'}",
            f"gradients clipped at {own.clip_norm:g}" if own.clip_norm else "no clipping",
            f"{own.averaging_form} average" if own.averaging else "no averaging",
            f"{own.occurrences} occurrences labelled",
        ]
        parts += [f"patience {own.patience}"] if own.patience else []
        return f"Settings (recipe {own.recipe}): {', '.join(parts)}"

    def _is_open(self, name: str) -> bool:
        """Whether the recipe is still to choose it."""
        return name in BLOG and getattr(self, name) == AUTO


class SettledOptions(TrainingOptions):
    """`TrainingOptions` to type checkers, of which none is `"auto"`; nothing is made of it."""

    epochs: int
    batch_size: int
    learning_rate: float
    heads_rate: float
    warm_up: int
    clip_norm: float | None
    initial_score: float
    averaging: float | None
    patience: int | None


def settled(options: TrainingOptions) -> SettledOptions:
    """The same options, for those who need their numbers.

    Raises:
        ValueError: one is still `"auto"`.
    """
    open_ones = [name for name in BLOG if getattr(options, name) == AUTO]
    if open_ones:
        raise ValueError(
            f"Expected options that a recipe has chosen. Received: {AUTO!r} for "
            f"{', '.join(open_ones)}. Choose with for_data."
        )
    return cast(SettledOptions, options)


def options_of_model(model: str) -> tuple[str, ...]:
    """The options that only this model has.

    Example:

    >>> options_of_model("casrel"), "pointer" in options_of_model("gplinker")
    ((), True)
    """
    return tuple(n for n, known in options_of(TrainingOptions).items() if known.model == model)
