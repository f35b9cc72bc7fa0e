"""A page for each room of the package, with its public names, from their docstrings."""

import importlib
import pkgutil
from pathlib import Path

import gplinker_tf

INDEX = """# Python reference

The public names of the package, by room ([code layout](../../CONTRIBUTING.md#code-layout)). Shapes
are in the letters of the [glossary](../glossary.md).

```{{toctree}}
:maxdepth: 1

{pages}
```
"""

PAGE = """# {name}

```{{eval-rst}}
.. automodule:: {name}
   :members:
   :show-inheritance:
   :exclude-members: {elsewhere}
```
"""


def rooms() -> list[str]:
    """The package, then its rooms that have public names."""
    found = [gplinker_tf.__name__]
    for module in pkgutil.iter_modules(gplinker_tf.__path__, f"{gplinker_tf.__name__}."):
        if module.ispkg and getattr(importlib.import_module(module.name), "__all__", ()):
            found.append(module.name)
    return found


def elsewhere(name: str, names: list[str]) -> str:
    """Names of the package itself that the page of a room describes."""
    if name != gplinker_tf.__name__:
        return ""
    public = {one: getattr(gplinker_tf, one) for one in gplinker_tf.__all__}
    inside = tuple(f"{room}." for room in names if room != name)
    described = (one for one, value in public.items() if _module(value).startswith(inside))
    return ", ".join(sorted(described))


def _module(value: object) -> str:
    return getattr(value, "__module__", "")


def write_pages(app) -> None:
    folder = Path(app.srcdir) / "docs" / "reference"
    folder.mkdir(exist_ok=True)
    names = rooms()
    pages = {name: PAGE.format(name=name, elsewhere=elsewhere(name, names)) for name in names}
    pages["index"] = INDEX.format(pages="\n".join(pages))
    for name, text in pages.items():
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def setup(app):
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True}
