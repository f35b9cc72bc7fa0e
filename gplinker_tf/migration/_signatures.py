"""Arguments in a script that this package's functions and classes do not take."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras import models
from gplinker_tf.migration._lookup import Made, resolve
from gplinker_tf.migration.note import Note

#: Arguments that layers take besides the ones that they name.
OF_EVERY_LAYER = frozenset(
    ("activity_regularizer", "dtype", "input_length", "input_shape", "name", "trainable", "weights")
)
#: Arguments of Keras 2.3's optimizers.
OF_OLD_OPTIMIZERS = {
    "decay": "pass a schedule of keras.optimizers.schedules as learning_rate",
    "lr": "it is called learning_rate now",
}
SEE_PAGE = "see docs/compatibility.md"


def check_call(node: ast.Call, bound: dict[str, Any]) -> Iterator[Note]:
    """Yield notes on arguments that the called function does not take.

    Args:
        node: the call.
        bound: what the script's names refer to.
    """
    called = getattr(node.func, "attr", getattr(node.func, "id", None))
    function = resolve(node.func, bound)
    if called == "build_transformer_model":
        function = function or models.build_transformer_model
        yield from _other_model(node)
    if _is_optimizer(function):
        yield from _old_arguments(node, function)
    # The signatures of Keras and TensorFlow themselves are not checked.
    known_here = (getattr(function, "__module__", None) or "").startswith("gplinker_tf.")
    if isinstance(function, Made) or not known_here:
        return
    parameters = _parameters(function)
    positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    starred = any(isinstance(argument, ast.Starred) for argument in node.args)
    takes_more = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    given = len(node.args)
    if given > len(positional) and not starred and not takes_more:
        text = f"{called} takes {len(positional)} positional arguments, but {given} are given"
        yield Note(node.lineno, f"{text}: they are {', '.join(positional)}")
    if function is models.build_transformer_model:
        known = _keywords_of_model(node)
    else:
        known = _keywords(function, parameters)
    if known is None:
        return
    for keyword in node.keywords:
        if keyword.arg is not None and keyword.arg not in known:
            text = f"{called} does not take {keyword.arg}: it takes {', '.join(sorted(known))}"
            yield Note(keyword.value.lineno, text)


def _is_optimizer(function: Any) -> bool:
    # By name: Keras has several such classes, and old projects replace one with another.
    return isinstance(function, type) and any(c.__name__ == "Optimizer" for c in function.__mro__)


def _old_arguments(node: ast.Call, optimizer: type) -> Iterator[Note]:
    if optimizer.__module__.startswith("gplinker_tf."):
        return
    for keyword in node.keywords:
        if keyword.arg in OF_OLD_OPTIMIZERS:
            text = f"{optimizer.__name__} does not take {keyword.arg}"
            yield Note(keyword.value.lineno, f"{text}: {OF_OLD_OPTIMIZERS[keyword.arg]}")


def _parameters(function: Any) -> list[inspect.Parameter]:
    """Return the parameters of a function, or of a class's constructor."""
    if not isinstance(function, type):
        return list(inspect.signature(function).parameters.values())
    # Not the class's own signature: Keras 3 has a __new__ that takes anything.
    initializer = inspect.getattr_static(function, "__init__")
    return list(inspect.signature(initializer).parameters.values())[1:]


def _keywords(function: Any, parameters: Any) -> set[str] | None:
    """Return the keywords that a function takes, or `None` if it may take any."""
    known = {p.name for p in parameters if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)}
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        return known
    if isinstance(function, type) and issubclass(function, keras.layers.Layer):
        return known | OF_EVERY_LAYER | _keywords_of_bases(function)
    return None


def _keywords_of_bases(layer: type) -> set[str]:
    """Return the arguments that a layer and its base classes take, up to Keras's `Layer`."""
    names: set[str] = set()
    for base in layer.__mro__:
        if base is keras.layers.Layer:
            break
        if "__init__" in vars(base):
            names |= {*inspect.signature(vars(base)["__init__"]).parameters}
    return names - {"self", "args", "kwargs"}


def _keywords_of_model(node: ast.Call) -> set[str] | None:
    """Return the keywords that `build_transformer_model` takes for the model in a call."""
    own = inspect.signature(models.build_transformer_model).parameters
    named = [keyword.value for keyword in node.keywords if keyword.arg == "model"]
    name = getattr(named[0], "value", None) if named else "bert"
    if not isinstance(name, str) or name.lower() not in models.MODELS:
        return None
    return {*own, *models.known_keywords(models.MODELS[name.lower()])}


def _other_model(node: ast.Call) -> Iterator[Note]:
    """Yield a note on calls like `build_transformer_model(model="t5")`."""
    known = {"model": models.MODELS, "application": models.APPLICATIONS}
    for keyword in node.keywords:
        value = getattr(keyword.value, "value", None)
        if keyword.arg is None or not isinstance(value, str):
            continue
        if value.lower() not in known.get(keyword.arg, [value.lower()]):
            text = f"{keyword.arg}={value!r} is not supported here: {SEE_PAGE}"
            yield Note(keyword.value.lineno, text)
