"""A project of scripts and modules, migrated as a whole."""

from __future__ import annotations

import difflib
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from gplinker_tf.errors import InputError
from gplinker_tf.migration._copies import Copies
from gplinker_tf.migration._requirements import requirement_notes
from gplinker_tf.migration.note import Note
from gplinker_tf.migration.script import migrate
from gplinker_tf.migration.source_file import SourceFile

#: Larger files, such as corpora and weights, are not copied with a project.
LARGEST_COPY = 10_000_000
NOTEBOOK = ".ipynb"


@dataclass(frozen=True)
class MigratedFile:
    """A file of a project, before and after migration.

    Args:
        path: path of the old file.
        old: the file as it was; `None` if it could not be read, or is not Python.
        new: the file after migration.
        notes: what cannot work in it, and what was replaced.
        error: why it could not be read as Python 3.
        copy_of: the bert4keras module that it is a copy of; if set, it is no longer imported.
    """

    path: Path
    old: SourceFile | None = None
    new: SourceFile | None = None
    notes: list[Note] = field(default_factory=list)
    error: str | None = None
    copy_of: str | None = None

    @property
    def changed(self) -> bool:
        """Whether the new file differs from the old one."""
        return self.new != self.old

    @property
    def diff(self) -> bytes:
        """The changes as a unified diff in the file's encoding, so that it can be applied; empty
        if there are none."""
        if self.old is None or self.new is None:
            return b""
        # As diff and patch count lines: a form feed does not end one.
        old, new = (io.BytesIO(source.encoded).readlines() for source in (self.old, self.new))
        before, after = (f"{side}/{self.path}".encode() for side in "ab")
        lines = difflib.diff_bytes(difflib.unified_diff, old, new, before, after)
        return b"".join(
            line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
            for line in lines
        )


class Project:
    """A script, or a folder of scripts and modules, that uses bert4keras.

    Modules of a folder that are copies of bert4keras's are recognized by what they define; imports
    of them, even relative ones, are changed to `gplinker_tf.bert4keras`.

    Args:
        path: the script or the folder.

    Raises:
        InputError: the path does not exist.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = folder.joinpath("train.py").write_text("from bert4keras.backend import keras\\n")
    >>> [file] = Project(folder).migrated()
    >>> file.new.text
    'from gplinker_tf.bert4keras.backend import keras\\n'
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise InputError(f"Expected a script or a folder. No such file or folder: {path}.")
        self.path = path
        self.is_folder = path.is_dir()

    def migrated(self) -> Iterator[MigratedFile]:
        """Yield the Python files, each before and after; notebooks, which are not migrated; and
        files with requirements that conflict with this package."""
        copies = Copies(self.path if self.is_folder else self.path.parent)
        for path in self._files() if self.is_folder else [self.path]:
            if path.suffix == ".py" or not self.is_folder or _is_old_notebook(path):
                yield self._migrated(path, copies)
            elif notes := list(requirement_notes(path)):
                yield MigratedFile(path, notes=notes)

    def copy(self, folder: Path) -> list[Path]:
        """Copy the folder unchanged, except for large files that are not Python.

        Args:
            folder: the folder of the new project.

        Returns:
            The files that are too large to copy.
        """
        large = []
        for path in self._files():
            if path.suffix != ".py" and path.stat().st_size > LARGEST_COPY:
                large.append(path)
                continue
            target = self.target(path, folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        return large

    def target(self, path: Path, output: Path) -> Path:
        """Return the path of a file of the project in a new project, or of the new script."""
        return output / path.relative_to(self.path) if self.is_folder else output

    def _migrated(self, path: Path, copies: Copies) -> MigratedFile:
        if path.suffix == NOTEBOOK:
            return MigratedFile(
                path,
                error=f"{path}: expected Python 3. Received: a notebook. Convert it with "
                "`jupyter nbconvert --to script`, and migrate the script.",
            )
        try:
            old = SourceFile.read(path)
            if module := copies.module_of(path):
                return MigratedFile(path, old, old, copy_of=module)
            text, notes = migrate(old.text, str(path), copies.seen_from(path))
        except InputError as error:
            return MigratedFile(path, error=str(error))
        notes += requirement_notes(path) if self.is_folder else ()
        return MigratedFile(path, old, replace(old, text=text), notes)

    def _files(self, folder: Path | None = None) -> Iterator[Path]:
        """Yield all files, except in hidden or linked folders, caches and virtual environments."""
        for path in sorted((folder or self.path).iterdir()):
            if path.is_file():
                yield path
            elif path.is_dir() and not _is_no_part(path):
                yield from self._files(path)


def _is_old_notebook(path: Path) -> bool:
    return path.suffix == NOTEBOOK and b"keras" in path.read_bytes()


def _is_no_part(folder: Path) -> bool:
    return (
        folder.is_symlink()
        or folder.name.startswith(".")
        or folder.name == "__pycache__"
        or folder.joinpath("pyvenv.cfg").exists()
    )
