"""The configuration in the folder of a trained model; nothing here needs Keras."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.errors import InputError
from gplinker_tf.extraction.compatible_types import CompatibleTypes
from gplinker_tf.structures import Schema
from gplinker_tf.tokenizers import BertTokenizer

if TYPE_CHECKING:
    from gplinker_tf.extraction.extractor import RelationExtractor

CONFIG, VOCABULARY, WEIGHTS = "config.json", "vocab.txt", "model.safetensors"


def read_config(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG
    if not path.is_file():
        raise InputError(
            f"Expected a folder that `gplinker train` wrote. Received: {folder}, which "
            f"{'contains no ' + CONFIG if folder.is_dir() else 'is not a folder'}."
        )
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: expected JSON. Received: {error}.") from error
    if not isinstance(config, dict):
        raise InputError(f"{path}: expected a JSON object. Received: {type(config).__name__}.")
    return config


def config_of(extractor: RelationExtractor, encoder: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration of an extractor, as `read_config` reads it.

    Args:
        extractor: the extractor.
        encoder: the configuration that its encoder can be built from.
    """
    config = {
        "model": extractor.model.kind,
        **extractor.model.settings_config(),
        "max_length": extractor.windows.max_length,
        "long": extractor.windows.long,
        "lowercase": extractor.tokenizer.lowercase,
        "encoder": encoder,
        "schema": extractor.schema.rows,
    }
    if extractor.compatible_types is not None:
        config["compatible_types"] = sorted(extractor.compatible_types.pairs)
    return config


def write_config(folder: Path, config: dict[str, Any], tokenizer: BertTokenizer) -> None:
    """Write the configuration and the vocabulary."""
    with whole_file(folder / CONFIG) as unfinished:
        unfinished.write_text(json.dumps(config, ensure_ascii=False, indent=1), "utf-8")
    tokenizer.save_vocab(folder / VOCABULARY)


def schema_of(config: dict[str, Any], folder: Path) -> Schema:
    """Return the schema, after checking the other settings of an extractor, too."""
    try:
        schema = Schema(tuple(tuple(row) for row in config["schema"]))
        bool(config["lowercase"]), int(config["max_length"]), config["encoder"].get("vocab_size")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise damage(folder, error) from error
    return schema


def tokenizer_of(config: dict[str, Any], folder: Path) -> BertTokenizer:
    tokenizer = BertTokenizer.from_vocab_file(folder / VOCABULARY, bool(config["lowercase"]))
    tokens = config["encoder"].get("vocab_size", tokenizer.vocab_size)
    if tokenizer.vocab_size > tokens:
        raise InputError(
            f"{folder / VOCABULARY}: expected the model's {tokens} tokens. Received: "
            f"{tokenizer.vocab_size}. The file belongs to another model."
        )
    return tokenizer


def compatible_types_of(config: dict[str, Any], folder: Path) -> CompatibleTypes | None:
    """Return the compatible types, or `None` if the run is from before they were stored."""
    if "compatible_types" not in config:
        return None
    try:
        pairs = frozenset((str(first), str(second)) for first, second in config["compatible_types"])
    except (TypeError, ValueError) as error:
        raise damage(folder, error) from error
    return CompatibleTypes(pairs)


def damage(folder: Path, error: Exception) -> InputError:
    """Return the error for a configuration that can't be read."""
    if isinstance(error, InputError):  # it says how to fix the problem
        return InputError(f"{folder / CONFIG}: {error}")
    return InputError(
        f"{folder / CONFIG}: expected the configuration of a trained model. "
        f"Received: {type(error).__name__}: {error}. Train again, or copy the file again."
    )
