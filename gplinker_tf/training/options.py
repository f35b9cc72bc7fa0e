"""Training options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from math import inf
from typing import Any, cast

from gplinker_tf._counted import counted
from gplinker_tf.alignment import LONG_TEXTS, OCCURRENCES
from gplinker_tf.errors import InputError
from gplinker_tf.models.options import ModelOptions
from gplinker_tf.models.registry import MODELS, model_kind, owner_of, settings_of
from gplinker_tf.option import AUTO, Option, changed_options, documented, option, options_of
from gplinker_tf.precision import PRECISIONS
from gplinker_tf.training._unknown_options import explains_unknown
from gplinker_tf.training.recipes import BLOG, RECIPES, auto_settings

#: Where a run is trained; not an option, since it does not change what is learned.
ON_ONE_MACHINE = ("single", "mirrored")
STRATEGIES = (*ON_ONE_MACHINE, "multiworker")

#: The groups under which the command line lists the options.
MODEL, LEARNING, DATA, MACHINE = "Model", "Training", "Data", "Hardware"

#: Texts on which a run chooses its threshold.
TUNED_ON = ("dev", "none")

POSITIVE = {"holds": lambda value: 0 < value < inf, "expected": "a positive number"}
COUNT = {"kind": int, "holds": lambda value: value >= 1, "expected": "a number of at least 1"}


@explains_unknown
@documented
@dataclass(frozen=True)
class TrainingOptions:
    """Training options.

    If an option is `"auto"`, the recipe chooses its value once the number of texts is known;
    what `recipe="blog"` chooses does not depend on it.

    {args}

    Raises:
        InputError: a value is out of range.
        TypeError: there is no such option; those of a model belong to the model:
            `TrainingOptions(model=GPLinkerOptions(loss_form="multihot"))`.

    Example:

    >>> TrainingOptions(epochs=3, recipe="blog").batch_size
    64
    >>> TrainingOptions(epochs=3).for_data(texts=500).batch_size
    8

    Source: `task_relation_extraction_gplinker.py` of bert4keras, https://kexue.fm/archives/8888.
    """

    model: str | ModelOptions = option(
        "gplinker",
        "Model to train. casrel tags subjects, then the objects of each subject; tplinker and "
        "tplinker-plus build a vector for each pair of tokens, which takes far more memory.",
        kind=str,
        group=MODEL,
    )
    encoder_layers: int | None = option(
        None, "Use only the first N layers of the encoder.", **COUNT, group=MODEL
    )
    recipe: str = option(
        AUTO,
        "How options set to auto are chosen: to suit the number of texts and the model, or as "
        "in the original script.",
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
        "Steps over which the learning rate rises from 0.",
        kind=int,
        holds=lambda value: value >= 0,
        expected="a number of steps, at least 0",
        group=LEARNING,
    )
    decay: str = option(
        AUTO,
        "Whether the learning rate then stays constant or falls linearly to 0 at the last step.",
        choices=("constant", "linear"),
        group=LEARNING,
    )
    clip_norm: float | str | None = option(
        AUTO,
        "Gradient norm clipping; none turns it off.",
        kind=float,
        may_be_none=True,
        **POSITIVE,
        group=LEARNING,
    )
    initial_score: float | str = option(
        AUTO,
        "Score of every pair before the first step. One pair in thousands is positive; with an "
        "initial score that reflects this, the task layers learn in far fewer steps. 0 in the "
        "original script.",
        kind=float,
        holds=lambda value: -inf < value <= 0,
        expected="a number no greater than 0",
        group=LEARNING,
    )
    occurrences: str = option(
        AUTO,
        "Which occurrences of a word without offsets are labeled: the first, those of subject "
        "and object that are nearest to each other, or all.",
        choices=OCCURRENCES,
        group=LEARNING,
    )
    averaging: float | str | None = option(
        AUTO,
        "EMA decay: the moving average of the weights is evaluated and kept; none turns it off.",
        kind=float,
        may_be_none=True,
        holds=lambda value: 0 < value < 1,
        expected="a decay between 0 and 1, or none",
        group=LEARNING,
    )
    averaging_form: str = option(
        AUTO,
        "Whether the EMA decay grows with the step, so that the average never lags far behind, "
        "or is constant, as in bert4keras, where the average takes about 5,000 steps to catch "
        "up.",
        choices=("growing", "constant"),
        group=LEARNING,
    )
    adversarial: float | None = option(
        None,
        "Adversarial training (FGM): also train on each batch with token embeddings perturbed "
        "by a step of this length, usually 0.5 to 1. Doubles the training time.",
        kind=float,
        **POSITIVE,
        group=LEARNING,
    )
    patience: int | str | None = option(
        AUTO,
        "Stop after this many epochs without a better F1; none never stops early.",
        may_be_none=True,
        **COUNT,
        group=LEARNING,
    )
    tune: str = option(
        AUTO,
        "Texts on which the extraction threshold is chosen when training ends: the dev texts, or "
        "none, which leaves it at 0.",
        choices=TUNED_ON,
        group=LEARNING,
    )
    seed: int = option(42, "Random seed for weights, dropout and data order.", group=LEARNING)
    max_length: int = option(
        128,
        "Maximum number of tokens read at once, including [CLS] and [SEP].",
        holds=lambda value: value >= 4,
        expected="at least 4 tokens: [CLS], two of text, [SEP]",
        group=DATA,
    )
    long: str = option(
        AUTO,
        "How longer texts are read: sentence by sentence; in overlapping windows of several "
        "sentences, for relations that cross them; or only up to that many tokens, as in the "
        "original script.",
        choices=LONG_TEXTS,
        group=DATA,
    )
    limit: int | None = option(None, "Train on only the first N lines.", **COUNT, group=DATA)
    dev_limit: int | None = option(
        None, "Evaluate on only the first N dev lines.", **COUNT, group=DATA
    )
    precision: str = option(
        "float32",
        "Data type of layer computations; weights and loss stay float32. mixed_bfloat16 "
        "saves memory, and time on some CPUs and GPUs; mixed_float16 is for older GPUs.",
        choices=PRECISIONS,
        group=MACHINE,
    )
    jit: bool = option(
        False,
        "Compile the model with XLA; for GPUs. Each new batch shape takes time to compile.",
        group=MACHINE,
    )
    accumulation: int = option(
        1,
        "Number of parts that each batch is split into: less memory, the same steps.",
        **COUNT,
        group=MACHINE,
    )
    deterministic: bool = option(
        True,
        "Bit-identical results on the same machine; GPUs are faster with it off.",
        group=MACHINE,
    )

    def __repr__(self) -> str:
        """Show the options that differ from the defaults."""
        return f"TrainingOptions({', '.join(changed_options(self))})"

    def __post_init__(self) -> None:
        if isinstance(self.model, str):
            object.__setattr__(self, "model", model_kind(self.model).options())
        if self.recipe == "blog":
            for name in filter(self._is_open, BLOG):
                object.__setattr__(self, name, BLOG[name])
        for name, known in options_of(self).items():
            if name != "model":
                known.check(name, getattr(self, name))

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> TrainingOptions:
        """Return the options for settings by name, including those of the model.

        Args:
            settings: the settings, as a command line, a YAML file or `flat` has them.

        Raises:
            InputError: a value is out of range, or an option belongs to another model.

        Example:

        >>> TrainingOptions.of({"pointer": "standard", "epochs": 3}).model.pointer
        'standard'
        """
        kind = model_kind(settings.get("model", cls.model))
        own = options_of(kind.options)
        of_all = {field.name for field in fields(cls)} - {"model"}
        for name in settings.keys() - own.keys() - of_all - {"model"}:
            _expect_default(name, settings[name], kind.name)
        model = kind.options(**{name: settings[name] for name in own if name in settings})
        return cls(model=model, **{name: settings[name] for name in of_all if name in settings})

    def flat(self) -> dict[str, Any]:
        """Return all settings by name, including those of the model, as `of` takes them.

        Example:

        >>> list(TrainingOptions("casrel").flat())[:3]
        ['model', 'encoder_layers', 'recipe']
        """
        model = cast(ModelOptions, self.model)
        others = {name: value for name, value in vars(self).items() if name != "model"}
        return {"model": model.kind, **settings_of(model), **others}

    def for_data(
        self, texts: int, hidden_size: int = 768, pretrained: bool = True
    ) -> SettledOptions:
        """Return the same options, with the recipe's choice for each `"auto"`.

        Args:
            texts: the number of training texts, or of windows if texts are long.
            hidden_size: the hidden size of the encoder.
            pretrained: whether the encoder is pretrained.
        """
        open_ones = [name for name in BLOG if self._is_open(name)]
        given = {name: getattr(self, name) for name in BLOG if name not in open_ones}
        kind = cast(ModelOptions, self.model).kind
        chosen = auto_settings(texts, kind, given, hidden_size, pretrained)
        return settled(replace(self, **{name: chosen[name] for name in open_ones}))

    def in_words(self) -> str:
        """Describe the settings that a recipe chooses, in one line."""
        own = settled(self)
        task_layers = f" ({own.heads_rate:g} times that for the task layers)"
        parts = [
            counted(own.epochs, "epoch"),
            f"batches of {own.batch_size}",
            f"learning rate {own.learning_rate:g}{task_layers if own.heads_rate != 1 else ''}",
            *([f"initial score {own.initial_score:g}"] if own.initial_score else []),
            f"warm-up {own.warm_up} steps" if own.warm_up else "no warm-up",
            f"{own.decay} {'rate' if own.decay == 'constant' else 'decay'}",
            f"gradients clipped at {own.clip_norm:g}" if own.clip_norm else "no clipping",
            f"{own.averaging_form} average" if own.averaging else "no averaging",
            f"{own.occurrences} occurrences labeled",
            {
                "sentences": "long texts read by sentences",
                "windows": "long texts read in windows",
                "truncate": "long texts truncated",
            }[own.long],
        ]
        parts += [f"patience {own.patience}"] if own.patience else []
        parts += ["threshold tuned on the dev texts"] if own.tune == "dev" else []
        return f"Settings (recipe {own.recipe}): {', '.join(parts)}"

    def _is_open(self, name: str) -> bool:
        """Return whether the recipe has yet to choose an option."""
        return name in BLOG and getattr(self, name) == AUTO


#: Values of the options that runs from older versions do not record.
BEFORE = TrainingOptions(recipe="blog").flat()


class SettledOptions(TrainingOptions):
    """`TrainingOptions` without `"auto"`, for type checkers only; it is never instantiated."""

    model: ModelOptions
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
    """Return the same options, after checking that none is `"auto"`.

    Raises:
        ValueError: an option is still `"auto"`.
    """
    open_ones = [name for name in BLOG if getattr(options, name) == AUTO]
    if open_ones:
        raise ValueError(
            f"Expected options chosen by a recipe. Received: {AUTO!r} for "
            f"{', '.join(open_ones)}. Call for_data first."
        )
    return cast(SettledOptions, options)


def known_options() -> dict[str, Option]:
    """Return the options of a run and of all models, by name, in the order of the help.

    Example:

    >>> list(known_options())[:3], known_options()["pointer"].group
    (['model', 'pointer', 'head_size'], 'Model')
    """
    of_run = options_of(TrainingOptions)
    of_models = {
        name: replace(known, group=MODEL)
        for kind in MODELS.values()
        for name, known in options_of(kind.options).items()
    }
    model = replace(of_run.pop("model"), choices=tuple(MODELS))
    return {"model": model, **of_models, **of_run}


def _expect_default(name: str, value: Any, model: str) -> None:
    """Check that an option of another model was left alone."""
    owner = owner_of(name)
    if owner is None:
        raise InputError(f"Expected a training option. Received: {name}={value!r}.")
    if value != options_of(owner.options)[name].default:
        raise InputError(
            f"Expected no {name}: model={model!r} has no such option. Received: "
            f"{name}={value!r}. Leave it out, or train model={owner.name!r}."
        )
