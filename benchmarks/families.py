"""A check that each encoder family trains, resumes and extracts, on the texts of LIC2019.

    python -m benchmarks.families --data lic2019 --vocabulary zh-e5-small/vocab.txt

`gplinker train` runs twice on a small encoder with random weights, for 20 steps in two epochs: once
without interruption, once killed in the second epoch and resumed. Both runs must end with
bit-identical weights. After so few steps no score is above 0, so the best triple of each text is
extracted whatever its score. Each run is a forked process, so this does not work on Windows.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from safetensors.numpy import load_file

from benchmarks.command import DataOption, run_command
from gplinker_tf import RelationExtractor
from gplinker_tf.backend import tf
from gplinker_tf.cli.app import main as gplinker
from gplinker_tf.data import read_examples
from gplinker_tf.encoders import ENCODERS
from gplinker_tf.training import trainer  # noqa: F401, so that forks need not import it

# Only forks run TensorFlow, because its threads do not survive a fork.
FORKS = multiprocessing.get_context("fork")

#: Additional sizes of some families.
OWN = {
    **{name: {"embedding_size": 64} for name in ("albert", "albert_unshared", "electra")},
    "gau_alpha": {"intermediate_size": 256, "attention_key_size": 64, "hidden_act": "swish"},
}
SIZES = {
    "hidden_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 512,
    "max_position": 128,
}
STEPS_AN_EPOCH, TEXTS_A_STEP = 10, 8
OPTIONS = {
    "epochs": 2,
    "batch-size": TEXTS_A_STEP,
    "limit": STEPS_AN_EPOCH * TEXTS_A_STEP,
    "dev-limit": 10,
    "max-length": 64,
    "tune": "none",
}
KILLED_FROM = STEPS_AN_EPOCH + 3  # kill the run once it has a checkpoint of this step


def main(
    data: DataOption,
    vocabulary: Annotated[Path, typer.Option(help="A vocab.txt for these texts.")],
    family: Annotated[
        list[str] | None, typer.Option(help="Encoder family; may be repeated. Defaults to all.")
    ] = None,
    model: Annotated[str, typer.Option(help="Model to train, as in gplinker train.")] = (
        "gplinker"
    ),
    texts: Annotated[int, typer.Option(help="Number of dev texts to extract from.")] = 10,
) -> None:
    """Train an encoder of each family."""
    print(
        "| family | loss, steps 1 to 10 | loss, steps 11 to 20 | weights after kill and resume "
        f"| texts with a triple, of {texts} |\n|---|---|---|---|---|"
    )
    good = True
    for name in family or ENCODERS:
        with tempfile.TemporaryDirectory() as folder:
            row = try_family(name, data, vocabulary, model, texts, Path(folder))
        losses, step, same, found = row["losses"], row["killed"], row["same"], row["found"]
        verdict = f"{'the same' if same else '**different**'}, killed at step {step}"
        print(f"| `{name}` | {losses[0]:.2f} | {losses[1]:.2f} | {verdict} | {found} |", flush=True)
        good = good and losses[1] < losses[0] and same and found == texts
    raise typer.Exit(not good)


def try_family(
    name: str, data: Path, vocabulary: Path, model: str, texts: int, folder: Path
) -> dict[str, Any]:
    """Train, kill, resume and extract with one family.

    Args:
        name: the name of the family.
        data: the folder of LIC2019.
        vocabulary: the path of a `vocab.txt`.
        model: the model to train.
        texts: the number of dev texts to extract from.
        folder: an empty folder for the encoder and the runs.

    Returns:
        `losses` of the epochs, the step at which the second run was `killed`, whether the weights
        are the `same`, and the number of texts in which a triple was `found`.
    """
    encoder, whole, killed = (folder / part for part in ("encoder", "whole", "killed"))
    in_a_fork(write_encoder, name, vocabulary, encoder)
    command = train_command(name, data, encoder, model)
    expect_end(start([*command, "--output", whole]))
    step = kill_one([*command, "--output", killed, "--checkpoint-minutes", 0], killed)
    expect_end(start([*command, "--output", killed, "--resume"]))
    return {
        "losses": [json.loads(line)["loss"] for line in (whole / "history.jsonl").open("rb")],
        "killed": step,
        "same": same_weights(killed, whole),
        "found": in_a_fork(texts_with_a_triple, killed, data, texts),
    }


def in_a_fork(function: Any, *arguments: Any) -> Any:
    """Call a function in a process of its own, and return its result."""
    with FORKS.Pool(1) as pool:
        return pool.apply(function, arguments)


def write_encoder(name: str, vocabulary: Path, folder: Path) -> None:
    """Write an encoder with random weights to a new folder, as a Google checkpoint."""
    folder.mkdir()
    tokens = vocabulary.read_bytes()
    (folder / "vocab.txt").write_bytes(tokens)
    family = ENCODERS[name]
    config = family.config.from_dict(
        {**SIZES, "vocab_size": len(tokens.splitlines()), **OWN.get(name, {})}
    )
    (folder / "bert_config.json").write_text(json.dumps(config.to_dict()), "utf-8")
    encoder = family.build(config, name="encoder")
    tensors = {
        tensor: weight.numpy()
        for layer, names in encoder.tensor_names().items()
        for tensor, weight in zip(names, encoder.layers[layer].weights, strict=True)
    }
    tf.raw_ops.SaveV2(
        prefix=str(folder / "bert_model.ckpt"),
        tensor_names=list(tensors),
        shape_and_slices=[""] * len(tensors),
        tensors=list(tensors.values()),
    )


def train_command(name: str, data: Path, encoder: Path, model: str) -> list[Any]:
    """Return the arguments of `gplinker train`, except for the run folder."""
    options = [part for option, value in OPTIONS.items() for part in (f"--{option}", value)]
    folders = ["--data", data, "--encoder", encoder, "--encoder-family", name]
    return ["train", *folders, "--model", model, *options]


def start(command: list[Any]) -> BaseProcess:
    """Start a `gplinker` command whose output is discarded."""
    process = FORKS.Process(target=_run, args=(command,))
    process.start()
    return process


def _run(command: list[Any]) -> None:
    for number in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    sys.argv[1:] = map(str, command)
    gplinker()


def expect_end(process: BaseProcess) -> None:
    """Wait for a command, and raise an error unless it succeeds."""
    process.join()
    if process.exitcode:
        raise RuntimeError(f"Expected exit code 0. Received: {process.exitcode}.")


def kill_one(command: list[Any], run: Path) -> int:
    """Kill a run in its second epoch, and return the step of its newest checkpoint."""
    process = start(command)
    while newest_step(run) < KILLED_FROM and process.is_alive():
        time.sleep(0.01)
    process.kill()
    process.join()
    if process.exitcode != -signal.SIGKILL:
        raise RuntimeError(f"Expected a run to kill. Received: exit code {process.exitcode}.")
    return newest_step(run)


def newest_step(run: Path) -> int:
    """Return the step of the newest checkpoint of a run, 0 if it has none."""
    checkpoints = run.glob("checkpoints/step-*.safetensors")
    return max((int(path.stem.removeprefix("step-")) for path in checkpoints), default=0)


def same_weights(run: Path, other: Path) -> bool:
    """Return whether two runs have bit-identical weights."""
    weights, expected = (load_file(folder / "model.safetensors") for folder in (run, other))
    return weights.keys() == expected.keys() and all(
        np.array_equal(array, expected[name]) for name, array in weights.items()
    )


def texts_with_a_triple(run: Path, data: Path, texts: int) -> int:
    """Count the dev texts in which a run finds a triple when any score is accepted."""
    extractor = RelationExtractor.load(run)
    examples = read_examples(data / "dev_data.json", extractor.schema, texts)
    words = [example.text for example in examples]
    extractions = extractor(words, threshold=-float("inf"), max_triples=1)
    return sum(bool(extraction.triples) for extraction in extractions)


if __name__ == "__main__":
    run_command(main)
