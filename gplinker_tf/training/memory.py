"""Estimates of the memory that a training step takes, and the memory that there is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

import numpy as np

from gplinker_tf.backend import tf
from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.training.options import SettledOptions
from gplinker_tf.training.preparation import longest_batch

#: The smallest `max_length` that is suggested to make a step fit.
SHORTEST = 32

CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")

#: float32 numbers per weight: the weight itself, its gradient and Adam's two moments.
NUMBERS_A_WEIGHT = 4

#: Vectors of the hidden size that a block keeps per token for its gradient: inputs, queries, keys,
#: values, contexts, sums and normalizations, including what dropout keeps of them.
HIDDEN_A_BLOCK = 16

#: The same for the intermediate size, around the activation, and for attention's `[heads, L, L]`.
INNER_A_BLOCK, ATTENTION_A_BLOCK = 4, 3


class SmallerStep(TypedDict, total=False):
    """Options that reduce the memory of a step."""

    accumulation: int
    max_length: int


def memory_in_words(extractor: RelationExtractor, options: SettledOptions) -> str:
    """Return a sentence with the estimate, for texts that all have the maximum length."""
    weights, activations = estimate(extractor, options)
    return (
        f"About {(weights + activations) / 2**30:.1f} GiB of memory: {weights / 2**30:.1f} for "
        f"weights and optimizer, {activations / 2**30:.1f} for {options.batch_size} texts of "
        f"{options.max_length} tokens at most.{_way_to_fit(extractor, options)}"
    )


def _way_to_fit(extractor: RelationExtractor, options: SettledOptions) -> str:
    """Return what would make a step fit into this machine's memory, if it does not."""
    room = memory_gibibytes()
    if tf.config.list_physical_devices("GPU") or room is None:
        return ""  # TensorFlow does not say how large a GPU's memory is

    def fits(changes: SmallerStep) -> bool:
        weights, activations = estimate(extractor, replace(options, **changes))
        return weights + activations < room * 2**30

    if fits({}):
        return ""
    changes = next(filter(fits, _smaller_steps(options)), None)
    if changes is None:
        way = "use fewer --encoder-layers, or a smaller encoder"
    else:
        flags = (f"--{name.replace('_', '-')} {value}" for name, value in changes.items())
        way = f"it fits with {' and '.join(flags)}"
    return f" This machine has {room:.0f} GiB: {way}."


def _smaller_steps(options: SettledOptions) -> Iterator[SmallerStep]:
    """Yield changes that take less and less memory, first those that do not affect learning."""
    parts = options.accumulation * 2
    while parts <= options.batch_size:
        yield {"accumulation": parts}
        parts *= 2
    length = options.max_length // 2
    while length >= SHORTEST:
        yield {"accumulation": options.batch_size, "max_length": length}
        length //= 2


def memory_gibibytes() -> float | None:
    """Return the memory of this machine, or of the container, in GiB, or `None` if unknown."""
    try:
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
    with suppress(OSError, ValueError):  # no container, or one without a limit
        size = min(size, int(CONTAINER_LIMIT.read_text()))
    return round(size / 2**30, 1)


def estimate(extractor: RelationExtractor, options: SettledOptions) -> tuple[int, int]:
    """Return the bytes of the weights with the optimizer's state, and of a step's activations.

    Args:
        extractor: the model to train, with its configuration.
        options: the settings.

    Raises:
        ValueError: the extractor does not have its encoder's configuration.
    """
    config = extractor.encoder_config
    if config is None:
        raise ValueError(f"Expected an encoder_config. Received: {extractor}, which has none.")
    count = sum(int(np.prod(weight.shape)) for weight in extractor.model.trainable_weights)
    numbers = NUMBERS_A_WEIGHT + (options.averaging is not None)
    if options.accumulation > 1:
        numbers += 2  # the accumulated gradients, and their sum with those of a part
    length = longest_batch(options)
    texts = -(-options.batch_size // options.accumulation)
    size = 4 if options.precision == "float32" else 2
    values = config["num_hidden_layers"] * (
        HIDDEN_A_BLOCK * config["hidden_size"]
        + INNER_A_BLOCK * config["intermediate_size"]
        + ATTENTION_A_BLOCK * config["num_attention_heads"] * length
    )
    values = length * values + extractor.model.activations_per_text(length)
    return 4 * count * numbers, size * texts * values
