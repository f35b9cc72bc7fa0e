"""`gplinker`: audit, train, table, evaluate, report, extract, demo, split, migrate, convert."""

from __future__ import annotations

import sys

from gplinker_tf.cli import (
    audit,
    convert,
    demo,
    evaluate,
    extract,
    migrate,
    report,
    split,
    table,
    train,
)
from gplinker_tf.cli.command import app

__all__ = [
    "app",
    "audit",
    "convert",
    "demo",
    "evaluate",
    "extract",
    "main",
    "migrate",
    "report",
    "split",
    "table",
    "train",
]


def main() -> None:
    """Runs the command line."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    app()
