"""README.md as the first page: the list of all pages is added to it, for the site alone."""

import shutil
from pathlib import Path

CONTENTS = {
    "Tutorials": "examples/notebooks/*",
    "How to": """
        docs/training docs/data docs/extraction docs/metrics docs/audit docs/report docs/thresholds
        docs/comparison docs/gpu docs/compatibility examples/README CONTRIBUTING""",
    "Explanation": "docs/derivation docs/results docs/performance docs/glossary",
    "Reference": "docs/options docs/reference/index CHANGELOG",
    "中文": "简介<README.zh-CN>",
}


def add_contents(app, page: str, source: list[str]) -> None:
    if page == app.config.root_doc:
        for caption, pages in CONTENTS.items():
            listed = "\n".join(pages.split())
            source[0] += (
                f"\n```{{toctree}}\n:hidden:\n:glob:\n:caption: {caption}\n\n{listed}\n```\n"
            )


def add_index(app, exception: Exception | None) -> None:
    """A server and a browser look for index.html."""
    if exception is None and app.builder.name == "html":
        folder = Path(app.outdir)
        shutil.copy(folder / f"{app.config.root_doc}.html", folder / "index.html")


def setup(app):
    app.connect("source-read", add_contents)
    app.connect("build-finished", add_index)
    return {"parallel_read_safe": True}
