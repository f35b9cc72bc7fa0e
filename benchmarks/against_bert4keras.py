"""Training and extraction beside the blog's script, in turns on one machine.

    python -m benchmarks.against_bert4keras --data LIC2019 --encoder ENCODER

Each side runs in a process of its own, the script's calculation on bert4keras 0.11.5 with legacy
Keras, this package with Keras 3. They take turns of a few training steps or a few sentences, so
that what else the machine does meets both alike. Both start from the same encoder and have seen
the same number of training steps when they extract.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

WARM_UP = 2  # turns that are not counted
SIDES = {"bert4keras": "1", "gplinker_tf": "0"}


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of LIC2019's files")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of a BERT")
    parser.add_argument("--encoder-layers", type=int, default=6)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--turns", type=int, default=12, help="turns of each kind")
    parser.add_argument("--steps", type=int, default=5, help="training steps a turn")
    parser.add_argument("--sentences", type=int, default=64, help="sentences extracted a turn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    return parser.parse_args()


class Worker:
    """A side in its own process; `ask` makes it do a piece of work and gives the seconds."""

    def __init__(self, side: str) -> None:
        environment = os.environ | {
            "TF_USE_LEGACY_KERAS": SIDES[side],
            "TF_CPP_MIN_LOG_LEVEL": "2",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.against_bert4keras", "--side", side, *sys.argv[1:]],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, kind: str, turn: int) -> float:
        self.process.stdin.write(json.dumps([kind, turn]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit("a side ended early; its error stands above")
        return float(answer)


def serve(arguments: argparse.Namespace) -> None:
    """The loop of a worker: a line in, seconds out."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print belongs to no answer
    side = {"bert4keras": bert4keras_side, "gplinker_tf": our_side}[arguments.side]
    train, extract = side(arguments)
    for line in sys.stdin:
        kind, turn = json.loads(line)
        began = time.perf_counter()
        train() if kind == "training" else extract(turn)
        print(time.perf_counter() - began, file=answers, flush=True)


def bert4keras_side(arguments: argparse.Namespace) -> tuple[Any, Any]:
    from benchmarks.bert4keras_script import Bert4kerasScript
    from gplinker_tf.data import LIC2019Folder, read_examples, read_schema

    data = LIC2019Folder.open(arguments.data)
    script = Bert4kerasScript(
        arguments.encoder,
        arguments.encoder_layers,
        read_schema(data.schema),
        max_length=128,
        learning_rate=arguments.learning_rate,
        seed=arguments.seed,
    )
    # Made beforehand: Keras makes them in another thread while it trains, and so does our side.
    batches = islice(
        script.batches(read_examples(data.train), arguments.batch_size),
        arguments.steps * (arguments.turns + WARM_UP),
    )
    batches = iter(list(batches))
    texts = [example.text for example in read_examples(data.dev)]

    def train() -> None:
        for _ in range(arguments.steps):
            script.train(next(batches))

    def extract(turn: int) -> None:
        for text in turn_of(texts, turn, arguments.sentences):
            script.extract(text)

    return train, extract


def our_side(arguments: argparse.Namespace) -> tuple[Any, Any]:
    from gplinker_tf.data import LIC2019Folder, read_examples, read_schema
    from gplinker_tf.encoders import EncoderFolder
    from gplinker_tf.training import AveragingAdam, TrainingOptions
    from gplinker_tf.training.trainer import new_extractor, tokenised_batches

    data = LIC2019Folder.open(arguments.data)
    schema = read_schema(data.schema)
    options = TrainingOptions(
        batch_size=arguments.batch_size,
        averaging=None,
        encoder_layers=arguments.encoder_layers,
        seed=arguments.seed,
    )
    extractor = new_extractor(EncoderFolder.open(arguments.encoder), schema, options)
    batches = tokenised_batches(extractor, read_examples(data.train), options, progress=False)
    model = extractor.model
    model.compile(AveragingAdam(arguments.learning_rate, averaging=None))
    dataset = iter(batches.dataset())
    texts = [example.text for example in read_examples(data.dev)]
    step = None

    def train() -> None:
        nonlocal step
        if step is None:
            model.make_train_function()
            step = model.train_function
        for _ in range(arguments.steps):
            float(step(dataset)["loss"])

    def extract(turn: int) -> None:
        extractor(turn_of(texts, turn, arguments.sentences))

    return train, extract


def turn_of(texts: list[str], turn: int, count: int) -> list[str]:
    start = turn * count % len(texts)
    return texts[start : start + count]


def main() -> None:
    arguments = parse()
    if arguments.side:
        serve(arguments)
        return
    workers = {side: Worker(side) for side in SIDES}
    amounts = {
        "training": arguments.steps * arguments.batch_size,
        "extraction": arguments.sentences,
    }
    for kind, sentences in amounts.items():
        seconds: dict[str, list[float]] = {side: [] for side in SIDES}
        for turn in range(-WARM_UP, arguments.turns):
            for side, worker in workers.items():
                taken = worker.ask(kind, max(turn, 0))
                if turn >= 0:
                    seconds[side].append(taken)
        ratios = sorted(b / o for b, o in zip(*seconds.values(), strict=True))
        speeds = {side: sentences / median(values) for side, values in seconds.items()}
        print(
            f"{kind}: bert4keras {speeds['bert4keras']:.1f}, gplinker_tf "
            f"{speeds['gplinker_tf']:.1f} sentences a second; ratio {median(ratios):.2f} "
            f"(median of {len(ratios)} turns, {ratios[0]:.2f} to {ratios[-1]:.2f})",
            flush=True,
        )
    for worker in workers.values():
        worker.process.stdin.close()
        worker.process.wait()


if __name__ == "__main__":
    main()
