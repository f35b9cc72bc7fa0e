"""Training steps of the drop-in models, compared with bert4keras 0.11.5 for each family.

    TF_USE_LEGACY_KERAS=1 python -m benchmarks.drop_in

Both run in turns in one process, under legacy Keras, with the same sizes. A step is a forward and a
backward pass and Adam, with dropout. The ratio is bert4keras's time divided by ours.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, NamedTuple

import typer

from tests.own_gau_alpha import gau_alpha
from tests.reference import load_bert4keras

bert4keras = load_bert4keras()

import numpy as np  # noqa: E402

from benchmarks import report  # noqa: E402
from benchmarks.command import TurnsOption, run_command  # noqa: E402
from benchmarks.comparison import compare, take_turns  # noqa: E402
from benchmarks.timing import Seconds, seconds_of  # noqa: E402
from gplinker_tf.backend import tf  # noqa: E402
from gplinker_tf.bert4keras import models  # noqa: E402

FAMILIES = ("bert", "albert", "nezha", "electra", "roformer", "roformer_v2", "gau_alpha")
Family = Enum("Family", {name: name for name in FAMILIES}, type=str)


class Sizes(NamedTuple):
    """The sizes of the models and batches that both libraries train."""

    hidden_size: int
    layers: int
    texts: int
    length: int


def training_step(module: Any, family: str, chosen: Sizes) -> Callable[[int], Seconds]:
    """Build a model with a module; return a function that takes and times one training step."""
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

    return lambda turn: seconds_of(lambda: float(step()))


def main(
    family: Annotated[list[Family], typer.Option(help="Family; may be repeated.")] = [*Family],  # noqa: B006
    hidden_size: Annotated[int, typer.Option(help="Hidden size, a multiple of 64.")] = 256,
    layers: Annotated[int, typer.Option(help="Number of layers.")] = 4,
    texts: Annotated[int, typer.Option(help="Texts per step.")] = 16,
    length: Annotated[int, typer.Option(help="Tokens per text.")] = 128,
    turns: TurnsOption = 11,
) -> None:
    """Compare the training steps of the drop-in models with those of bert4keras."""
    sizes = Sizes(hidden_size, layers, texts, length)
    print(report.HEADER)
    for name in (each.value for each in family):
        tf.keras.backend.clear_session()
        sides = (training_step(module, name, sizes) for module in (models, bert4keras.models))
        pairs = take_turns(*sides, turns)
        print(report.line(compare(name, ("gplinker_tf", "bert4keras"), pairs, ">= 1")))


if __name__ == "__main__":
    run_command(main)
