"""Plugins: packages that add models, encoders or formats to the command line."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

#: The entry-point group of plugins: `[project.entry-points."gplinker_tf.plugins"]`.
GROUP = "gplinker_tf.plugins"


@cache
def load_plugins() -> tuple[str, ...]:
    """Import the plugin modules of installed packages; each registers what it adds.

    Returns:
        The names of the plugins.
    """
    found = entry_points(group=GROUP)
    for point in found:
        point.load()
    return tuple(point.name for point in found)
