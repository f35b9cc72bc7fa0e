"""Encoders of families other than BERT train, resume and extract, from a folder with weights."""

import json

import pytest
from encoders.tiny_families import write_google_of
from reference import in_one_generation

from gplinker_tf import RelationExtractor
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import EncoderFolder, config_of_encoder
from gplinker_tf.runs import read_run_config
from gplinker_tf.training import TrainingOptions, train
from gplinker_tf.training.options import known_options

pytestmark = [pytest.mark.slow, in_one_generation]

OPTIONS = {
    **{"model": "casrel", "epochs": 1, "batch_size": 8, "limit": 16, "dev_limit": 2, "seed": 1},
    **{"max_length": 32, "averaging": None, "learning_rate": 1e-3},
}


@pytest.mark.parametrize("family", ["albert", "nezha", "gau_alpha"])  # each with its own layers
def test_it_trains_resumes_and_extracts(family, sample, tmp_path):
    vocabulary = (sample / "vocab.txt").read_bytes()
    size = len(vocabulary.splitlines())
    folder = write_google_of(tmp_path / "encoder", family, vocab_size=size, num_hidden_layers=1)
    (folder / "vocab.txt").write_bytes(vocabulary)
    data, encoder = DataFolder.open(sample), EncoderFolder.open(folder, family=family)
    output = tmp_path / "run"
    for epochs in (1, 2) if family == "gau_alpha" else (1,):
        options = TrainingOptions.of(OPTIONS | {"epochs": epochs})
        train(data, encoder, output, options, progress=False, resume=epochs > 1)
    losses = [json.loads(line)["loss"] for line in (output / "history.jsonl").open("rb")]
    assert len(losses) == epochs and losses == sorted(losses)[::-1]
    config = read_run_config(output / "run.yaml", known_options())
    assert config["encoder_family"] == family

    extractor = RelationExtractor.load(output)
    assert config_of_encoder(extractor.model.encoder)["family"] == family
    text = read_examples(sample / "dev_data.json", limit=1)[0].text
    (extraction,) = extractor([text], threshold=-1e3)
    assert extraction.text == text and extraction.triples
