"""Import rules: only from lower floors; packages for text import without TensorFlow."""

import ast
import functools
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "gplinker_tf"

#: The root has lazy names only. A package comes after the packages and modules inside it.
FLOORS = {
    "gplinker_tf": 0.5,
    "gplinker_tf._counted": -1,
    "gplinker_tf.errors": -1,
    "gplinker_tf.extras": -0.9,
    "gplinker_tf.plugins": 0,
    "gplinker_tf._quiet": -1,
    "gplinker_tf.backend": 0,
    "gplinker_tf._reprs": -1,
    "gplinker_tf._notebook": -1,
    "gplinker_tf._progress": -0.5,
    "gplinker_tf._html": -0.7,
    "gplinker_tf._tabular": -0.5,
    "gplinker_tf._chunked": 0.5,
    "gplinker_tf._token_pairs": 0.5,
    "gplinker_tf.option": 0.5,
    "gplinker_tf.precision": 0.5,
    "gplinker_tf.structures": 0,
    "gplinker_tf._atomic_write": 0,
    "gplinker_tf.layers": 1,
    "gplinker_tf.losses": 1,
    "gplinker_tf.tokenizers": 1,
    "gplinker_tf.data": 1,
    "gplinker_tf.metrics": 1,
    "gplinker_tf.calibration": 1.5,
    "gplinker_tf.encoders": 2,
    "gplinker_tf.decoding": 2,
    "gplinker_tf.alignment": 2,
    "gplinker_tf.batching": 2.5,
    "gplinker_tf.errors_by_cause": 3,
    "gplinker_tf.models": 3,
    "gplinker_tf.audit": 3.5,
    "gplinker_tf.extraction": 4,
    "gplinker_tf.runs": 4.2,
    "gplinker_tf.export": 4.5,
    "gplinker_tf.evaluating": 4.5,
    "gplinker_tf.distributed": 4.5,
    "gplinker_tf.tuning": 4.5,
    "gplinker_tf.training": 5,
    "gplinker_tf.compression": 5.5,
    "gplinker_tf.report": 6,
    "gplinker_tf.visualization": 6,
    "gplinker_tf.comparison": 6.5,
    "gplinker_tf.service": 6.5,
    "gplinker_tf.spacy_component": 6.5,
    "gplinker_tf.bert4keras": 6,
    "gplinker_tf.migration": 6.5,
    "gplinker_tf.cli": 7,
    "gplinker_tf.__main__": 8,
}
TEXT_ROOMS = (
    *("structures", "tokenizers", "data", "metrics", "alignment", "errors_by_cause", "audit"),
    *("calibration", "distributed", "runs", "report", "visualization", "service"),
)

#: Names in packages for text that need Keras.
OF_KERAS = ("TrainingBatches", "TrainingCurves", "take_checkpoint", "restore_checkpoint")


def floor_of(module):
    inside = (name for name in FLOORS if "." in name and module.startswith(name + "."))
    room = module if module in FLOORS else next(inside)
    return room, FLOORS[room]


def module_name(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def nodes_of(path):
    return list(ast.walk(ast.parse(path.read_text("utf-8"))))


@functools.cache
def imported(path):
    """Return the modules of the package that a file imports; a lazy name counts as its module."""
    modules = []
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names if alias.name.startswith("gplinker_tf")]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gplinker_tf"):
            modules += [
                f"{node.module}.{lazy_module(node.module, alias.name)}" for alias in node.names
            ]
    return modules


def lazy_module(package, name):
    stub = PACKAGE.parent.joinpath(*package.split("."), "__init__.pyi")
    if stub.is_file():
        for node in nodes_of(stub):
            if isinstance(node, ast.ImportFrom) and name in [alias.name for alias in node.names]:
                return node.module or name
    return name


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_a_file_imports_from_below(path):
    room, floor = floor_of(module_name(path))
    for module in imported(path):
        other_room, other_floor = floor_of(module)
        assert other_floor < floor or other_room == room, f"{module} is above {module_name(path)}"


def test_layers_and_losses_do_not_know_each_other():
    for room, other in [("layers", "losses"), ("losses", "layers")]:
        for path in (PACKAGE / room).glob("*.py"):
            assert not any(name.startswith(f"gplinker_tf.{other}") for name in imported(path))


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_private_modules_are_their_rooms_own(path):
    """A module whose name starts with `_` is used only in its own package."""
    room = module_name(path).split(".")[1:2]
    for module in imported(path):
        parts = module.split(".")[1:]
        assert len(parts) < 2 or not parts[1].startswith("_") or parts[:1] == room, module


@pytest.mark.parametrize("room", TEXT_ROOMS)
def test_text_rooms_import_without_tensorflow(room):
    code = (
        f"import sys, gplinker_tf, gplinker_tf.{room} as room\n"
        "for name in getattr(room, '__all__', []):\n"
        f"    if name not in {OF_KERAS}:\n"
        "        getattr(room, name)\n"
        "sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_run_is_looked_at_without_tensorflow(tmp_path):
    record = {"epoch": 1, "loss": 2.5, "precision": 0.5, "recall": 0.5, "f1": 0.5}
    (tmp_path / "history.jsonl").write_text(json.dumps(record))
    code = (
        "import sys\n"
        "from gplinker_tf.training import TrainingResult\n"
        "from gplinker_tf.visualization import show_training\n"
        "TrainingResult.open(sys.argv[1])._repr_html_()\n"
        "show_training(sys.argv[1]).to_html()\n"
        "sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path]).returncode == 0


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_files_stay_small(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400


#: Names that start with `_` but are public.
NOT_PRIVATE = {"_asdict", "_fields", "_make", "_replace", "_getframe"}

#: The only folders that may use private names of Keras.
DOORS = (PACKAGE / "backend", PACKAGE / "bert4keras")


def is_private(name):
    return name.startswith("_") and (name == "__internal__" or not name.endswith("__"))


#: Runs in a new process, because the compatibility layer checks which Keras has been imported.
ATTRIBUTES = """
import keras
import tf_keras

for library in (keras, tf_keras):
    optimizer = library.optimizers.Adam()
    optimizer.build([])
    known = library.Model(), library.layers.Dense(1), library.callbacks.Callback(), optimizer
    for thing in (*known, library.metrics.Metric):
        print(*dir(thing), sep="\\n")
"""


def private_of_keras():
    """Return the private attributes of Keras's classes and objects, in both generations."""
    output = subprocess.run([sys.executable, "-c", ATTRIBUTES], capture_output=True, check=True)
    return filter(is_private, output.stdout.decode().split())


def private_names(path):
    """Yield the private attributes that a file uses or defines, each with its owner."""
    for node in nodes_of(path):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            yield node.attr, ast.unparse(node.value)
        elif isinstance(node, ast.ClassDef):
            methods = (part for part in node.body if isinstance(part, ast.FunctionDef))
            yield from ((method.name, "self") for method in methods if is_private(method.name))


@pytest.mark.slow
def test_what_is_private_to_keras_is_touched_behind_one_door():
    private = set(private_of_keras())
    files = [path for path in FILES if not any(path.is_relative_to(door) for door in DOORS)]
    named = [(path, *name) for path in files for name in private_names(path)]
    own = {name for _, name, owner in named if owner in ("self", "cls")} - private
    for path, name, owner in named:
        assert name in own | NOT_PRIVATE, f"{path}: {owner}.{name}"


def test_no_two_test_files_have_one_name():
    """Pytest imports files by name, and would run only one of two with the same name."""
    names = Counter(path.name for path in Path(__file__).parent.rglob("test_*.py"))
    assert not [name for name, count in names.items() if count > 1]
