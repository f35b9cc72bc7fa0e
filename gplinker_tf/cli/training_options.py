"""Options of training that more than one command has, and the settings that they make."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, get_args, get_type_hints

import typer

from gplinker_tf.errors import InputError
from gplinker_tf.quiet import import_tensorflow
from gplinker_tf.training.options import TrainingOptions

DEFAULT = TrainingOptions()


def _take_config(context: typer.Context, path: Path | None) -> Path | None:
    """Makes what a file says the defaults of the options."""
    if path is not None:
        import_tensorflow()  # it is called before the command itself is
        from gplinker_tf.training.run_config import read_run_config

        try:
            config = read_run_config(path)
        except InputError as error:
            raise typer.BadParameter(str(error)) from None
        if "averaging" in config:
            momentum = config.pop("averaging")
            config["averaging"] = momentum is not None
            config["momentum"] = DEFAULT.averaging if momentum is None else momentum
        context.default_map = config
    return path


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
EpochsOption = Annotated[int, typer.Option(help="Passes over the data.")]
BatchSizeOption = Annotated[int, typer.Option(help="Texts a step.")]
LearningRateOption = Annotated[float, typer.Option(help="Adam's step size.")]
AccumulationOption = Annotated[
    int,
    typer.Option(help="Parts that a batch is computed in: less memory, the same steps."),
]
MaxLengthOption = Annotated[
    int, typer.Option(help="Tokens of a text that are read, [CLS] and [SEP] included.")
]
AveragingOption = Annotated[
    bool,
    typer.Option(
        help="Evaluate and keep the moving average of the weights. "
        "It takes some 5,000 steps to catch up: with little data, switch it off."
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
    if "averaging" in values:
        momentum = values.get("momentum", DEFAULT.averaging)
        values["averaging"] = momentum if values["averaging"] else None
    kinds = get_type_hints(TrainingOptions)
    names = [field.name for field in fields(TrainingOptions) if field.name in values]
    return {name: _of_kind(name, values[name], kinds[name]) for name in names}


def _of_kind(name: str, value: Any, kind: Any) -> Any:
    """YAML reads 1e-4 as a word, and 1 as no float."""
    kinds = get_args(kind) or (kind,)
    if value is None and NoneType in kinds:
        return None
    whole = kinds[0] is not int or not isinstance(value, float) or value.is_integer()
    plain = not isinstance(value, list | dict)
    if isinstance(value, bool) == (kinds[0] is bool) and plain and whole:
        try:
            return kinds[0](value)
        except (TypeError, ValueError):
            pass
    raise InputError(f"Expected {kinds[0].__name__}. Received: {name}={value!r}. Mend the file.")
