"""The role of a file in a run."""

from __future__ import annotations

from pathlib import Path

import yaml

from gplinker_tf.runs.configuration import sha256_of
from gplinker_tf.runs.layout import RUN_CONFIG


def role_of_file(folder: str | Path, path: str | Path) -> str | None:
    """Return what a run used a file for, judged by its content: "train", "dev" or `None`.

    Args:
        folder: the run folder.
        path: the file.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> names = "train.json", "dev.json", "other.json"
    >>> train, dev, other = (folder / name for name in names)
    >>> for path in (train, dev, other):
    ...     _ = path.write_text(path.name)
    >>> hashes = {path.name: sha256_of(path) for path in (train, dev)}
    >>> _ = (folder / RUN_CONFIG).write_text(yaml.safe_dump({"sha256": hashes}, sort_keys=False))
    >>> [role_of_file(folder, path) for path in (train, dev, other)]
    ['train', 'dev', None]
    """
    config = Path(folder) / RUN_CONFIG
    if not (config.is_file() and Path(path).is_file()):
        return None
    hashes = (yaml.safe_load(config.read_text(encoding="utf-8")) or {}).get("sha256", {})
    # `run_config` lists the training file first, then the dev file.
    roles = dict(zip(hashes.values(), ("train", "dev"), strict=False))
    return roles.get(sha256_of(Path(path)))
