"""README.md as the first page: the list of all pages is added to it, for the site alone."""

import shutil
from pathlib import Path

#: Pages of `docs/` that are named nowhere else come last under "How to".
CONTENTS = {
    "Tutorials": ["examples/notebooks/*"],
    "How to": [
        *("docs/training", "docs/encoders", "docs/data", "docs/extraction", "docs/metrics"),
        *("docs/audit", "docs/report", "docs/visualization", "docs/thresholds", "docs/comparison"),
        *("docs/gpu", "docs/experiments", "docs/compatibility"),
        *("examples/README", "CONTRIBUTING"),
    ],
    "Explanation": ["docs/derivation", "docs/results", "docs/performance", "docs/glossary"],
    "Reference": ["docs/options", "docs/reference/index", "CHANGELOG"],
    "中文": ["简介<README.zh-CN>"],
}

TOCTREE = """
```{{toctree}}
:hidden:
:glob:
:caption: {caption}

{pages}
```
"""


def contents(pages: set[str]) -> dict[str, list[str]]:
    """The pages under their captions."""
    named = {page for section in CONTENTS.values() for page in section}
    others = [page for page in sorted(pages - named) if page.rpartition("/")[0] == "docs"]
    return CONTENTS | {"How to": CONTENTS["How to"] + others}


def add_contents(app, page: str, source: list[str]) -> None:
    if page == app.config.root_doc:
        for caption, pages in contents(set(app.env.found_docs)).items():
            source[0] += TOCTREE.format(caption=caption, pages="\n".join(pages))


def add_index(app, exception: Exception | None) -> None:
    """A server and a browser look for index.html."""
    if exception is None and app.builder.name == "html":
        folder = Path(app.outdir)
        shutil.copy(folder / f"{app.config.root_doc}.html", folder / "index.html")


def setup(app):
    app.connect("source-read", add_contents)
    app.connect("build-finished", add_index)
    return {"parallel_read_safe": True}
