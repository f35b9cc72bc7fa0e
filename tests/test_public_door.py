"""`import gplinker_tf` offers every name of every stub, and loads each on first use."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "gplinker_tf"
STUBS = sorted(PACKAGE.rglob("__init__.pyi"))


def names_of(stub):
    """Yield the names in a stub, each with the module that defines it."""
    for node in ast.parse(stub.read_text("utf-8")).body:
        if ast.unparse(node) == "__version__: str":
            continue  # not lazy, so not listed
        assert isinstance(node, ast.ImportFrom), "a stub imports, and does nothing else"
        for alias in node.names:
            assert alias.asname == alias.name, "type checkers take other names for private ones"
            yield alias.name, node.module


@pytest.mark.parametrize("stub", STUBS, ids=lambda stub: stub.parent.name)
def test_every_name_of_a_stub_is_there(stub):
    package_name = ".".join(stub.parent.relative_to(PACKAGE.parent).parts)
    package = importlib.import_module(package_name)
    names = dict(names_of(stub))
    assert sorted(names) == sorted(package.__all__) == sorted(dir(package))
    for name, module in names.items():
        assert getattr(package, name) is not None
        if module:
            defined = importlib.import_module(f"{package_name}.{module}")
            assert getattr(package, name) is getattr(defined, name)
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        package.nothing_of_this_name  # noqa: B018


@pytest.mark.slow
def test_the_root_opens_all_rooms_and_waits_with_tensorflow():
    code = """
import sys
import gplinker_tf

assert gplinker_tf.tokenizers.BertTokenizer and gplinker_tf.Schema
assert "tensorflow" not in sys.modules
assert gplinker_tf.layers.EfficientGlobalPointer and gplinker_tf.GPLinker
assert callable(gplinker_tf.train) and gplinker_tf.training.TrainingOptions
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (PACKAGE / "py.typed").is_file()
