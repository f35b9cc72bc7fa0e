"""Each family of encoders trains, resumes and extracts, on the texts of LIC2019.

    python -m benchmarks.families --data lic2019 --vocabulary zh-e5-small/vocab.txt

`gplinker train` on small encoders with random weights, 20 steps in two epochs, twice: once
undisturbed, once killed in the second epoch and resumed. Both runs have to end with the same
weights, bit for bit. After so few steps no score is above 0, so each text is asked for its best
triple. Each run is a fork of a process that has imported the package, which Windows does not have.
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
from gplinker_tf.training import trainer  # noqa: F401, so that no fork imports it

# None but forks run TensorFlow, whose threads would not be in a fork.
FORKS = multiprocessing.get_context("fork")

#: A family's own sizes, beside those that all have.
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
KILLED_FROM = STEPS_AN_EPOCH + 3  # the step whose checkpoint is waited for


def main(
    data: DataOption,
    vocabulary: Annotated[Path, typer.Option(help="A vocab.txt for its texts.")],
    family: Annotated[
        list[str] | None, typer.Option(help="Families; may be repeated. All by default.")
    ] = None,
    model: Annotated[str, typer.Option(help="What is trained, as --model of gplinker train.")] = (
        "gplinker"
    ),
    texts: Annotated[int, typer.Option(help="How many dev texts are extracted from.")] = 10,
) -> None:
    """Train an encoder of each family."""
    print(
        "| family | loss, steps 1 to 10 | loss, steps 11 to 20 | weights after kill and resume "
        f"| of {texts} texts, with a triple |\n|---|---|---|---|---|"
    )
    good = True
    for name in family or ENCODERS:
        with tempfile.TemporaryDirectory() as folder:
            row = try_family(name, data, vocabulary, model, texts, Path(folder))
        losses, step, same, found = row["losses"], row["killed"], row["same"], row["found"]
        verdict = f"{'the same' if same else '**others**'}, killed at step {step}"
        print(f"| `{name}` | {losses[0]:.2f} | {losses[1]:.2f} | {verdict} | {found} |", flush=True)
        good = good and losses[1] < losses[0] and same and found == texts
    raise typer.Exit(not good)


def try_family(
    name: str, data: Path, vocabulary: Path, model: str, texts: int, folder: Path
) -> dict[str, Any]:
    """What became of a family's runs.

    Args:
        name: of the family.
        data: LIC2019's folder.
        vocabulary: a `vocab.txt`.
        model: what is trained.
        texts: how many dev texts are extracted from.
        folder: an empty one for encoder and runs.

    Returns:
        `losses` of the epochs, the step that the second run was `killed` at, whether the weights
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
    """What a function returns in a process of its own."""
    with FORKS.Pool(1) as pool:
        return pool.apply(function, arguments)


def write_encoder(name: str, vocabulary: Path, folder: Path) -> None:
    """A folder with an encoder of random weights, as a Google checkpoint."""
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
    """`gplinker train`, without the folder of the run."""
    options = [part for option, value in OPTIONS.items() for part in (f"--{option}", value)]
    folders = ["--data", data, "--encoder", encoder, "--encoder-family", name]
    return ["train", *folders, "--model", model, *options]


def start(command: list[Any]) -> BaseProcess:
    """Runs a command of `gplinker`; what it prints goes nowhere."""
    process = FORKS.Process(target=_run, args=(command,))
    process.start()
    return process


def _run(command: list[Any]) -> None:
    for number in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    sys.argv[1:] = map(str, command)
    gplinker()


def expect_end(process: BaseProcess) -> None:
    """Waits for a command, which is expected to end well."""
    process.join()
    if process.exitcode:
        raise RuntimeError(f"Expected exit code 0. Received: {process.exitcode}.")


def kill_one(command: list[Any], run: Path) -> int:
    """Starts a run and kills it in its second epoch; the step of its newest checkpoint."""
    process = start(command)
    while newest_step(run) < KILLED_FROM and process.is_alive():
        time.sleep(0.01)
    process.kill()
    process.join()
    if process.exitcode != -signal.SIGKILL:
        raise RuntimeError(f"Expected a run to kill. Received: it ended with {process.exitcode}.")
    return newest_step(run)


def newest_step(run: Path) -> int:
    """The step of the newest checkpoint of a run."""
    checkpoints = run.glob("checkpoints/step-*.safetensors")
    return max((int(path.stem.removeprefix("step-")) for path in checkpoints), default=0)


def same_weights(run: Path, other: Path) -> bool:
    """Whether two runs ended with the same weights, bit for bit."""
    weights, expected = (load_file(folder / "model.safetensors") for folder in (run, other))
    return weights.keys() == expected.keys() and all(
        np.array_equal(array, expected[name]) for name, array in weights.items()
    )


def texts_with_a_triple(run: Path, data: Path, texts: int) -> int:
    """In how many dev texts a run finds its best triple, whatever the score."""
    extractor = RelationExtractor.load(run)
    examples = read_examples(data / "dev_data.json", extractor.schema, texts)
    words = [example.text for example in examples]
    extractions = extractor(words, threshold=-float("inf"), max_triples=1)
    return sum(bool(extraction.triples) for extraction in extractions)


if __name__ == "__main__":
    run_command(main)
