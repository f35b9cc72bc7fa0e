"""Public signatures compared with those of bert4keras 0.11.5, whose source is read, not imported.

This works in both Keras generations. Names left out on purpose are listed with the reason.
"""

import ast
import functools
import importlib
import importlib.metadata
import inspect
import io
import warnings
from pathlib import Path

import pytest

MODULES = ("backend", "layers", "models", "optimizers", "snippets", "tokenizers")
FACE = "gplinker_tf.bert4keras"

DECODERS = "T5 and GPT: this package is for encoders"
INNER = "an internal part of bert4keras, which scripts do not import"
DEVICES = "manual use of GPUs: tf.distribute replaces it"

#: Names of each module that are not available here.
LEFT_OUT = {
    "backend": {},
    "layers": {
        INNER: "integerize_shape",
    },
    "models": {
        DECODERS: "GPT GPT2 GPT2_ML T5 T5_Base T5_Decoder T5_Encoder",
        DEVICES: "data_parallel",
    },
    "optimizers": {INNER: "AdaFactorBase"},
    "snippets": {},
    "tokenizers": {},
}

GRAPHS = "part of Keras 2's graph optimizers: here an extension defines take(step)"
#: Methods (`module.Class.method`) and arguments (`... argument`) that are not available here.
LEFT_OUT_OF_CLASSES = {
    "optimizers.AdaFactorV1.get_updates": GRAPHS,
    "layers.ConditionalRandomField.log_norm_step": "the sum runs from both ends of a text at once",
}


#: Classes that delegate to an object of another class.
DELEGATED = {"snippets.open": io.TextIOWrapper}

SPECIAL = ("__call__", "__getitem__", "__init__", "__iter__", "__len__", "__next__")


@functools.cache
def definitions(module):
    """Return bert4keras's functions and classes by name, as defined with a current Keras."""
    folder = Path(importlib.metadata.distribution("bert4keras").locate_file("bert4keras"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # for backslashes in its strings
        waiting, found = ast.parse((folder / f"{module}.py").read_text("utf-8")).body, {}
    for node in waiting:
        if isinstance(node, ast.If):
            waiting += node.orelse  # the body is for older versions
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name[0] != "_":
            found[node.name] = node
    found.pop("Hook", None)
    return found


def members(node, module):
    """Return the methods and properties by name that a script may call or override."""
    found = {}
    for base in node.bases:
        if getattr(base, "id", None) in module:
            found |= members(module[base.id], module)
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and (part.name in SPECIAL or part.name[0] != "_"):
            before = found.get(part.name)
            # Its **kwargs go to the method that it overrides.
            part.handed_on = before if before is not None and part.args.kwarg else None
            found[part.name] = part
    return found


def arguments(node):
    """Return names with defaults, then those it passes on; `...` stands for no default."""
    names = [argument.arg for argument in node.args.args]
    defaults = [ast.literal_eval(default) for default in node.args.defaults]
    ordered = dict(zip(names, [...] * (len(names) - len(defaults)) + defaults, strict=True))
    handed_on = getattr(node, "handed_on", None)
    further = {} if handed_on is None else {**arguments(handed_on)[0], **arguments(handed_on)[1]}
    return ordered, {name: value for name, value in further.items() if name not in ordered}


def differences(node, ours):
    """Yield the arguments of bert4keras's function that ours lacks or treats differently."""
    parameters = inspect.signature(ours).parameters
    ordered, further = arguments(node)
    places = [name for name, p in parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    kept = [name for name in ordered if name in places]
    if kept != places[: len(kept)]:
        yield "order"
    open_end = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for name, default in {**ordered, **further}.items():
        if name not in parameters:
            # Arguments that are passed on are checked at their target.
            if name in ordered or not open_end:
                yield name
        elif default is not ... and parameters[name].default != default:
            yield f"{name}={default!r}"
    if node.args.kwarg and not open_end and not further:
        yield "**kwargs"


@pytest.mark.parametrize("module", MODULES)
def test_names(module):
    face = importlib.import_module(f"{FACE}.{module}")
    left_out = {name for names in LEFT_OUT[module].values() for name in names.split()}
    assert set(definitions(module)) - set(face.__all__) == left_out


@pytest.mark.parametrize("module", MODULES)
def test_what_has_bert4keras_name_is_not_keras_own(module):
    face = importlib.import_module(f"{FACE}.{module}")
    for name in set(definitions(module)) & set(face.__all__):
        owner = getattr(face, name).__module__
        assert owner.startswith("gplinker_tf."), f"{module}.{name} is of {owner}"


def test_signatures():
    found = set()
    for module in MODULES:
        face, theirs = importlib.import_module(f"{FACE}.{module}"), definitions(module)
        for name in set(theirs) & set(face.__all__):
            node, ours, place = theirs[name], getattr(face, name), f"{module}.{name}"
            if isinstance(node, ast.FunctionDef):
                found |= {f"{place} {what}" for what in differences(node, ours)}
                continue
            bases = {base.id for base in node.bases if hasattr(base, "id")} & set(face.__all__)
            inherited = {m for base in bases for m in members(theirs[base], theirs).values()}
            for method, part in members(node, theirs).items():
                own = getattr(ours, method, getattr(DELEGATED.get(place), method, None))
                if part in inherited:
                    continue
                if own is None:
                    found.add(f"{place}.{method}")
                elif callable(own):
                    found |= {f"{place}.{method} {what}" for what in differences(part, own)}
    assert sorted(found ^ set(LEFT_OUT_OF_CLASSES)) == []


def test_keras_names_that_bert4keras_replaces_are_replaced():
    ours, of_keras = (importlib.import_module(f"{FACE}{part}.layers") for part in ("", ".keras"))
    for name in ("GlobalAveragePooling1D", "GlobalMaxPooling1D"):
        assert getattr(of_keras, name) is getattr(ours, name)
        assert getattr(ours, name).__module__ == f"{FACE}.pooling"
