"""`gplinker`: train, evaluate, extract, demo, split, migrate, convert."""

from __future__ import annotations

import sys

from gplinker_tf.cli import convert, demo, evaluate, extract, migrate, split, train
from gplinker_tf.cli.command import app

__all__ = ["app", "convert", "demo", "evaluate", "extract", "main", "migrate", "split", "train"]


def main() -> None:
    """Runs the command line."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    app()
