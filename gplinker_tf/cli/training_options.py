"""Training options on the command line, generated from their definitions."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from gplinker_tf._quiet import import_tensorflow
from gplinker_tf.cli.choices import choices
from gplinker_tf.errors import InputError
from gplinker_tf.option import AUTO, Option
from gplinker_tf.training.options import known_options

#: The value that switches off an option that the recipe would set.
NONE = "none"

OPTIONS = known_options()

#: The names of value types in the help.
WORDS = {int: "INTEGER", float: "FLOAT"}


def with_training_options(
    names: Iterable[str] = tuple(OPTIONS),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command parameters for training options, in place of its `**options`.

    Args:
        names: the names of the options.
    """
    parameters = [_parameter(name, OPTIONS[name]) for name in names]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function, eval_str=True)
        own = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
        needed = [p for p in own if p.default is p.empty]
        others = [p for p in own if p.default is not p.empty]
        changed = signature.replace(parameters=[*needed, *parameters, *others])
        function.__dict__["__signature__"] = changed  # no type has an attribute of this name
        function.__annotations__ = {p.name: p.annotation for p in changed.parameters.values()}
        return function

    return decorate


def _parameter(name: str, known: Option) -> inspect.Parameter:
    kind, settings = _kind_of(name, known)
    flags = [known.flag] if known.flag else []
    settings["rich_help_panel"] = known.group
    return inspect.Parameter(
        name,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        default=_default_of(known, kind),
        annotation=Annotated[kind, typer.Option(*flags, help=known.help, **settings)],
    )


def _kind_of(name: str, known: Option) -> tuple[Any, dict[str, Any]]:
    """Return the type of an option's parameter, and further settings for typer."""
    if known.choices:
        values = (AUTO, *known.choices) if known.by_recipe else known.choices
        return choices(name, values), {}
    if known.by_recipe:
        metavar = f"[{AUTO}|{WORDS[known.kind]}]"
        return Any, {"parser": _chosen(known.kind), "metavar": metavar}
    return (known.kind | None if known.may_be_none else known.kind), {}


def _default_of(known: Option, kind: Any) -> Any:
    default = known.default
    return kind[default] if inspect.isclass(kind) and issubclass(kind, Enum) else default


def _chosen(kind: type) -> Any:
    """Return the parser of an option that the recipe chooses if it is not given."""

    def parse(value: str) -> Any:
        if value == AUTO:
            return AUTO
        return None if value == NONE else kind(value)

    parse.__name__ = kind.__name__  # its name in error messages
    return parse


def _config_option(student: bool = False) -> Any:
    def take(context: typer.Context, path: Path | None) -> Path | None:
        """Use the values in a file as the defaults of the options."""
        if path is not None:
            import_tensorflow()  # this runs before the command itself
            from gplinker_tf.runs import read_run_config

            try:
                config = read_run_config(path, OPTIONS, student)
            except InputError as error:
                raise typer.BadParameter(str(error)) from None
            # None would count as not given.
            context.default_map = {
                name: NONE
                if value is None and name in OPTIONS and OPTIONS[name].by_recipe
                else value
                for name, value in config.items()
            }
        return path

    return typer.Option(
        is_eager=True,
        callback=take,
        help="A YAML file with options, such as the run.yaml that every run writes; options on "
        "the command line override it.",
    )


EncoderOption = Annotated[
    str,
    typer.Option(
        metavar="FOLDER|hf://NAME",
        help="Folder of an encoder: Google's (bert_config.json, bert_model.ckpt, vocab.txt) or "
        "Hugging Face's (config.json, model.safetensors, vocab.txt); or its name on the Hugging "
        "Face Hub, hf://OWNER/NAME[@REVISION].",
    ),
]
EncoderFamilyOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Family of the encoder, if its configuration does not name it: bert, roberta, "
        "albert, albert_unshared, nezha, electra, roformer, roformer_v2, gau_alpha.",
    ),
]
ConfigOption = Annotated[Path | None, _config_option()]
#: Like `ConfigOption`, but also accepts the file of a student's run.
StudentConfigOption = Annotated[Path | None, _config_option(student=True)]


def given_settings(context: typer.Context) -> dict[str, Any]:
    """Return the settings on the command line and in its `--config`, by name.

    They include options that are only in the file, for which the command has no parameter.

    Raises:
        InputError: a value in the file has the wrong type.
    """
    values = {**(context.default_map or {}), **context.params}
    return {
        name: _of_kind(name, values[name], known)
        for name, known in OPTIONS.items()
        if name in values
    }


def _of_kind(name: str, value: Any, known: Option) -> Any:
    """Convert a value to its type: YAML reads 1e-4 as a string, and 1 as an int."""
    value = value.value if isinstance(value, Enum) else value
    if value in (None, NONE) and known.may_be_none:
        return None
    if value == AUTO and known.by_recipe:
        return AUTO
    kind = known.kind
    whole = kind is not int or not isinstance(value, float) or value.is_integer()
    plain = not isinstance(value, list | dict)
    if isinstance(value, bool) == (kind is bool) and plain and whole:
        try:
            return kind(value)
        except (TypeError, ValueError):
            pass
    raise InputError(f"Expected {kind.__name__}. Received: {name}={value!r}. Correct the file.")
