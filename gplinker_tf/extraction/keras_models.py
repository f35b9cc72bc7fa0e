"""Keras models of extractors, from a run folder or from another process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gplinker_tf.encoders import config_of_encoder, encoder_from_config
from gplinker_tf.errors import InputError
from gplinker_tf.extraction.export_manifest import MANIFEST
from gplinker_tf.extraction.exported import PREDICTORS
from gplinker_tf.extraction.folder import WEIGHTS, damage
from gplinker_tf.models import MODELS, RelationModel, load_weights, named_weights
from gplinker_tf.precision import layers_compute_in


def load_model(
    folder: Path, config: dict[str, Any], predicates: int, precision: str, jit: bool
) -> RelationModel:
    """Load the model of a run folder.

    Args:
        folder: the run folder.
        config: its configuration.
        predicates: the number of predicates in its schema.
        precision: the precision to compute in.
        jit: compile the model with XLA.

    Raises:
        InputError: the configuration or the weights are damaged, or the folder is an export.
        ValueError: there is no such precision.
    """
    if (folder / MANIFEST).is_file():
        raise InputError(
            f"Expected a run folder. Received: {folder}, an export of one. Load it with the "
            f"runtime of the export, {' or '.join(PREDICTORS)} (--runtime), or load the run."
        )
    with layers_compute_in(precision):
        model = _new_model(config, predicates, folder)
    load_weights(model, folder / WEIGHTS)
    model.jit = jit
    return model


def encoder_config_of(model: RelationModel) -> dict[str, Any]:
    """Return the configuration that the model's encoder can be built from.

    Raises:
        ValueError: there is no such configuration.
    """
    try:
        config = config_of_encoder(model.encoder)
        json.dumps(config)
    except (NotImplementedError, ValueError, TypeError) as error:
        raise ValueError(
            "Expected an encoder that Keras can rebuild from its configuration. Received: "
            f"{model.encoder.name!r} ({error}). Make it a functional model, and give "
            "its custom layers a get_config."
        ) from error
    return config


def state_of(model: RelationModel) -> dict[str, Any]:
    """Return a model as plain values and arrays, which can be pickled."""
    dtype = getattr(model, model.parts[0]).compute_dtype
    return {
        "model": (type(model), model.get_config(), model.jit),
        "precision": dtype if dtype == "float32" else f"mixed_{dtype}",
        "weights": {name: weight.numpy() for name, weight in named_weights(model).items()},
    }


def model_of_state(state: dict[str, Any]) -> RelationModel:
    """Rebuild the model from the result of `state_of`."""
    model_class, config, jit = state["model"]
    with layers_compute_in(state["precision"]):
        model = model_class.from_config(config)
    for name, weight in named_weights(model).items():
        weight.assign(state["weights"][name])
    model.jit = jit
    return model


def _new_model(config: dict[str, Any], predicates: int, folder: Path) -> RelationModel:
    try:
        encoder = encoder_from_config(config["encoder"])
        model = _model_class(config)
        # Folders of older versions lack some settings; the defaults are what was used then.
        names = *model.settings, *model.replaceable
        settings = {name: config[name] for name in names if name in config}
        return model(encoder, predicates, **settings)
    except (KeyError, TypeError, ValueError) as error:
        raise damage(folder, error) from error


def _model_class(config: dict[str, Any]) -> type[RelationModel]:
    kind = config.get("model", "gplinker")  # folders of older versions do not name it
    if kind not in MODELS:
        raise ValueError(f"expected one of {', '.join(MODELS)}. Received: model={kind!r}")
    return MODELS[kind].model_class
