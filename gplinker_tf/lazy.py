"""Names that load their module on first use, so that the text side never waits for TensorFlow."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any


def attach(
    package: str, modules: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """The `__getattr__`, `__dir__` and `__all__` of a package whose public names load lazily.

    Args:
        package: the package's `__name__`.
        modules: public name to the module of the package that defines it, relative to the package.

    Returns:
        The three objects, to be bound under those names in the package's `__init__`.

    Raises:
        ValueError: a name is also its module's: importing the module would hide the name.
    """
    hidden = [name for name, module in modules.items() if name == module]
    if hidden:
        raise ValueError(f"Expected modules named unlike what they give. Received: {hidden}.")
    public = sorted(modules)

    def load(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{package}.{modules[name]}"), name)

    return load, lambda: public, public
