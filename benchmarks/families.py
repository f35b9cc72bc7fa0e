"""What docs/encoders.md shows: every family learns, resumes and extracts.

    python -m benchmarks.families --data lic2019

For each family a tiny random encoder, and 20 steps on the first 160 texts of the data. A second run
is interrupted in the middle and resumed: it has to end with the same weights, bit for bit. Then the
model extracts from a text of the dev set, at a threshold that an untrained model reaches.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from safetensors.numpy import load_file

from benchmarks.compatibility.encoders import vocabulary
from gplinker_tf import RelationExtractor
from gplinker_tf.backend import keras
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import ENCODERS, EncoderFolder
from gplinker_tf.training import TrainingOptions, prepare

SIZES = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 128,
    "hidden_act": "gelu",
}
#: A family's own sizes beside these.
NARROW = {"embedding_size": 32}
OWN: dict[str, dict[str, Any]] = {
    **{"albert": NARROW, "albert_unshared": NARROW, "electra": NARROW},
    "gau_alpha": {"attention_key_size": 32, "hidden_act": "swish"},
}
OPTIONS = {
    **{"limit": 160, "dev_limit": 8, "batch_size": 16, "epochs": 2, "max_length": 128, "seed": 1},
    **{"learning_rate": 1e-3, "averaging": None},
}
LOWEST = -1e3


def main(
    data: Annotated[Path, typer.Option(help="Folder of LIC2019's files.")],
) -> None:
    """Train each family for 20 steps."""
    folder = DataFolder.open(data)
    texts = [example.text for example in read_examples(folder.train, limit=OPTIONS["limit"])]
    tokens = vocabulary("".join(texts))
    print(
        "| family | parameters | loss, steps 1 to 10 | loss, steps 11 to 20 | resumed | extracts |"
    )
    print("|---|---|---|---|---|---|")
    for name in ENCODERS:
        with tempfile.TemporaryDirectory() as place:
            print(f"| `{name}` | {' | '.join(row_of(name, folder, tokens, Path(place)))} |")


def row_of(name: str, data: DataFolder, tokens: list[str], place: Path) -> list[str]:
    """What became of a family: figures for the table."""
    encoder = new_encoder(name, tokens, place / "encoder")
    whole = train(data, encoder, place / "whole")
    train(data, encoder, place / "resumed", interrupt=True)
    train(data, encoder, place / "resumed")
    losses = [json.loads(line)["loss"] for line in (place / "whole/history.jsonl").open("rb")]
    weights = [load_file(place / run / "model.safetensors") for run in ("whole", "resumed")]
    same = all((weights[0][key] == weights[1][key]).all() for key in weights[0])
    text = read_examples(data.dev, limit=1)[0].text
    (extraction,) = RelationExtractor.load(place / "whole")([text[:32]], threshold=LOWEST)
    parameters = sum(weight.numpy().size for weight in whole.trainable_weights)
    return [
        f"{parameters:,}",
        *(f"{loss:.2f}" for loss in losses),
        "same weights" if same else "other weights",
        "yes" if extraction.triples else "no",
    ]


def new_encoder(name: str, tokens: list[str], folder: Path) -> EncoderFolder:
    """A folder of configuration and vocabulary, whose weights are random."""
    folder.mkdir()
    sizes = {**SIZES, **OWN.get(name, {}), "vocab_size": len(tokens)}
    (folder / "config.json").write_text(json.dumps(sizes), "utf-8")
    (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", "utf-8")
    return EncoderFolder.open(folder, weights_required=False, family=name)


def train(
    data: DataFolder, encoder: EncoderFolder, output: Path, interrupt: bool = False
) -> keras.Model:
    """Trains a model, or goes on with what was interrupted in the middle of the second epoch."""
    plan = prepare(
        data, encoder, output, TrainingOptions.of(OPTIONS), progress=False, report=ignore
    )
    callbacks = [Interruption()] if interrupt else []
    plan.fit(resume=True, progress=False, report=ignore, callbacks=callbacks)
    return plan.extractor.model


def ignore(line: str) -> None:
    """Says nothing about what a run reports."""


class Interruption(keras.callbacks.Callback):
    """Ctrl-C in step 15."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.steps += 1
        if self.steps == 15:
            raise KeyboardInterrupt


if __name__ == "__main__":
    typer.run(main)
