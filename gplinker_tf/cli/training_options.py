"""Options of training that more than one command has, and the settings that they make."""

from __future__ import annotations

from dataclasses import fields
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, get_args, get_type_hints

import typer

from gplinker_tf.errors import InputError
from gplinker_tf.quiet import import_tensorflow
from gplinker_tf.training.options import CHOICES, TrainingOptions
from gplinker_tf.training.recipes import AUTO, BLOG

DEFAULT = TrainingOptions()

#: What switches off an option that the recipe would choose.
NONE = "none"

Model, Recipe = (
    Enum(name, {value: value for value in CHOICES[name]}) for name in ("model", "recipe")
)


def _take_config(context: typer.Context, path: Path | None) -> Path | None:
    """Makes what a file says the defaults of the options."""
    if path is not None:
        import_tensorflow()  # it is called before the command itself is
        from gplinker_tf.training.run_config import read_run_config

        try:
            config = read_run_config(path)
        except InputError as error:
            raise typer.BadParameter(str(error)) from None
        # What is None counts as not given.
        context.default_map = {
            name: NONE if value is None and name in BLOG else value
            for name, value in config.items()
        }
    return path


def _chosen(kind: type) -> Any:
    """The type of an option that the recipe chooses where it is not given."""

    def parse(value: str) -> Any:
        if value == AUTO:
            return AUTO
        return None if value == NONE else kind(value)

    parse.__name__ = kind.__name__  # what an error calls it
    return parse


def _chosen_option(kind: type, help: str) -> Any:
    metavar = f"[{AUTO}|{'INTEGER' if kind is int else 'FLOAT'}]"
    return typer.Option(help=help, parser=_chosen(kind), metavar=metavar)


EncoderOption = Annotated[
    Path,
    typer.Option(
        help="Folder of a BERT: Google's (bert_config.json, bert_model.ckpt, vocab.txt) or "
        "Hugging Face's (config.json, model.safetensors, vocab.txt)."
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        is_eager=True,
        callback=_take_config,
        help="A YAML file with options, such as the run.yaml that every run writes; options "
        "given here override it.",
    ),
]
RecipeOption = Annotated[
    Recipe,
    typer.Option(
        help="How options that are auto are chosen: to suit the number of texts, or as in the "
        "original script."
    ),
]
EpochsOption = Annotated[Any, _chosen_option(int, "Passes over the data.")]
BatchSizeOption = Annotated[Any, _chosen_option(int, "Texts per step.")]
LearningRateOption = Annotated[Any, _chosen_option(float, "Learning rate of the encoder.")]
HeadsRateOption = Annotated[
    Any, _chosen_option(float, "Learning-rate multiplier for the task layers.")
]
WarmUpOption = Annotated[Any, _chosen_option(int, "Steps in which the learning rate rises from 0.")]
ClipNormOption = Annotated[
    Any, _chosen_option(float, "Gradient norm clipping; none switches it off.")
]
InitialScoreOption = Annotated[
    Any,
    _chosen_option(
        float, "What every pair scores before the first step; 0 in the original script."
    ),
]
PatienceOption = Annotated[
    Any,
    _chosen_option(int, "Stop after so many epochs without a better F1; none never stops."),
]
AdversarialOption = Annotated[
    float | None,
    typer.Option(
        help="Learn from each batch with token embeddings moved against it too, by a step of this "
        "length (FGM, usually 0.5 to 1): twice the time."
    ),
]
AccumulationOption = Annotated[
    int,
    typer.Option(help="Parts that a batch is computed in: less memory, the same steps."),
]
MaxLengthOption = Annotated[
    int, typer.Option(help="Tokens of a text that are read, [CLS] and [SEP] included.")
]
AveragingOption = Annotated[
    Any,
    _chosen_option(
        float,
        "EMA decay: the moving average of the weights is evaluated and kept; none switches it off.",
    ),
]
EncoderLayersOption = Annotated[
    int | None, typer.Option(help="Use the first N layers of the encoder only.")
]
LimitOption = Annotated[int | None, typer.Option(help="Train on the first N lines only.")]
DevLimitOption = Annotated[
    int | None, typer.Option(help="Evaluate on the first N held-back lines only.")
]


def given_settings(context: typer.Context) -> dict[str, Any]:
    """What the command line and its `--config` say, by the names of `TrainingOptions`.

    A command need not have an option for each: what only the file says is in it too.

    Raises:
        InputError: a value of the file is of another kind.
    """
    values = {**(context.default_map or {}), **context.params}
    kinds = get_type_hints(TrainingOptions)
    names = [field.name for field in fields(TrainingOptions) if field.name in values]
    return {name: _of_kind(name, values[name], kinds[name]) for name in names}


def _of_kind(name: str, value: Any, kind: Any) -> Any:
    """YAML reads 1e-4 as a word, and 1 as no float."""
    kinds = get_args(kind) or (kind,)
    value = value.value if isinstance(value, Enum) else value
    if (value in (None, NONE) and NoneType in kinds) or (value == AUTO and name in BLOG):
        return None if value == NONE else value
    whole = kinds[0] is not int or not isinstance(value, float) or value.is_integer()
    plain = not isinstance(value, list | dict)
    if isinstance(value, bool) == (kinds[0] is bool) and plain and whole:
        try:
            return kinds[0](value)
        except (TypeError, ValueError):
            pass
    raise InputError(f"Expected {kinds[0].__name__}. Received: {name}={value!r}. Correct the file.")
