"""The configuration of a run: `run.yaml`, which another run can use."""

from __future__ import annotations

import hashlib
import platform
import shlex
from collections.abc import Collection, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.data import DataFolder
from gplinker_tf.errors import InputError
from gplinker_tf.runs.layout import RUN_CONFIG

if TYPE_CHECKING:
    from gplinker_tf.encoders import EncoderFolder

#: Entries besides the options: the input paths, and those that are only for information.
PLACES = ("data", "schema", "schema_from_data", "encoder", "encoder_family")
FACTS = ("versions", "sha256", "format")

#: Additional entries for a student: the run it learns from, and the layers it started with.
OF_A_STUDENT = ("teacher", "layers")

#: Increased when run folders change so that older versions of the package can't read them.
FORMAT = 2

#: Options that may differ when a run is resumed: they only affect when it ends, how much memory it
#: takes, and what is done after training.
MAY_DIFFER = ("epochs", "patience", "accumulation", "tune")

PACKAGES = ("gplinker_tf", "tensorflow", "numpy", "tokenizers")


def run_config(
    data: DataFolder, encoder: EncoderFolder, options: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the configuration of a run as plain values.

    Args:
        data: the data folder.
        encoder: the encoder folder.
        options: the settings by name.

    Example:

    >>> from importlib.resources import files
    >>> from gplinker_tf.encoders import EncoderFolder
    >>> sample = files("gplinker_tf.data") / "sample"
    >>> encoder = EncoderFolder.open(sample, weights_required=False)
    >>> config = run_config(DataFolder.open(sample), encoder, {"epochs": 3})
    >>> config["epochs"], list(config["sha256"])[:3]
    (3, ['train_data.json', 'dev_data.json', 'bert_config.json'])
    """
    inputs = [data.train, data.dev, encoder.config_path, encoder.vocab_path]
    inputs += [] if data.schema is None else [data.schema]
    inputs += _files_of(encoder.checkpoint_path)
    return {
        "data": str(data.train.parent.resolve()),
        "schema": None if data.schema is None else str(data.schema.resolve()),
        "schema_from_data": data.schema is None,
        "encoder": encoder.place,
        **({} if encoder.family is None else {"encoder_family": encoder.family}),
        **options,
        "versions": versions(),
        "sha256": {path.name: sha256_of(path) for path in inputs},
        "format": FORMAT,
    }


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that results depend on.

    Example:

    >>> list(versions())[:3]
    ['python', 'gplinker_tf', 'tensorflow']
    """
    from gplinker_tf.backend import KERAS_3  # needed to write a configuration, not to read one

    names = (*PACKAGES, "keras" if KERAS_3 else "tf_keras")
    return {"python": platform.python_version()} | {name: version(name) for name in names}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, which identifies its content whatever its name.

    Args:
        path: the file.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "abc.txt"
    >>> _ = path.write_bytes(b"abc")
    >>> sha256_of(path)
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    """
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files_of(checkpoint: Path | None) -> list[Path]:
    """Return a checkpoint's file, or all files with its prefix if it is TensorFlow's."""
    if checkpoint is None:
        return []
    return sorted(checkpoint.parent.glob(f"{checkpoint.name}*"))


def write_run_config(folder: Path, config: dict[str, Any]) -> None:
    """Write `run.yaml`, which begins with a command that repeats the run.

    Args:
        folder: the run folder, which must exist.
        config: the result of `run_config`.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_run_config(folder, {"data": "lic2019", "encoder": "bert", "epochs": 3})
    >>> print((folder / "run.yaml").read_text("utf-8"), end="")
    # gplinker train --config run.yaml --output NEW
    data: lic2019
    encoder: bert
    epochs: 3
    """
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    with whole_file(folder / RUN_CONFIG) as unfinished:
        unfinished.write_text(f"# {_command(config)}\n{text}", "utf-8")


def _command(config: Mapping[str, Any]) -> str:
    """Return the command that repeats a run, for use in its folder."""
    options = ["--config", RUN_CONFIG, "--output", "NEW"]
    if "teacher" not in config:
        return shlex.join(["gplinker", "train", *options])
    files = [Path(config["data"]) / name for name in list(config["sha256"])[:2]]
    texts = [part for file in files for part in ("--data", str(file))]
    student = [config["teacher"], *texts, "--layers", str(len(config["layers"]))]
    return shlex.join(["gplinker", "distill", *student, *options])


def read_run_config(
    path: str | Path, options: Collection[str], student: bool = False
) -> dict[str, Any]:
    """Return the input paths and options in a file that `write_run_config` or a user wrote.

    Args:
        path: a YAML file.
        options: the names of options that it may have, besides the input paths.
        student: whether it may be the run of a student; its input paths are then left out.

    Raises:
        InputError: the file does not exist, is not valid, or has an unknown key.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_run_config(folder, {"data": "lic2019", "epochs": 3, "versions": {"keras": "3.9.0"}})
    >>> read_run_config(folder / "run.yaml", options=["epochs", "seed"])
    {'data': 'lic2019', 'epochs': 3}
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"No such file: {path}.")
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected YAML. Received: {error}") from None
    if not isinstance(config, dict):
        raise InputError(f"{path}: expected `name: value` lines. Received: {config!r}.")
    _expect_known_format(config, path)
    if "teacher" in config and not student:
        raise InputError(
            f"{path}: expected a run on labeled texts. Received: the run of a student, with a "
            "teacher. Its first line is the command that repeats it."
        )
    unused = {*FACTS, *(OF_A_STUDENT + PLACES if student else ())}
    known = {*options, *PLACES, *unused}
    for name in config:
        if name not in known:
            raise InputError(
                f"{path}: expected one of {', '.join(sorted(known))}. Received: {name!r}."
            )
    return {name: value for name, value in config.items() if name not in unused}


def _expect_known_format(config: Mapping[str, Any], path: Path) -> None:
    """Check that a file was not written by a later version; the first format had no number."""
    format = config.get("format", 1)
    if not isinstance(format, int) or format > FORMAT:
        raise InputError(
            f"{path}: expected a run folder of format {FORMAT} or earlier. Received: "
            f"format={format!r}. It was written by a later gplinker_tf: update gplinker_tf."
        )


def expect_same_run(
    folder: Path, config: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> None:
    """Check that a run can be resumed with a configuration.

    Args:
        folder: the run folder.
        config: the configuration to resume it with.
        before: values of options that runs from older versions do not record.

    Raises:
        InputError: an option or a file is not the same as when the run began.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_run_config(folder, {"epochs": 3, "seed": 1, "sha256": {}})
    >>> expect_same_run(folder, {"epochs": 5, "seed": 1, "sha256": {}})
    >>> expect_same_run(folder, {"epochs": 5, "seed": 2, "sha256": {}})
    Traceback (most recent call last):
    ...
    gplinker_tf.errors.InputError: Expected seed=1, as when the run in ... began. Received: ...
    """
    path = folder / RUN_CONFIG
    if not path.is_file():
        return
    began = {**(before or {}), **(yaml.safe_load(path.read_text(encoding="utf-8")) or {})}
    _expect_known_format(began, path)
    may_differ = {*PLACES, *FACTS, *MAY_DIFFER}
    for name, value in config.items():
        if name not in may_differ and began.get(name) != value:
            raise InputError(
                f"Expected {name}={began.get(name)!r}, as when the run in {folder} began. "
                f"Received: {name}={value!r}. Resume with the same options, or train into "
                "another folder."
            )
    hashes, now = began.get("sha256", config["sha256"]), config["sha256"]
    # Compared by content: files may be renamed, but not added or removed.
    changed = [name for name, digest in now.items() if digest not in hashes.values()]
    changed += [name for name, digest in hashes.items() if digest not in now.values()]
    if changed:
        raise InputError(
            f"Expected {changed[0]} as it was when the run in {folder} began. Received: "
            "different content. Put the old file back, or train into another folder."
        )
