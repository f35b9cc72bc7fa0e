"""The `gplinker` command line; each command is a module."""

from __future__ import annotations

import sys

from gplinker_tf.cli import (
    audit,
    compare,
    convert,
    demo,
    distill,
    evaluate,
    export,
    extract,
    formats,
    importing,
    migrate,
    report,
    serve,
    shrink,
    split,
    train,
    tune,
)
from gplinker_tf.cli.command import app

__all__ = [
    "app",
    "audit",
    "compare",
    "convert",
    "demo",
    "distill",
    "evaluate",
    "export",
    "extract",
    "formats",
    "importing",
    "main",
    "migrate",
    "report",
    "serve",
    "shrink",
    "split",
    "train",
    "tune",
]


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    app()
