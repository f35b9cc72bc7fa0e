"""What in a script can't work: names that are not here, arguments not taken, and dead idioms."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

from gplinker_tf.backend import keras
from gplinker_tf.bert4keras import models

TRAIN_STEP = "write a train_step in a subclass of keras.models.Model, with tf.GradientTape"
NO_PLACEHOLDERS = f"models no longer have placeholders: {TRAIN_STEP}"

#: Parts of Keras's models and layers that went with its graphs, and what to do instead.
DEAD = {
    "_collected_trainable_weights": "models no longer have it: read model.trainable_weights",
    "_feed_inputs": NO_PLACEHOLDERS,
    "_feed_sample_weights": NO_PLACEHOLDERS,
    "_feed_targets": NO_PLACEHOLDERS,
    "_initial_weights": "layers no longer have it: build the layer, then call set_weights",
    "_make_predict_function": "models do this themselves: remove the call",
    "_make_test_function": "models do this themselves: remove the call",
    "_make_train_function": f"models no longer make such a function: {TRAIN_STEP}",
    "total_loss": f"models no longer have a symbolic loss: {TRAIN_STEP}",
}
#: Functions of the Keras backend that need a graph, or that one generation has and the other not.
DEAD_IN_BACKEND = {
    "function": f"functions of placeholders no longer exist: call the model, or {TRAIN_STEP}",
    "gradients": "gradients of symbolic tensors no longer exist: use tf.GradientTape",
    "in_test_phase": "use the training argument of the layer's call",
    "in_train_phase": "use the training argument of the layer's call",
    "learning_phase": "use the training argument of the layer's call",
    "placeholder": "placeholders no longer exist: use keras.layers.Input",
    "set_learning_phase": "call the model with training=True or training=False",
}
DEAD_IN_TENSORFLOW = {
    "disable_eager_execution": "nothing here runs without eager execution: remove the line",
    "disable_v2_behavior": "nothing here runs without eager execution: remove the line",
    "gradients": DEAD_IN_BACKEND["gradients"],
}
#: What layers take beside the arguments that they name.
OF_EVERY_LAYER = frozenset(
    ("activity_regularizer", "dtype", "input_length", "input_shape", "name", "trainable", "weights")
)


class LabelNote(NamedTuple):
    """Something in a script that stays as it was and will not work.

    Args:
        line: its line in the old script, from 1.
        text: what it is, and the way out.
    """

    line: int
    text: str


def check_script(tree: ast.AST, bound: dict[str, Any]) -> Iterator[LabelNote]:
    """LabelNotes on a script, its imports left out.

    Args:
        tree: of the script.
        bound: what the imports bind names to: modules, classes and functions.
    """
    set_here = {node.attr for node in ast.walk(tree) if _is_set(node) and hasattr(node, "attr")}
    bound = {name: value for name, value in bound.items() if name not in set(_bound_again(tree))}
    bound |= _made_objects(tree, bound)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr not in set_here:
            yield from _attribute(node, bound)
        elif isinstance(node, ast.Call):
            yield from _call(node, bound)


def member(module: ModuleType, name: str) -> tuple[Any, str | None]:
    """What a module has under a name, or why not."""
    try:
        return getattr(module, name), None
    except (AttributeError, ImportError) as error:
        submodule = find_module(f"{module.__name__}.{name}")
        return submodule, None if submodule else str(error)


def find_module(name: str) -> ModuleType | None:
    """The module of that name, or `None` where there is none."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


class _Made(NamedTuple):
    """An object that a script makes from a class."""

    maker: type


def _is_set(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _bound_again(tree: ast.AST) -> Iterator[str]:
    """Names that something in the script binds besides its imports."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and _is_set(node):
            yield node.id


def _made_objects(tree: ast.AST, bound: dict[str, Any]) -> dict[str, _Made]:
    """The names that stand for one object all through a script: `tokenizer = Tokenizer(path)`."""
    counts: dict[str, int] = {}
    for name in _bound_again(tree):
        counts[name] = counts.get(name, 0) + 1
    made = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        maker = _resolve(node.value.func, bound)
        [target, *others] = node.targets
        if others or not isinstance(target, ast.Name) or counts[target.id] > 1:
            continue
        if isinstance(maker, type):
            made[target.id] = _Made(maker)
    return made


def _resolve(node: ast.AST, bound: dict[str, Any]) -> Any:
    """What an expression like `keras.layers.Dense` stands for, or `None`."""
    if isinstance(node, ast.Name):
        return bound.get(node.id)
    if not isinstance(node, ast.Attribute):
        return None
    owner = _resolve(node.value, bound)
    if isinstance(owner, ModuleType):
        return member(owner, node.attr)[0]
    if isinstance(owner, _Made):
        # As of an object: without its first argument.
        function = inspect.getattr_static(owner.maker, node.attr, None)
        return function.__get__(owner, owner.maker) if inspect.isfunction(function) else None
    return None


def _attribute(node: ast.Attribute, bound: dict[str, Any]) -> Iterator[LabelNote]:
    owner = _resolve(node.value, bound)
    place = owner.__name__ if isinstance(owner, ModuleType) else ""
    complaint = DEAD.get(node.attr)
    if place.endswith("keras.backend"):
        complaint = complaint or DEAD_IN_BACKEND.get(node.attr)
    elif place.startswith("tensorflow"):
        complaint = complaint or DEAD_IN_TENSORFLOW.get(node.attr)
        if place.endswith("compat.v1.train") and node.attr.endswith("Optimizer"):
            complaint = (
                "Keras does not accept a TensorFlow 1 optimizer: use Adam from "
                "bert4keras.optimizers"
            )
    if complaint:
        yield LabelNote(node.lineno, f"{node.attr}: {complaint}")
    elif place:
        _, complaint = member(owner, node.attr)
        if complaint:
            yield LabelNote(node.lineno, complaint)


def _call(node: ast.Call, bound: dict[str, Any]) -> Iterator[LabelNote]:
    """LabelNotes on arguments that what is called does not take."""
    called = getattr(node.func, "attr", getattr(node.func, "id", None))
    function = _resolve(node.func, bound)
    if called == "build_transformer_model":
        function = function or models.build_transformer_model
        yield from _other_model(node)
    # The signatures of Keras's and TensorFlow's own are not this package's to know.
    if not getattr(function, "__module__", "").startswith("gplinker_tf."):
        return
    parameters = _parameters(function)
    positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    starred = any(isinstance(argument, ast.Starred) for argument in node.args)
    takes_more = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    given = len(node.args)
    if given > len(positional) and not starred and not takes_more:
        text = f"{called} takes {len(positional)} positional arguments, but {given} are given"
        yield LabelNote(node.lineno, f"{text}: they are {', '.join(positional)}")
    known = _keywords(function, parameters)
    if known is None:
        return
    for keyword in node.keywords:
        if keyword.arg is not None and keyword.arg not in known:
            wanted = f"it takes {', '.join(sorted(known))}"
            if function is models.build_transformer_model:
                wanted = 'see "Beside bert4keras" in docs/compatibility.md'
            text = f"{called} does not take {keyword.arg}: {wanted}"
            yield LabelNote(keyword.value.lineno, text)


def _parameters(function: Any) -> list[inspect.Parameter]:
    """The parameters of a function, or of what makes an object of a class."""
    if not isinstance(function, type):
        return list(inspect.signature(function).parameters.values())
    # Not the class's own signature: Keras 3 has a __new__ that takes anything.
    initializer = inspect.getattr_static(function, "__init__")
    return list(inspect.signature(initializer).parameters.values())[1:]


def _keywords(function: Any, parameters: Any) -> set[str] | None:
    """The keywords that a function takes, or `None` where it may take any."""
    known = {p.name for p in parameters if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)}
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        return known
    if function is models.build_transformer_model:
        return known | models.known_keywords()
    if isinstance(function, type) and issubclass(function, keras.layers.Layer):
        return known | OF_EVERY_LAYER | _keywords_of_bases(function)
    return None


def _keywords_of_bases(layer: type) -> set[str]:
    """What the layers that a layer is made from take, up to Keras's `Layer`."""
    names: set[str] = set()
    for base in layer.__mro__:
        if base is keras.layers.Layer:
            break
        if "__init__" in vars(base):
            names |= {*inspect.signature(vars(base)["__init__"]).parameters}
    return names - {"self", "args", "kwargs"}


def _other_model(node: ast.Call) -> Iterator[LabelNote]:
    """A remark on `build_transformer_model(model="nezha")` and its like."""
    known = {"model": models.MODELS, "application": models.APPLICATIONS}
    for keyword in node.keywords:
        value = getattr(keyword.value, "value", None)
        if keyword.arg is None or not isinstance(value, str):
            continue
        if value.lower() not in known.get(keyword.arg, [value.lower()]):
            text = f"{keyword.arg}={value!r} is built by bert4keras itself"
            yield LabelNote(
                keyword.value.lineno, f'{text}: see "Beside bert4keras" in docs/compatibility.md'
            )
