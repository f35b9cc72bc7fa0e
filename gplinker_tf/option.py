"""An option, said once: its default, values, help and check stand at the field that holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from inspect import cleandoc
from numbers import Integral, Real
from textwrap import indent, wrap
from typing import Any

from gplinker_tf.errors import InputError

#: The value of an option that the recipe chooses.
AUTO = "auto"

#: What is expected of a value of which no more is known.
KINDS = {int: "a whole number", float: "a number", bool: "True or False", str: "text"}


@dataclass(frozen=True)
class Option:
    """What is known of a field beside its name and default.

    Args:
        help: what it does, in sentences.
        default: its value where nobody gives one.
        kind: what its values are: `int`, `float`, `str` or `bool`.
        group: what it is about, with others.
        choices: its values, where only some are possible.
        expected: the values that hold, in words.
        holds: whether a value is one of them.
        may_be_none: whether `None` switches it off.
        by_recipe: whether `"auto"` leaves it to the recipe.
        flag: its name on the command line, where that is another.
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
        """Raises `InputError` unless a value is possible."""
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
        # NumPy's numbers are as good, and True is no number here.
        kinds = {int: Integral, float: Real}
        return isinstance(value, kinds.get(self.kind, self.kind)) and (
            isinstance(value, bool) == (self.kind is bool)
        )


def option(default: Any, help: str, **known: Any) -> Any:
    """A field of a dataclass of options.

    Args:
        default: its value where nobody gives one; `"auto"` leaves it to the recipe.
        help: as in `Option`.
        **known: what else an `Option` has; its kind is the default's unless given.
    """
    known.setdefault("kind", type(default))
    known.setdefault("by_recipe", default == AUTO)
    known.setdefault("may_be_none", default is None)
    return field(default=default, metadata={"option": Option(help, default, **known)})


def options_of(owner: Any) -> dict[str, Option]:
    """The options of a dataclass, by name.

    Args:
        owner: the class, or an object of it.
    """
    return {field.name: field.metadata["option"] for field in fields(owner)}


def changed_options(options: Any) -> Iterator[str]:
    """The options of an object that are not the defaults, as its `__repr__` shows them."""
    default = type(options)()
    for name, value in vars(options).items():
        if value != getattr(default, name):
            yield f"{name}={value!r}"


def documented(owner: type) -> type:
    """Puts the section `Args`, made of its options, where a dataclass's docstring has `{args}`."""
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
    """The name of an option on the command line.

    Example:

    >>> flag_of("batch_size", Option("Texts per step.", 64, int))
    '--batch-size'
    """
    return option.flag or f"--{name.replace('_', '-')}"


def default_in_words(option: Option) -> str:
    """The default as the documentation shows it."""
    default = option.default
    if isinstance(default, bool):
        return "on" if default else "off"
    return "none" if default is None else str(default)
