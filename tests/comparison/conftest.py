"""A table's folder with runs of two models; each test gets its own copy.

One run is trained. The others are copies of it with made-up results, so that each has a different
F1.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from compared import SETTINGS, VARIANTS
from encoders.tiny_bert import write_for_vocabulary

from gplinker_tf import Extraction, RelationExtractor, Span, Triple
from gplinker_tf.comparison._runs import Runs
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.metrics import evaluate_triples
from gplinker_tf.runs import write_predictions
from gplinker_tf.training import train


@pytest.fixture(scope="session")
def encoder(sample, tmp_path_factory) -> Path:
    """A BERT with random weights and the sample's vocabulary."""
    folder = tmp_path_factory.mktemp("encoders") / "tiny-bert"
    return write_for_vocabulary(folder, sample / "vocab.txt", positions=48)


@pytest.fixture(scope="session")
def trained(sample, encoder, made_once) -> Path:
    """The run folder of a trained GPLinker."""

    def fill(folder):
        run = Runs(folder, SETTINGS).run("gplinker-efficient", seed=1)
        quiet = {"progress": False, "report": lambda line: None}
        folders = DataFolder.open(sample), EncoderFolder.open(encoder)
        train(*folders, run.folder, run.options, **quiet)

    return Runs(made_once("trained", fill), SETTINGS).run("gplinker-efficient", seed=1).folder


@pytest.fixture(scope="session")
def finished(trained, sample, tmp_path_factory) -> Path:
    output = tmp_path_factory.mktemp("tables") / "finished"
    extractor = RelationExtractor.load(trained)
    examples = read_examples(sample / "dev_data.json", extractor.schema, SETTINGS["dev_limit"])
    for number, run in enumerate(Runs(output, SETTINGS).asked(VARIANTS, 2)):
        shutil.copytree(trained, run.folder)
        config = yaml.safe_load((run.folder / "run.yaml").read_text("utf-8"))
        config |= {"model": run.options.model.kind, "seed": run.seed}
        (run.folder / "run.yaml").write_text(yaml.safe_dump(config), "utf-8")
        _invent(run.folder, examples, extractor.tokenizer.tokenize, seed=number)
    return output


def _invent(folder, examples, tokenize, seed):
    """Write made-up results: most annotated triples are found, and some spurious ones."""
    random = np.random.default_rng(seed)
    found = []
    for example in examples:
        right = [triple for triple in example.triples if random.random() < 0.7]
        wrong = [Triple(Span("甲"), example.triples[0].predicate, Span("乙"))]
        found.append(Extraction(example.text, (*right, *wrong[: random.integers(2)])))
    scores = evaluate_triples(examples, found, tokenize)
    record = json.loads((folder / "history.jsonl").read_text().splitlines()[1]) | {
        **{name: getattr(scores.tokenized, name) for name in ("f1", "precision", "recall")},
        **{f"exact_{name}": getattr(scores.exact, name) for name in ("f1", "precision", "recall")},
    }
    first = record | {"epoch": 1, "f1": record["f1"] / 2}
    lines = "".join(json.dumps(epoch) + "\n" for epoch in (first, record))
    (folder / "history.jsonl").write_text(lines)
    write_predictions(folder / "dev_pred.json", examples, found, tokenize)


@pytest.fixture
def output(finished, tmp_path) -> Path:
    shutil.copytree(finished, tmp_path / "table")
    return tmp_path / "table"
