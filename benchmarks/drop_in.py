"""Training steps of the drop-in models beside those of bert4keras 0.11.5, family by family.

    TF_USE_LEGACY_KERAS=1 python -m benchmarks.drop_in

Both run in one process, under legacy Keras, with the same sizes and in turns. A step is forward,
backward and Adam in a `tf.function`, with dropout. The ratio is bert4keras's time by ours.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, NamedTuple

import typer

from tests.own_gau_alpha import gau_alpha
from tests.reference import load_bert4keras

bert4keras = load_bert4keras()

import numpy as np  # noqa: E402

from benchmarks.comparison import compare, take_turns  # noqa: E402
from gplinker_tf.backend import tf  # noqa: E402
from gplinker_tf.bert4keras import models  # noqa: E402

FAMILIES = ("bert", "albert", "nezha", "electra", "roformer", "roformer_v2", "gau_alpha")
Family = Enum("Family", {name: name for name in FAMILIES}, type=str)


class Sizes(NamedTuple):
    """What both libraries train, and by which clock."""

    hidden_size: int
    layers: int
    texts: int
    length: int
    clock: Callable[[], float]


def training_step(module: Any, family: str, chosen: Sizes) -> Callable[[int], float]:
    """A function that trains a model of a module for a step, and returns the seconds."""
    sizes = {
        "vocab_size": 8000,
        "hidden_size": chosen.hidden_size,
        "num_hidden_layers": chosen.layers,
        "num_attention_heads": chosen.hidden_size // 64,
        "intermediate_size": 4 * chosen.hidden_size,
        "hidden_act": "gelu",
        "dropout_rate": 0.1,
        "attention_dropout_rate": 0.1,
        "max_position": chosen.length,
        "model": family,
    }
    if family == "gau_alpha":
        sizes |= {"model": gau_alpha(module), "hidden_act": "swish", "attention_key_size": 128}
        sizes["intermediate_size"] = 2 * chosen.hidden_size
    model = module.build_transformer_model(**sizes)
    optimizer = tf.keras.optimizers.legacy.Adam(1e-4)
    rng = np.random.default_rng(0)
    ids = rng.integers(1, sizes["vocab_size"], [chosen.texts, chosen.length])
    ids[:, 3 * chosen.length // 4 :] *= rng.random([chosen.texts, 1]) < 0.5
    inputs = [tf.constant(ids, tf.int32), tf.zeros_like(ids, tf.int32)]
    goal = tf.constant(rng.normal(size=model(inputs).shape), tf.float32)

    @tf.function
    def step() -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(inputs, training=True) - goal) ** 2)
        gradients = tape.gradient(loss, model.trainable_weights)
        optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
        return loss

    def seconds(turn: int) -> float:
        began = chosen.clock()
        float(step())
        return chosen.clock() - began

    return seconds


def main(
    family: Annotated[list[Family], typer.Option(help="Families; may be repeated.")] = [*Family],  # noqa: B006
    hidden_size: Annotated[int, typer.Option(help="Hidden size, a multiple of 64.")] = 256,
    layers: Annotated[int, typer.Option(help="Number of blocks.")] = 4,
    texts: Annotated[int, typer.Option(help="Texts per step.")] = 16,
    length: Annotated[int, typer.Option(help="Tokens per text.")] = 128,
    turns: Annotated[int, typer.Option(help="Turns of each comparison.")] = 11,
    cpu_time: Annotated[
        bool,
        typer.Option(
            "--cpu-time",
            help="Measure the time of all cores together, on a machine that others use too.",
        ),
    ] = False,
) -> None:
    """Compare the training steps of the drop-in models with those of bert4keras."""
    clock = time.process_time if cpu_time else time.perf_counter
    sizes = Sizes(hidden_size, layers, texts, length, clock)
    print("| family | gplinker_tf | bert4keras | ratio (range) |\n|---|---|---|---|")
    for name in (each.value for each in family):
        tf.keras.backend.clear_session()
        sides = (training_step(module, name, sizes) for module in (models, bert4keras.models))
        pairs = take_turns(*sides, turns)
        row = compare(name, ("gplinker_tf", "bert4keras"), pairs, ">= 1")
        print(
            f"| {name} | {row.ours_value:.0f} ms | {row.other_value:.0f} ms | {row.ratio:.2f} "
            f"({row.ratio_lowest:.2f} to {row.ratio_highest:.2f}) |"
        )


if __name__ == "__main__":
    typer.run(main)
