"""Keras models of extractors: from a run folder, and from one process to another."""

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
    """The model of a run folder.

    Args:
        folder: the run folder.
        config: its configuration.
        predicates: how many its schema has.
        precision: what the model computes in.
        jit: compile it with XLA.

    Raises:
        InputError: the configuration or the weights are damaged, or it is the folder of an export.
        ValueError: there is no such precision.
    """
    if (folder / MANIFEST).is_file():
        raise InputError(
            f"Expected a run folder. Received: {folder}, an export of one. Load it with the "
            f"runtime that it is for, {' or '.join(PREDICTORS)} (--runtime), or load the run."
        )
    with layers_compute_in(precision):
        model = _new_model(config, predicates, folder)
    load_weights(model, folder / WEIGHTS)
    model.jit = jit
    return model


def encoder_config_of(model: RelationModel) -> dict[str, Any]:
    """What the model's encoder can be built from.

    Raises:
        ValueError: there is nothing.
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
    """A model as plain values and arrays, which can be pickled."""
    dtype = getattr(model, model.parts[0]).compute_dtype
    return {
        "model": (type(model), model.get_config(), model.jit),
        "precision": dtype if dtype == "float32" else f"mixed_{dtype}",
        "weights": {name: weight.numpy() for name, weight in named_weights(model).items()},
    }


def model_of_state(state: dict[str, Any]) -> RelationModel:
    """The model that `state_of` took apart."""
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
        # Settings from before there was a choice are what is now their default.
        names = *model.settings, *model.replaceable
        settings = {name: config[name] for name in names if name in config}
        return model(encoder, predicates, **settings)
    except (KeyError, TypeError, ValueError) as error:
        raise damage(folder, error) from error


def _model_class(config: dict[str, Any]) -> type[RelationModel]:
    kind = config.get("model", "gplinker")  # folders from before there was a choice do not say
    if kind not in MODELS:
        raise ValueError(f"expected one of {', '.join(MODELS)}. Received: model={kind!r}")
    return MODELS[kind].model_class
