"""A smaller vocabulary gives the same results on its texts; kept layers keep their weights."""

import numpy as np
import pytest
from encoders.tiny_families import FAMILIES, encoder_of
from reference import in_one_generation
from tiny import PREDICATES, tiny_batch, tiny_model
from typer.testing import CliRunner

from gplinker_tf import GPLinker, InputError, RelationExtractor, Schema
from gplinker_tf.cli.app import app
from gplinker_tf.compression import cut_vocabulary, keep_layers, shrink, spread_layers
from gplinker_tf.data import read_examples
from gplinker_tf.encoders import config_of_encoder
from gplinker_tf.extraction import WEIGHTS
from gplinker_tf.tokenizers import BertTokenizer

SCHEMA = Schema(tuple(("", f"p{number}", "") for number in range(PREDICATES)))
TOKENIZER = BertTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *(f"w{n}" for n in range(46))])


def extractor_of(model):
    encoder = config_of_encoder(model.encoder)
    return RelationExtractor(model, TOKENIZER, SCHEMA, encoder_config=encoder)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_layers_of_every_family(family):
    encoder = encoder_of(family, num_hidden_layers=3)
    extractor = extractor_of(GPLinker(encoder.model, PREDICATES, head_size=8))
    inputs, _ = tiny_batch()
    whole = keep_layers(extractor, [0, 1, 2])
    np.testing.assert_array_equal(
        whole.model(inputs)["head"], extractor.model(inputs)["head"], err_msg=family
    )
    kept = keep_layers(extractor, [0, 2])
    assert kept.encoder_config["num_hidden_layers"] == 2
    last = [layer for layer in kept.model.encoder.layers if layer.name.startswith("Transformer-1-")]
    for layer in last:
        of_teacher = encoder.layers[layer.name.replace("-1-", "-2-")]
        for got, want in zip(layer.get_weights(), of_teacher.get_weights(), strict=True):
            np.testing.assert_array_equal(got, want)
    tokens = cut_vocabulary(extractor, ["w7 w9", "w11"])
    assert tokens.tokenizer.vocabulary[4:] == ("w7", "w9", "w11")
    ids = tokens.tokenizer.encode("w9 w7").token_ids[None]
    old = TOKENIZER.encode("w9 w7").token_ids[None]
    scores = [
        of([token_ids, np.zeros_like(token_ids)])["tail"]
        for of, token_ids in ((tokens.model, ids), (extractor.model, old))
    ]
    np.testing.assert_array_equal(*scores)


@pytest.fixture(scope="module")
def texts(sample):
    return [example.text for example in read_examples(sample / "dev_data.json", limit=30)]


@pytest.mark.slow
@in_one_generation
def test_the_command_finds_the_same_with_fewer_tokens(run_folder, texts, low_threshold, tmp_path):
    corpus, output = tmp_path / "corpus.txt", tmp_path / "smaller"
    corpus.write_text("\n".join(texts), "utf-8")
    command = ["shrink", str(run_folder), "--vocabulary", str(corpus), "--output", str(output)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    before, after = map(RelationExtractor.load, (run_folder, output))
    assert after.tokenizer.vocab_size < before.tokenizer.vocab_size
    assert (output / WEIGHTS).stat().st_size < (run_folder / WEIGHTS).stat().st_size
    want = before(texts, low_threshold)
    assert sum(len(extraction.triples) for extraction in want) > 40
    assert after(texts, low_threshold) == want
    after("龘 king 2027")  # tokens that the corpus does not have
    assert CliRunner().invoke(app, command).exit_code == 2  # the folder is not empty


def test_what_can_not_be_shrunk(run_folder, tmp_path):
    new = tmp_path / "new"
    with pytest.raises(InputError, match="Received: neither"):
        shrink(run_folder, new)
    with pytest.raises(InputError, match="other than the run folder"):
        shrink(run_folder, run_folder, layers=1, overwrite=True)
    with pytest.raises(InputError, match=r"Expected 1 to 2 encoder layers\. Received: layers=3"):
        shrink(run_folder, new, layers=3)
    with pytest.raises(InputError, match="Expected texts"):
        shrink(run_folder, new, texts=[" "])
    assert not new.exists()
    with pytest.raises(InputError, match="in ascending order"):
        keep_layers(RelationExtractor.load(run_folder), [1, 0])
    with pytest.raises(InputError, match="encoder of a registered family"):
        keep_layers(extractor_of(tiny_model()), [0])


def test_layers_are_spread():
    for layers in range(1, 25):
        for kept in range(1, layers + 1):
            chosen = spread_layers(kept, layers)
            assert len({*chosen}) == kept and chosen[0] == 0 and chosen[-1] < layers
            assert np.ptp(np.diff(chosen)) <= 1 if kept > 1 else True
