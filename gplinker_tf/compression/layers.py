"""A model on some of the layers of its encoder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from gplinker_tf.encoders import encoder_from_config
from gplinker_tf.errors import InputError
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.models import RelationModel, named_weights
from gplinker_tf.precision import layers_compute_in

#: What a configuration calls the number of layers.
LAYERS = "num_hidden_layers"

#: The name of a weight of a numbered layer.
OF_LAYER = re.compile(r"^(encoder/Transformer-)(\d+)(-.*)$")


def spread_layers(kept: int, layers: int) -> list[int]:
    """So many layers of an encoder, the first among them and the others evenly spaced.

    Args:
        kept: how many.
        layers: how many the encoder has.

    Returns:
        Their numbers, from 0.

    Raises:
        InputError: the encoder has fewer, or it is less than one.

    Example:

    >>> spread_layers(3, 6), spread_layers(4, 12)
    ([0, 2, 4], [0, 3, 6, 9])
    """
    if not 1 <= kept <= layers:
        raise InputError(f"Expected 1 to {layers} encoder layers. Received: layers={kept}.")
    return [number * layers // kept for number in range(kept)]


def layers_of(extractor: RelationExtractor) -> int:
    """How many layers the encoder of an extractor has.

    Args:
        extractor: the extractor.

    Raises:
        InputError: its encoder is of no family.
    """
    layers = (extractor.encoder_config or {}).get(LAYERS)
    if layers is None:
        raise InputError(
            "Expected an encoder of a family that is registered, whose layers are numbered. "
            f"Received: {extractor.model.encoder.name!r}. `register_encoder` makes a family known."
        )
    return layers


def keep_layers(extractor: RelationExtractor, layers: Sequence[int]) -> RelationExtractor:
    """The same model on some layers of its encoder, one above the other; nothing is trained.

    Args:
        extractor: the extractor, which stays as it is.
        layers: the numbers of the layers, from 0, in ascending order.

    Returns:
        A new extractor. Thresholds that were tuned for the old one are left out.

    Raises:
        InputError: the encoder has no such layers.

    Example, with a run folder that `gplinker train` wrote:

        smaller = keep_layers(RelationExtractor.load("run"), [0, 2, 4])
        smaller.save("smaller")
    """
    known = range(layers_of(extractor))
    if not layers or sorted({*layers} & {*known}) != list(layers):
        raise InputError(
            f"Expected numbers from 0 to {known[-1]} in ascending order, the layers of the "
            f"encoder. Received: layers={list(layers)}."
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
    """An untrained model of the same kind and settings on another encoder.

    Args:
        model: the model.
        encoder: the configuration of the new encoder.
    """
    settings = model.settings_config()
    with layers_compute_in("float32"):
        return type(model)(encoder_from_config(encoder), model.num_predicates, **settings)


def copy_weights(teacher: RelationModel, student: RelationModel, layers: Sequence[int]) -> None:
    """Gives a model the weights of another, of whose encoder it has some layers.

    Args:
        teacher: where the weights come from.
        student: where they go.
        layers: the numbers that the student's layers have in the teacher.
    """
    known = named_weights(teacher)
    for name, weight in named_weights(student).items():
        match = OF_LAYER.match(name)
        if match:
            start, number, end = match.groups()
            name = f"{start}{layers[int(number)]}{end}"
        weight.assign(known[name])


def in_words(layers: Sequence[int], of: int) -> str:
    """Which layers they are, counted from 1.

    Example:

    >>> in_words([0, 2, 4], of=6)
    'layers 1, 3, 5 of 6'
    """
    if 1 < len(layers) == of:
        return f"all {of} layers"
    numbers = ", ".join(str(number + 1) for number in layers)
    return f"{'layer' if len(layers) == 1 else 'layers'} {numbers} of {of}"
