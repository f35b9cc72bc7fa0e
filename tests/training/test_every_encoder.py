"""Every family of encoders trains, resumes and extracts, from a folder with its weights."""

import pytest
from encoders.tiny_families import FAMILIES, write_google_of
from reference import in_one_generation

from gplinker_tf import RelationExtractor
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import EncoderFolder, config_of_encoder
from gplinker_tf.runs import read_run_config
from gplinker_tf.training import TrainingOptions, train
from gplinker_tf.training.options import known_options

pytestmark = [pytest.mark.slow, in_one_generation]

OPTIONS = {
    **{"epochs": 1, "batch_size": 8, "limit": 16, "dev_limit": 2, "max_length": 32, "seed": 1},
    **{"head_size": 8, "encoder_layers": 1, "averaging": None, "learning_rate": 1e-3},
}


@pytest.mark.parametrize("family", FAMILIES)
def test_it_trains_resumes_and_extracts(family, sample, tmp_path):
    vocabulary = (sample / "vocab.txt").read_bytes()
    size = len(vocabulary.splitlines())
    folder = write_google_of(tmp_path / "encoder", family, vocab_size=size, num_hidden_layers=1)
    (folder / "vocab.txt").write_bytes(vocabulary)
    data, encoder = DataFolder.open(sample), EncoderFolder.open(folder, family=family)
    output, losses = tmp_path / "run", []
    for epochs in (1, 2):
        options = TrainingOptions.of(OPTIONS | {"epochs": epochs})
        result = train(data, encoder, output, options, progress=False, resume=epochs > 1)
        losses.append(result.history[-1]["loss"])
    assert len(result.history) == 2 and losses[1] < losses[0]
    config = read_run_config(output / "run.yaml", known_options())
    assert config["encoder_family"] == family

    extractor = RelationExtractor.load(output)
    built = config_of_encoder(extractor.model.encoder)
    assert built["vocab_size"] == size
    text = read_examples(sample / "dev_data.json", limit=1)[0].text
    (extraction,) = extractor([text], threshold=-1e3)
    assert extraction.text == text and extraction.triples
