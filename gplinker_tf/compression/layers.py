"""Models with a subset of the layers of their encoder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from gplinker_tf.encoders import encoder_from_config
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.models import RelationModel, named_weights
from gplinker_tf.precision import layers_compute_in

#: The key of the number of layers in a configuration.
LAYERS = "num_hidden_layers"

#: Matches the weight names of numbered layers.
OF_LAYER = re.compile(r"^(encoder/Transformer-)(\d+)(-.*)$")


def spread_layers(kept: int, layers: int) -> list[int]:
    """Choose evenly spaced layers of an encoder, starting with the first.

    Args:
        kept: the number of layers to choose.
        layers: the number of layers of the encoder.

    Returns:
        Their indices, from 0.

    Raises:
        InputError: `kept` is below 1 or above `layers`.

    Example:

    >>> spread_layers(3, 6), spread_layers(4, 12)
    ([0, 2, 4], [0, 3, 6, 9])
    """
    if not 1 <= kept <= layers:
        raise InputError(f"Expected 1 to {layers} encoder layers. Received: layers={kept}.")
    return [number * layers // kept for number in range(kept)]


def layers_of(extractor: RelationExtractor) -> int:
    """Return the number of layers of an extractor's encoder.

    Args:
        extractor: the extractor.

    Raises:
        InputError: its encoder belongs to no registered family.
    """
    layers = (extractor.encoder_config or {}).get(LAYERS)
    if layers is None:
        raise InputError(
            "Expected an encoder of a registered family, whose layers are numbered. "
            f"Received: {extractor.model.encoder.name!r}. `register_encoder` registers a family."
        )
    return layers


def keep_layers(extractor: RelationExtractor, layers: Sequence[int]) -> RelationExtractor:
    """Build the same model with only some layers of its encoder; nothing is trained.

    Args:
        extractor: the extractor, which is not changed.
        layers: the indices of the layers to keep, from 0, in ascending order.

    Returns:
        A new extractor. If layers are left out, so is the calibration of the old one.

    Raises:
        InputError: the encoder has no such layers.

    Example, with a run folder that `gplinker train` wrote:

        smaller = keep_layers(RelationExtractor.load("run"), [0, 2, 4])
        smaller.save("smaller")
    """
    known = range(layers_of(extractor))
    if not layers or sorted({*layers} & {*known}) != list(layers):
        raise InputError(
            f"Expected encoder layers from 0 to {known[-1]} in ascending order. "
            f"Received: layers={list(layers)}."
        )
    config = {**(extractor.encoder_config or {}), LAYERS: len(layers)}
    model = new_model(extractor.model, config)
    copy_weights(extractor.model, model, layers)
    return RelationExtractor(
        model,
        extractor.tokenizer,
        extractor.schema,
        extractor.max_length,
        config,
        extractor.windows.long,
        extractor.calibration if len(layers) == len(known) else None,
        extractor.compatible_types,
    )


def new_model(model: RelationModel, encoder: dict[str, Any]) -> RelationModel:
    """Build an untrained model of the same kind and settings with a new encoder.

    Args:
        model: the model.
        encoder: the configuration of the new encoder.
    """
    settings = model.settings_config()
    with layers_compute_in("float32"):
        return type(model)(encoder_from_config(encoder), model.num_predicates, **settings)


def copy_weights(teacher: RelationModel, student: RelationModel, layers: Sequence[int]) -> None:
    """Copy weights to a model that has some of the encoder layers of another.

    Args:
        teacher: the model to copy from.
        student: the model to copy to.
        layers: the index in the teacher of each of the student's layers.
    """
    known = named_weights(teacher)
    for name, weight in named_weights(student).items():
        match = OF_LAYER.match(name)
        if match:
            start, number, end = match.groups()
            name = f"{start}{layers[int(number)]}{end}"
        weight.assign(known[name])


def in_words(layers: Sequence[int], of: int) -> str:
    """Describe which layers are chosen, counted from 1.

    Example:

    >>> in_words([0, 2, 4], of=6)
    'layers 1, 3, 5 of 6'
    """
    if 1 < len(layers) == of:
        return f"all {of} layers"
    numbers = ", ".join(str(number + 1) for number in layers)
    return f"{'layer' if len(layers) == 1 else 'layers'} {numbers} of {of}"
