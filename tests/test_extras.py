"""Every optional dependency: its extra installs it, and its absence is reported the same way."""

from importlib.metadata import metadata, requires

import pytest

from gplinker_tf.errors import InputError
from gplinker_tf.extras import EXTRAS, require, way_to

each_module = pytest.mark.parametrize("module", EXTRAS)
#: Modules that an extra installs as a dependency of another package.
BROUGHT_ALONG = {"IPython": "ipywidgets"}


@each_module
def test_the_extra_exists_and_installs_the_module(module):
    package = BROUGHT_ALONG.get(module, module).replace("_", "-")
    of_extra = [
        line.replace("_", "-")
        for line in requires("gplinker_tf")
        if line.endswith(f'extra == "{EXTRAS[module]}"')
    ]
    assert EXTRAS[module] in metadata("gplinker_tf").get_all("Provides-Extra")
    assert any(line.startswith(package) for line in of_extra)


@each_module
def test_a_missing_module_is_an_input_error_and_an_import_error(module, monkeypatch):
    monkeypatch.setattr("gplinker_tf.extras.is_there", lambda module: False)
    for kind in (InputError, ImportError):
        with pytest.raises(kind) as caught:
            require(module, "The picture", "save it as text")
        message = f"The picture needs {module}, which is not installed. Run {way_to(module)}"
        assert str(caught.value) == f"{message}, or save it as text."


def test_a_module_that_is_there_is_not_reported(monkeypatch):
    monkeypatch.setattr("gplinker_tf.extras.is_there", lambda module: True)
    require("spacy", "The picture")
