"""Every public name documents its arguments and result, and has an example."""

import importlib
import inspect
import re
from enum import Enum
from pathlib import Path

import pytest

import gplinker_tf

#: Starts of first lines that describe the value itself.
GIVES = re.compile("(Return|Yield|The|All|Bool|Float|Int|Float32|What|Whether|How|Which) ")

PACKAGE = Path(gplinker_tf.__file__).parent
ROOMS = sorted(stub.parent.name for stub in PACKAGE.glob("*/__init__.pyi"))


def public():
    for room in ROOMS:
        module = importlib.import_module(f"gplinker_tf.{room}")
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isclass(value) or inspect.isfunction(value):
                yield pytest.param(value, id=f"{room}.{name}")


def parameters(value):
    """Return the arguments that a caller passes; enumerations and protocols have none."""
    if getattr(value, "_is_protocol", False):
        return []
    if inspect.isclass(value):
        value = vars(value).get("__init__") or vars(value).get("__new__")
    if value is None or value is Enum.__new__:
        return []
    known = inspect.signature(value).parameters.values()
    named = [p.name for p in known if p.kind is not p.VAR_KEYWORD]
    return [name for name in named if name not in ("self", "cls") and not name.startswith("_")]


def shows_itself(value):
    """Return whether users create objects of the class."""
    abstract = inspect.isabstract(value) or getattr(value, "_is_protocol", False)
    return not (
        abstract or issubclass(value, (Enum, tuple)) or value.__doc__.startswith("Abstract:")
    )


def gives_something(value):
    return inspect.signature(value).return_annotation not in ("None", None)


def lacking_in(value):
    doc = inspect.getdoc(value) or ""
    yield from () if doc else ["a docstring"]
    for name in parameters(value):
        if not re.search(rf"^ +\*{{0,2}}{name}:", doc, re.MULTILINE):
            yield f"{name} under Args:"
    if inspect.isfunction(value) and gives_something(value) and "Returns:" not in doc:
        first = doc.splitlines()[0] if doc else ""
        yield from () if GIVES.match(first) else ["Returns:"]
    if inspect.isfunction(value) or shows_itself(value):
        yield from () if ">>>" in doc or "Example" in doc else ["an example"]


@pytest.mark.parametrize("value", list(public()))
def test_a_public_name_says_what_it_takes_and_gives_and_shows_it(value):
    assert not list(lacking_in(value))
