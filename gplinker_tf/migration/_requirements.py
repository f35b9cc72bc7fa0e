"""Requirements of a project that conflict with this package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gplinker_tf.migration.note import Note

#: Files in which a project lists its requirements.
FILES = (
    *("requirements*.txt", "setup.py", "setup.cfg", "pyproject.toml", "Pipfile"),
    *("environment.yml", "environment.yaml"),
)
#: A required package, at the beginning of a line or of a string, and its versions.
REQUIRED = re.compile(
    r"""(?:^[\s-]*|["']|egg=)(bert4keras|keras|tf[-_]keras|tensorflow(?:-gpu)?)(?![\w.-])"""
    r"""(\s*(?:=\s*["'])?[^"';#]*)"""
)


def requirement_notes(path: Path) -> Iterator[Note]:
    """Yield notes on the lines of a file that require bert4keras, or an old Keras or TensorFlow.

    Args:
        path: any file of a project.
    """
    if not any(path.match(pattern) for pattern in FILES):
        return
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.lstrip().startswith("#"):
            for name, versions in REQUIRED.findall(line):
                if complaint := _complaint(name, versions):
                    yield Note(number, complaint)


def _complaint(name: str, versions: str) -> str | None:
    """Return what is wrong with requiring a package in these versions, if anything."""
    if name == "bert4keras":
        return "requires bert4keras, which is no longer imported: write gplinker_tf"
    if name == "tensorflow-gpu":
        return "requires tensorflow-gpu, which no longer exists: write tensorflow"
    if re.search(r"\d", versions) and (">" not in versions or "<" in versions):
        return f"requires a specific version of {name}: drop it, gplinker_tf requires its own"
    return None
