"""Packages that add models, encoders or formats to the command line."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

#: What a package's `[project.entry-points."gplinker_tf.plugins"]` lists.
GROUP = "gplinker_tf.plugins"


@cache
def load_plugins() -> tuple[str, ...]:
    """Imports the modules that installed packages name; each registers what it adds.

    Returns:
        Their names.
    """
    found = entry_points(group=GROUP)
    for point in found:
        point.load()
    return tuple(point.name for point in found)
