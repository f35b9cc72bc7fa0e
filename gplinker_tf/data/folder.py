"""A folder with the train, dev and schema files of a training run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gplinker_tf._reprs import shortened_path
from gplinker_tf.data.formats.registry import FORMATS
from gplinker_tf.data.schemas import read_schema, schema_from_data
from gplinker_tf.errors import InputError
from gplinker_tf.structures import Schema

#: The name of the schema file that this package writes.
SCHEMA = "schema.jsonl"

SCHEMAS = ("all_50_schemas", "schema.json", "schema.jsonl", "schema.txt")
OTHER_SCHEMAS = (
    "Name another schema with --schema FILE (schema=...), or use the predicates of the texts "
    "with --schema-from-data (schema_from_data=True)."
)


@dataclass(frozen=True)
class DataFolder:
    """The paths of the train, dev and schema files, each plain or gzipped.

    Args:
        train: the file of training texts.
        dev: the file of dev texts.
        schema: the schema file; `None` to take the predicates from the texts.

    Example:

    >>> from importlib.resources import files
    >>> data = DataFolder.open(files("gplinker_tf.data") / "sample")
    >>> data.train.name, data.dev.name, data.schema.name
    ('train_data.json', 'dev_data.json', 'all_50_schemas')
    >>> data.read_schema()
    Schema(11 rows, 10 predicates)
    """

    train: Path
    dev: Path
    schema: Path | None

    def __repr__(self) -> str:
        paths = (self.train, self.dev, self.schema)
        return f"DataFolder({', '.join(shortened_path(path) for path in paths if path)})"

    @classmethod
    def open(
        cls,
        folder: str | Path,
        schema: str | Path | None = None,
        schema_from_data: bool = False,
    ) -> DataFolder:
        """Find the files in a folder.

        Training texts are in `train_data.json`, or in `train` with the suffix of a format, such as
        `train.csv`; dev texts likewise. The schema is in `all_50_schemas`, `schema.json`,
        `schema.jsonl` or `schema.txt`.

        Args:
            folder: the folder.
            schema: a schema file to use instead of the one in the folder.
            schema_from_data: take the predicates from the texts.

        Raises:
            InputError: a file is missing or not unique, or both a schema and `schema_from_data`
                are given.
        """
        folder = Path(folder)
        if not folder.is_dir():
            raise InputError(f"No such folder: {folder}.")
        if schema is not None and schema_from_data:
            raise InputError(
                "Expected a schema or the predicates in the data. "
                f"Received: both schema={schema} and schema_from_data. Leave one out."
            )
        train, dev = (_the_one(folder, text_names(part)) for part in ("train", "dev"))
        if schema is None and not schema_from_data:
            schema = _the_one(folder, SCHEMAS, OTHER_SCHEMAS)
        return cls(train, dev, None if schema is None else Path(schema))

    def read_schema(self, report: Callable[[str], None] = lambda line: None) -> Schema:
        """Return the schema, from its file or from the texts.

        Args:
            report: called with a line that counts the predicates if they come from the texts.

        Raises:
            InputError: as `read_schema` and `schema_from_data`.
        """
        if self.schema is not None:
            return read_schema(self.schema)
        return schema_from_data([self.train, self.dev], report)


def text_names(part: str) -> list[str]:
    """Return the file names that the texts of a part may have, without `.gz`.

    Example:

    >>> text_names("dev")
    ['dev_data.json', 'dev.jsonl', 'dev.json', 'dev.ndjson', 'dev.csv', 'dev.tsv',
     'dev.xlsx', 'dev.spacy']
    """
    suffixes = dict.fromkeys(suffix for kind in FORMATS.values() for suffix in kind.suffixes)
    return [f"{part}_data.json", *(part + suffix for suffix in suffixes)]


def present(folder: Path, names: Sequence[str]) -> list[Path]:
    """Return the files in a folder that have one of these names, plain or gzipped."""
    paths = (folder / (name + zipped) for name in names for zipped in ("", ".gz"))
    return [path for path in paths if path.is_file()]


def _the_one(folder: Path, names: Sequence[str], advice: str = "") -> Path:
    found = present(folder, names)
    if len(found) == 1:
        return found[0]
    if found:
        shown = " and ".join(path.name for path in found)
        raise InputError(
            f"Expected one of {', '.join(names)} in {folder}. Received: {shown}. Keep the one "
            "you mean and move the others away."
        )
    there = ", ".join(sorted(item.name for item in folder.iterdir())[:8]) or "nothing"
    advice = advice or "Rename the file; gplinker import makes train, dev and schema from one."
    raise InputError(
        f"Expected {', '.join(names)}, or the same with .gz, in {folder}. Received: {there}. "
        f"{advice}"
    )
