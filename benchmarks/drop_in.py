"""Training steps of the drop-in models beside those of bert4keras 0.11.5, family by family.

    TF_USE_LEGACY_KERAS=1 python -m benchmarks.drop_in

Both run in one process, under legacy Keras, with the same sizes and in turns. A step is forward,
backward and Adam in a `tf.function`, with dropout. The ratio is bert4keras's time by ours.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

from tests.own_gau_alpha import gau_alpha
from tests.reference import load_bert4keras

bert4keras = load_bert4keras()

import numpy as np  # noqa: E402

from benchmarks.comparison import compare, take_turns  # noqa: E402
from gplinker_tf.backend import tf  # noqa: E402
from gplinker_tf.bert4keras import models  # noqa: E402

FAMILIES = ("bert", "albert", "nezha", "electra", "roformer", "roformer_v2", "gau_alpha")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.drop_in",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    parser.add_argument("--hidden-size", type=int, default=256)
    parser.add_argument("--layers", type=int, default=4, help="number of blocks")
    parser.add_argument("--texts", type=int, default=16, help="texts per step")
    parser.add_argument("--length", type=int, default=128, help="tokens per text")
    parser.add_argument("--turns", type=int, default=11, help="turns of each comparison")
    parser.add_argument(
        "--cpu-time",
        action="store_true",
        help="measure the time of all processor cores together, on a machine that others use too",
    )
    return parser.parse_args()


def training_step(module: Any, family: str, options: argparse.Namespace) -> Callable[[int], float]:
    """A function that trains a model of a module for a step, and returns the seconds."""
    sizes = {
        "vocab_size": 8000,
        "hidden_size": options.hidden_size,
        "num_hidden_layers": options.layers,
        "num_attention_heads": options.hidden_size // 64,
        "intermediate_size": 4 * options.hidden_size,
        "hidden_act": "gelu",
        "dropout_rate": 0.1,
        "attention_dropout_rate": 0.1,
        "max_position": options.length,
        "model": family,
    }
    if family == "gau_alpha":
        sizes |= {"model": gau_alpha(module), "hidden_act": "swish", "attention_key_size": 128}
        sizes["intermediate_size"] = 2 * options.hidden_size
    model = module.build_transformer_model(**sizes)
    optimizer = tf.keras.optimizers.legacy.Adam(1e-4)
    rng = np.random.default_rng(0)
    ids = rng.integers(1, sizes["vocab_size"], [options.texts, options.length])
    ids[:, 3 * options.length // 4 :] *= rng.random([options.texts, 1]) < 0.5
    inputs = [tf.constant(ids, tf.int32), tf.zeros_like(ids, tf.int32)]
    goal = tf.constant(rng.normal(size=model(inputs).shape), tf.float32)

    @tf.function
    def step() -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(inputs, training=True) - goal) ** 2)
        gradients = tape.gradient(loss, model.trainable_weights)
        optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
        return loss

    clock = time.process_time if options.cpu_time else time.perf_counter

    def seconds(turn: int) -> float:
        began = clock()
        float(step())
        return clock() - began

    return seconds


def main() -> None:
    options = parse()
    print("| family | gplinker_tf | bert4keras | ratio (range) |\n|---|---|---|---|")
    for family in options.families:
        tf.keras.backend.clear_session()
        sides = (training_step(module, family, options) for module in (models, bert4keras.models))
        pairs = take_turns(*sides, options.turns)
        row = compare(family, ("gplinker_tf", "bert4keras"), pairs, ">= 1")
        print(
            f"| {family} | {row.ours_value:.0f} ms | {row.other_value:.0f} ms | {row.ratio:.2f} "
            f"({row.ratio_lowest:.2f} to {row.ratio_highest:.2f}) |"
        )


if __name__ == "__main__":
    main()
