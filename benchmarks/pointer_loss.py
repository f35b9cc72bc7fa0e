"""A pointer layer with its loss, forward and backward, beside bert4keras's.

    TF_USE_LEGACY_KERAS=1 python -m benchmarks.pointer_loss

Both sides run in one process, in turns, on the same random hidden states and sparse labels. The
sizes are those of a training step of the blog with a smaller batch.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median

import numpy as np

POINTERS = ("EfficientGlobalPointer", "GlobalPointer")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--predicates", type=int, default=49)
    parser.add_argument("--hidden-size", type=int, default=768)
    parser.add_argument("--turns", type=int, default=21)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    from tests.reference import load_bert4keras

    bert4keras = load_bert4keras()
    from gplinker_tf import layers
    from gplinker_tf.backend import tf
    from gplinker_tf.losses import factorised_globalpointer_crossentropy

    B, L, H = arguments.batch_size, arguments.length, arguments.predicates
    random = np.random.default_rng(arguments.seed)
    hidden = tf.constant(random.normal(size=[B, L, arguments.hidden_size]), tf.float32)
    mask = tf.constant(np.arange(L) < random.integers(L // 2, L + 1, [B, 1]))
    labels = random.integers(1, L // 2, [B, H, 4, 2])
    labels[random.random([B, H]) < 0.95] = 0  # most predicates have no triple in a text
    labels = tf.constant(labels)
    sparse_loss = bert4keras.backend.sparse_multilabel_categorical_crossentropy

    def published(layer, hidden):
        logits = tf.reshape(layer(hidden, mask=mask), [B, H, L * L])
        cells = labels[..., 0] * L + labels[..., 1]
        return tf.reduce_sum(sparse_loss(cells, logits, True), axis=1)

    def factorised(layer, hidden):
        return factorised_globalpointer_crossentropy(labels, layer.factors(hidden), mask)

    for name in POINTERS:
        arguments_of_layer = dict(heads=H, head_size=64, RoPE=False, tril_mask=False)
        sides = {
            "bert4keras": (getattr(bert4keras.layers, name)(**arguments_of_layer), published),
            "gplinker_tf": (getattr(layers, name)(**arguments_of_layer), factorised),
        }
        steps = {side: step_of(tf, hidden, *parts) for side, parts in sides.items()}
        report(name, steps, arguments.turns)


def step_of(tf, hidden, layer, loss_of: Callable) -> Callable[[], float]:
    """A compiled forward and backward pass, run twice to warm up."""
    loss_of(layer, hidden)  # makes the weights

    @tf.function
    def step(hidden):
        with tf.GradientTape() as tape:
            tape.watch(hidden)
            loss = tf.reduce_mean(loss_of(layer, hidden))
        return loss, tape.gradient(loss, [hidden, *layer.trainable_weights])

    def timed() -> float:
        began = time.perf_counter()
        float(step(hidden)[0])
        return time.perf_counter() - began

    timed(), timed()
    return timed


def report(name: str, steps: dict[str, Callable[[], float]], turns: int) -> None:
    seconds = [{side: step() for side, step in steps.items()} for _ in range(turns)]
    ratios = sorted(turn["bert4keras"] / turn["gplinker_tf"] for turn in seconds)
    of_side = {side: median(turn[side] for turn in seconds) for side in steps}
    print(
        f"{name}: bert4keras {of_side['bert4keras'] * 1e3:.0f} ms, gplinker_tf "
        f"{of_side['gplinker_tf'] * 1e3:.0f} ms; ratio {median(ratios):.1f} "
        f"(median of {turns} turns, {ratios[0]:.1f} to {ratios[-1]:.1f})",
        flush=True,
    )


if __name__ == "__main__":
    main()
