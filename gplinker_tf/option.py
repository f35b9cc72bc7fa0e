"""Options defined in one place: the dataclass field has the default, values, help and check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from inspect import cleandoc
from numbers import Integral, Real
from textwrap import indent, wrap
from typing import Any

from gplinker_tf.errors import InputError

#: The value that leaves an option to the recipe.
AUTO = "auto"

#: What error messages say is expected, by type, unless an option says more.
KINDS = {int: "a whole number", float: "a number", bool: "True or False", str: "text"}


@dataclass(frozen=True)
class Option:
    """The description of an option: its help, its default and the values it accepts.

    Args:
        help: what it does, in full sentences.
        default: its default value.
        kind: the type of its values: `int`, `float`, `str` or `bool`.
        group: the group of options that it belongs to.
        choices: the values it accepts, if only some are possible.
        expected: a description of the values it accepts.
        holds: whether a value is one of them.
        may_be_none: whether `None` turns it off.
        by_recipe: whether `"auto"` leaves it to the recipe.
        flag: its name on the command line, if it has a different one there.
    """

    help: str
    default: Any
    kind: type
    group: str = ""
    choices: tuple[str, ...] = ()
    expected: str = ""
    holds: Callable[[Any], bool] = lambda value: True
    may_be_none: bool = False
    by_recipe: bool = False
    flag: str | None = None

    def check(self, name: str, value: Any) -> None:
        """Raise `InputError` unless a value is accepted."""
        if (value is None and self.may_be_none) or (value == AUTO and self.by_recipe):
            return
        if self.choices:
            right, expected = value in self.choices, f"one of {', '.join(self.choices)}"
        else:
            right = self._is_of_kind(value) and self.holds(value)
            expected = self.expected or KINDS[self.kind]
        if not right:
            raise InputError(f"Expected {expected}. Received: {name}={value!r}.")

    def _is_of_kind(self, value: Any) -> bool:
        # NumPy numbers are accepted too, and True does not count as a number.
        kinds = {int: Integral, float: Real}
        return isinstance(value, kinds.get(self.kind, self.kind)) and (
            isinstance(value, bool) == (self.kind is bool)
        )


def option(default: Any, help: str, **known: Any) -> Any:
    """Return a field for a dataclass of options.

    Args:
        default: its default value; `"auto"` leaves it to the recipe.
        help: as in `Option`.
        **known: other arguments of `Option`; `kind` defaults to the type of the default.
    """
    known.setdefault("kind", type(default))
    known.setdefault("by_recipe", default == AUTO)
    known.setdefault("may_be_none", default is None)
    return field(default=default, metadata={"option": Option(help, default, **known)})


def options_of(owner: Any) -> dict[str, Option]:
    """Return the options of a dataclass, by name.

    Args:
        owner: the class, or an instance of it.
    """
    return {field.name: field.metadata["option"] for field in fields(owner)}


def changed_options(options: Any) -> Iterator[str]:
    """Yield the options of an object that differ from the defaults, as `name=value`."""
    default = type(options)()
    for name, value in vars(options).items():
        if value != getattr(default, name):
            yield f"{name}={value!r}"


def documented(owner: type) -> type:
    """Replace `{args}` in a dataclass's docstring with an `Args` section made of its options."""
    lines = [_argument(name, known) for name, known in options_of(owner).items()]
    owner.__doc__ = cleandoc(owner.__doc__ or "").replace("{args}", "\n".join(["Args:", *lines]))
    return owner


def _argument(name: str, known: Option) -> str:
    values = [repr(choice) for choice in known.choices] or [known.kind.__name__]
    values += [repr(AUTO)] if known.by_recipe else []
    values += ["None"] if known.may_be_none else []
    about = f"{' | '.join(values)}; default {known.default!r}".replace("'", '"')
    return indent("\n    ".join(wrap(f"{name}: {known.help} ({about})", 88)), "    ")


def flag_of(name: str, option: Option) -> str:
    """Return the name of an option on the command line.

    Example:

    >>> flag_of("batch_size", Option("Texts per step.", 64, int))
    '--batch-size'
    """
    return option.flag or f"--{name.replace('_', '-')}"


def default_in_words(option: Option) -> str:
    """Return the default as the documentation shows it."""
    default = option.default
    if isinstance(default, bool):
        return "on" if default else "off"
    return "none" if default is None else str(default)
