"""`gplinker`: train, evaluate, extract, demo."""

from __future__ import annotations

import sys

from gplinker_tf.cli import demo, evaluate, extract, train
from gplinker_tf.cli.command import app

__all__ = ["app", "demo", "evaluate", "extract", "main", "train"]


def main() -> None:
    """Runs the command line."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    app()
