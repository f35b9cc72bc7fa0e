"""How much memory a training step will take."""

from __future__ import annotations

import numpy as np

from gplinker_tf.extraction import RelationExtractor
from gplinker_tf.training.options import TrainingOptions
from gplinker_tf.training.preparation import longest_batch

#: float32 numbers that a weight comes with: itself, its gradient, Adam's two moments.
NUMBERS_A_WEIGHT = 4

#: Values of the hidden size that a block keeps for its gradient, for each token: inputs, queries,
#: keys, values, contexts, sums and normalisations, with what dropout keeps of them.
HIDDEN_A_BLOCK = 16

#: The same of the inner size, about the activation, and of attention's `[heads, L, L]`.
INNER_A_BLOCK, ATTENTION_A_BLOCK = 4, 3


def memory_line(extractor: RelationExtractor, options: TrainingOptions) -> str:
    """A sentence with the estimate, for texts that are all as long as they may be."""
    weights, activations = estimate(extractor, options)
    return (
        f"About {(weights + activations) / 2**30:.1f} GiB of memory: {weights / 2**30:.1f} for "
        f"weights and optimiser, {activations / 2**30:.1f} for {options.batch_size} texts of "
        f"{options.max_length} tokens at most. Nothing was trained (dry run)."
    )


def estimate(extractor: RelationExtractor, options: TrainingOptions) -> tuple[int, int]:
    """Bytes of weights with what the optimiser keeps, and of a step's activations.

    Args:
        extractor: the model that will be trained, with its configuration.
        options: the settings.
    """
    count = sum(int(np.prod(weight.shape)) for weight in extractor.model.trainable_weights)
    numbers = NUMBERS_A_WEIGHT + (options.averaging is not None)
    if options.accumulation > 1:
        numbers += 2  # the gradients so far, and their sum with a part's
    length = longest_batch(options)
    texts = -(-options.batch_size // options.accumulation)
    size = 4 if options.precision == "float32" else 2
    config = extractor.encoder_config
    values = config["num_hidden_layers"] * (
        HIDDEN_A_BLOCK * config["hidden_size"]
        + INNER_A_BLOCK * config["intermediate_size"]
        + ATTENTION_A_BLOCK * config["num_attention_heads"] * length
    )
    values = length * values + extractor.model.values_a_text(length)
    return 4 * count * numbers, size * texts * values
