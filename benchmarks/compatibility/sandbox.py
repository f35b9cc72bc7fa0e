"""A folder with everything that a script reads: data, an encoder, its own modules."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

from benchmarks.compatibility.cases import Case
from benchmarks.compatibility.encoders import Encoders
from benchmarks.compatibility.made_up_data import data_for

#: Where scripts look for data and encoders; replaced by folders of the sandbox.
ELSEWHERE = ("/root/", "D:/spyder/")
#: The number of layers that a script needs if it contains a string; otherwise 2.
LAYERS = {"bert_layers": 12, "num_hidden_layers=": 6}


def lay_out(case: Case, migrated: Path, encoders: Encoders, sandbox: Path) -> Path:
    """Copy the folder of a migrated script, and write the files it reads where it expects them.

    Args:
        case: the script.
        migrated: its repository after `gplinker migrate`.
        encoders: the encoders that it may load.
        sandbox: the folder to create.

    Returns:
        The path of the script to run.
    """
    old = migrated / case.script
    folder = sandbox / "work" / "project"
    shutil.copytree(old.parent, folder, ignore=shutil.ignore_patterns("*.zip", "*.csv"))
    script = folder / old.name
    for name in case.folders:
        folder.joinpath(name).mkdir(exist_ok=True)
    sources = {path: path.read_text("utf-8") for path in folder.rglob("*.py")}
    for text, new in (*case.edits, *case.shortened):
        owners = [path for path, source in sources.items() if re.search(text, source, re.M)]
        path = script if script in owners else owners[0]
        sources[path] = re.sub(text, lambda _: new, sources[path], flags=re.M)  # noqa: B023
    for path, source in sources.items():
        for place in ELSEWHERE:
            source = source.replace(place, f"{sandbox / place.strip('/').replace(':', '')}/")
        path.write_text(source, "utf-8")
    read = [script] if script.name.startswith(("task_", "basic_")) else [*sources]
    texts = "".join(sources[path] for path in read)
    layers = next((LAYERS[part] for part in LAYERS if part in texts), 2)
    for name in _literals(read):
        _lay(name, folder, encoders, layers)
    return script


def _literals(paths: list[Path]) -> set[str]:
    """Return the one-line string literals of some files."""
    trees = (ast.parse(path.read_text("utf-8")) for path in paths)
    nodes = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {node.value for node in nodes if isinstance(node.value, str) and "\n" not in node.value}


def _lay(name: str, folder: Path, encoders: Encoders, layers: int) -> None:
    """Write the file that a string names, if it is the path of a known file."""
    inside = name.startswith(str(folder.parents[1]))
    path = Path(name.replace("*", "a")) if inside else folder / name.lstrip("/")
    data = data_for(name)
    is_config = re.search(r"config\w*\.json$", name)
    if data is None and not is_config and not name.endswith(".ckpt"):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if data is not None:
        path.write_bytes(data)
    elif is_config:
        encoders.copy_config(path, layers)
    else:
        encoders.copy_checkpoint(path, layers)
