"""Creation of a data folder from texts in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.data.folder import SCHEMA, SCHEMAS, DataFolder, present, text_names
from gplinker_tf.data.in_memory import AnnotatedData, write_texts
from gplinker_tf.data.schemas import write_schema
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Schema


def create_data_folder(
    folder: str | Path,
    train: AnnotatedData,
    dev: AnnotatedData,
    schema: Schema | Sequence[str] | str | Path | None = None,
    overwrite: bool = False,
) -> DataFolder:
    """Write texts in memory to a folder, for training and for resuming a run.

    Files are used where they are, and not copied. A second call with the same texts changes
    nothing, so a notebook cell can be run again.

    Args:
        folder: the folder to write to; created if it does not exist.
        train: the training texts: a file, a DataFrame or a list, as for `as_examples`.
        dev: the dev texts, likewise.
        schema: a schema, a list of predicate names or a file; `None` to take the predicates from
            the texts.
        overwrite: replace different texts or a different schema in the folder.

    Returns:
        The folder, for `prepare` and `train`.

    Raises:
        InputError: a text cannot be written, or the folder has other texts or another schema.

    Example:

    >>> import tempfile
    >>> train = [("Ada wrote Tin", [("Ada", "wrote", "Tin")])]
    >>> data = create_data_folder(tempfile.mkdtemp(), train, dev=train, schema=["wrote"])
    >>> data.train.name, data.dev.name, data.read_schema()
    ('train.jsonl', 'dev.jsonl', Schema(1 row, 1 predicate))
    """
    folder = Path(folder)
    if isinstance(schema, Sequence) and not isinstance(schema, str):
        schema = Schema(tuple(("", name, "") for name in schema))
    with TemporaryDirectory() as new:
        given = {"train": train, "dev": dev}
        paths = {
            part: Path(texts) if isinstance(texts, str | Path) else write_texts(new, part, texts)
            for part, texts in given.items()
        }
        if isinstance(schema, Schema):
            paths["schema"] = Path(new) / SCHEMA
            write_schema(paths["schema"], schema)
        elif schema is not None:
            paths["schema"] = Path(schema)
        written = {part: path for part, path in paths.items() if path.parent == Path(new)}
        for part, path in written.items():
            _expect_room(folder, part, path, overwrite)
        for part, path in written.items():
            paths[part] = _copied(path, folder)
    return DataFolder(paths["train"], paths["dev"], paths.get("schema"))


def _expect_room(folder: Path, part: str, new: Path, overwrite: bool) -> None:
    """Check that a new file would not replace different content of the same part."""
    names = SCHEMAS if part == "schema" else text_names(part)
    there = present(folder, names)
    others = [path for path in there if path.name != new.name]
    changed = [path for path in there if path.read_bytes() != new.read_bytes()]
    if others or (changed and not overwrite):
        shown = " and ".join(path.name for path in others or changed)
        advice = "move them away" if others else "replace it with overwrite=True"
        raise InputError(
            f"Expected a folder without another {part} file. Received: {folder}, which contains "
            f"{shown}. Name another folder, or {advice}."
        )


def _copied(path: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / path.name
    with whole_file(target) as unfinished:
        unfinished.write_bytes(path.read_bytes())
    return target
