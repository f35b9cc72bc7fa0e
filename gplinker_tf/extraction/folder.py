"""What a trained model's folder holds, and the model that it describes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gplinker_tf.encoders import encoder_from_config
from gplinker_tf.errors import InputError
from gplinker_tf.extraction.compatible_types import CompatibleTypes
from gplinker_tf.models import MODELS, RelationModel
from gplinker_tf.structures import Schema

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


def new_model(config: dict[str, Any], folder: Path) -> tuple[RelationModel, Schema]:
    """The model that a configuration describes, with random weights, and its schema."""
    try:
        schema = Schema(tuple(tuple(row) for row in config["schema"]))
        encoder = encoder_from_config(config["encoder"])
        predicates = len(schema.predicates)
        int(config["lowercase"]), int(config["max_length"])
        model = _model_class(config)
        # Settings from before there was a choice are what is now their default.
        names = *model.settings, *model.replaceable
        settings = {name: config[name] for name in names if name in config}
        return model(encoder, predicates, **settings), schema
    except (KeyError, TypeError, ValueError) as error:
        raise _damage(folder, error) from error


def compatible_types_of(config: dict[str, Any], folder: Path) -> CompatibleTypes | None:
    """The types that go together, or `None` where the run is from before they were kept."""
    if "compatible_types" not in config:
        return None
    try:
        pairs = frozenset((str(first), str(second)) for first, second in config["compatible_types"])
    except (TypeError, ValueError) as error:
        raise _damage(folder, error) from error
    return CompatibleTypes(pairs)


def _damage(folder: Path, error: Exception) -> InputError:
    if isinstance(error, InputError):  # it says the way out
        return InputError(f"{folder / CONFIG}: {error}")
    return InputError(
        f"{folder / CONFIG}: expected the configuration of a trained model. "
        f"Received: {type(error).__name__}: {error}. Train again, or copy the file again."
    )


def _model_class(config: dict[str, Any]) -> type[RelationModel]:
    kind = config.get("model", "gplinker")  # folders from before there was a choice do not say
    if kind not in MODELS:
        raise ValueError(f"expected one of {', '.join(MODELS)}. Received: model={kind!r}")
    return MODELS[kind].model_class
