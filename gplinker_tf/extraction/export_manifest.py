"""The manifest of an exported model, so that a damaged or foreign export is never run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from gplinker_tf._atomic_write import whole_file
from gplinker_tf._counted import counted
from gplinker_tf.errors import InputError

MANIFEST = "export.json"

#: Version of the export format; it changes when older versions of the package can't read it.
LAYOUT = 1


@dataclass(frozen=True)
class ExportManifest:
    """The files of an exported model with their checksums, and what it was made from.

    Args:
        format: one of `gplinker_tf.export.FORMATS`.
        precision: the precision its weights are stored in.
        model: the model's name.
        num_predicates: `P`.
        weights: the SHA-256 of the run's weights; empty if there was no run folder.
        package: the package version that wrote it.
        files: the SHA-256 of each file by its name in the folder.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "model.onnx").write_bytes(b"a graph")
    >>> manifest = ExportManifest("onnx", "float32", "gplinker", 49).with_files(folder)
    >>> manifest.write(folder)
    >>> ExportManifest.read(folder) == manifest
    True
    """

    format: str
    precision: str
    model: str
    num_predicates: int
    weights: str = ""
    package: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        facts = self.format, self.precision, self.model, counted(len(self.files), "file")
        return f"ExportManifest({', '.join(facts)})"

    def with_files(self, folder: Path) -> ExportManifest:
        """Return the same manifest with all files in a folder.

        Args:
            folder: the folder.
        """
        paths = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
        return replace(
            self,
            files={
                path.relative_to(folder).as_posix(): file_digest(path) for path in sorted(paths)
            },
        )

    def write(self, folder: Path) -> None:
        """Write the manifest; from then on, the folder is an export."""
        content = {"layout": LAYOUT, **asdict(self)}
        text = json.dumps({**content, "sha256": _digest(content)}, ensure_ascii=False, indent=1)
        with whole_file(folder / MANIFEST) as unfinished:
            unfinished.write_text(text, "utf-8")

    @classmethod
    def read(cls, folder: Path) -> ExportManifest:
        """Return the manifest of an export, after checking that its files are unchanged.

        Args:
            folder: the folder.

        Raises:
            InputError: the folder is not an export, has another layout, or a file was changed.
        """
        path = folder / MANIFEST
        if not path.is_file():
            raise InputError(
                f"Expected a folder that `gplinker export` wrote. Received: {folder}, which "
                f"{'contains no ' + MANIFEST if folder.is_dir() else 'is not a folder'}."
            )
        content = _content(path)
        if content.pop("layout", None) != LAYOUT:
            raise InputError(
                f"{path}: expected an export that this version can read, of layout {LAYOUT}. "
                f"Received: one written by gplinker_tf {content.get('package')}. Export again."
            )
        manifest = cls(**content)
        for name, digest in manifest.files.items():
            _expect_unchanged(folder / name, digest)
        return manifest


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _content(path: Path) -> dict[str, Any]:
    """Return the content of a manifest, or raise if it was changed."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("sha256") != _digest(content):
            raise ValueError("the checksum does not match")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{path}: expected the manifest that `gplinker export` wrote. Received: a file that "
            f"was changed or truncated ({type(error).__name__}: {error}). Export again, or copy "
            "the folder again."
        ) from error
    return content


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _expect_unchanged(path: Path, digest: str) -> None:
    changed = file_digest(path) != digest if path.is_file() else None
    if changed is not False:
        raise InputError(
            f"{path}: expected the file that `gplinker export` wrote. Received: "
            f"{'a different checksum' if changed else 'no such file'}. Export again, or copy the "
            "folder again."
        )
