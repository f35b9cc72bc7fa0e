"""The error for an unknown training option, with a suggestion of what was meant."""

from __future__ import annotations

from difflib import get_close_matches
from functools import wraps
from typing import Any

from gplinker_tf.models.registry import MODELS, owner_of
from gplinker_tf.option import flag_of, options_of


def explains_unknown(owner: type) -> type:
    """Make a class of options suggest what was meant by an unknown name.

    Args:
        owner: the class, a dataclass of options.

    Returns:
        The class, which takes the same arguments as before.
    """
    create = owner.__init__  # type: ignore[misc]

    @wraps(create)
    def explaining(self: Any, *args: Any, **settings: Any) -> None:
        for name, value in settings.items():
            if name not in options_of(owner):
                raise TypeError(
                    f"Expected an option of {owner.__name__}. Received: {name}={value!r}. "
                    f"{_way_out(owner, name, value)}"
                )
        create(self, *args, **settings)

    owner.__init__ = explaining  # type: ignore[misc]
    return owner


def _way_out(owner: type, name: str, value: Any) -> str:
    meant = _meant(owner, name)
    if meant is None:
        return f"help({owner.__name__}) lists them."
    kind = owner_of(meant)
    if kind is None:
        return f"Write {meant}={value!r}."
    name, module = kind.options.__name__, kind.options.__module__
    home = "gplinker_tf.models" if module.startswith("gplinker_tf.") else module
    return (
        f"It is a model option: write {owner.__name__}(model={name}({meant}={value!r})), with "
        f"{name} from {home}."
    )


def _meant(owner: type, name: str) -> str | None:
    """Return the option of a run or a model with this name, this flag, or a similar one."""
    known = {
        called: option
        for options in (owner, *(kind.options for kind in MODELS.values()))
        for option, details in options_of(options).items()
        for called in (option, _as_name(flag_of(option, details)))
    }
    alike = get_close_matches(name, known, n=1)
    return known[alike[0]] if alike else None


def _as_name(flag: str) -> str:
    return flag.split("/")[0].lstrip("-").replace("-", "_")
