"""`gplinker`: train, evaluate, report, extract, demo, migrate, convert."""

from __future__ import annotations

import sys

from gplinker_tf.cli import convert, demo, evaluate, extract, migrate, report, train
from gplinker_tf.cli.command import app

__all__ = ["app", "convert", "demo", "evaluate", "extract", "main", "migrate", "report", "train"]


def main() -> None:
    """Runs the command line."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    app()
