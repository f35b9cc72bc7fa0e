"""A folder with the files of the LIC2019 competition."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gplinker_tf.errors import InputError


@dataclass(frozen=True)
class LIC2019Folder:
    """Where the three files lie, each plain or gzipped.

    Args:
        train: `train_data.json`, lines to train on.
        dev: `dev_data.json`, lines to evaluate on.
        schema: `all_50_schemas`, the predicates.
    """

    train: Path
    dev: Path
    schema: Path

    @classmethod
    def open(cls, folder: str | Path) -> LIC2019Folder:
        """Finds the files in a folder.

        Raises:
            InputError: the folder or one of the files is missing.
        """
        folder = Path(folder)
        if not folder.is_dir():
            raise InputError(f"Expected a folder of LIC2019's files. Received: {folder}.")
        names = ("train_data.json", "dev_data.json", "all_50_schemas")
        return cls(*(_plain_or_gzipped(folder / name) for name in names))


def _plain_or_gzipped(path: Path) -> Path:
    for candidate in (path, path.with_name(path.name + ".gz")):
        if candidate.is_file():
            return candidate
    present = ", ".join(sorted(item.name for item in path.parent.iterdir())[:8]) or "nothing"
    raise InputError(
        f"Expected {path.name} or {path.name}.gz in {path.parent}. Received: {present}. "
        "It takes train_data.json, dev_data.json and all_50_schemas."
    )
