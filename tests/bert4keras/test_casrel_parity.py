"""CasRel compared with the original script: labels, loss and triples, with the same weights."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from reference import load_bert4keras, requires_legacy

from gplinker_tf import RelationExtractor
from gplinker_tf.alignment import TripleAligner
from gplinker_tf.backend import tf
from gplinker_tf.data import read_examples, read_schema
from gplinker_tf.encoders import BertConfig, bert_from_config
from gplinker_tf.migration import migrate
from gplinker_tf.models import CasRel, CasRelTargets
from gplinker_tf.tokenizers import BertTokenizer

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parent / "scripts" / "casrel_script.py"


@pytest.fixture(
    scope="module", params=[pytest.param("bert4keras", marks=requires_legacy), "gplinker_tf"]
)
def script(request, sample):
    """The names of the script; its models have weights with which they find triples."""
    source = SCRIPT.read_text("utf-8").replace("DATA", str(sample))
    source = source[: source.index("if __name__")]
    if request.param == "bert4keras":
        load_bert4keras()
    else:
        source, _ = migrate(source)
    names = {"__name__": "casrel_script"}
    tf.keras.utils.set_random_seed(5)
    exec(compile(source, SCRIPT.name, "exec"), names)
    script = SimpleNamespace(**names)
    parts = [layer for layer in script.object_model.layers if len(layer.get_weights()) in (2, 4)]
    script.parts = [script.subject_model.layers[-2], *parts[-2:]]
    rng = np.random.default_rng(1)
    for layer in script.parts:
        layer.set_weights([w + rng.normal(0, 0.3, w.shape) for w in layer.get_weights()])
    for layer, shift in zip((script.parts[0], script.parts[2]), (1.0, 0.5), strict=True):
        layer.set_weights([layer.get_weights()[0], layer.get_weights()[1] + shift])
    return script


@pytest.fixture(scope="module")
def extractor(script, sample):
    """Our model with the script's weights."""
    config = BertConfig.from_json(sample / "bert_config.json").to_dict()
    schema = read_schema(sample / "all_50_schemas")
    model = CasRel(bert_from_config(config), len(schema.predicates))
    for layer in script.bert.model.layers:
        if layer.weights:
            model.encoder.get_layer(layer.name).set_weights(layer.get_weights())
    for name, layer in zip(model.parts, script.parts, strict=True):
        getattr(model, name).set_weights(layer.get_weights())
    tokenizer = BertTokenizer.from_vocab_file(sample / "vocab.txt", lowercase=True)
    return RelationExtractor(model, tokenizer, schema, 128, config)


@pytest.fixture(scope="module")
def batch(script):
    np.random.seed(4)
    inputs, _ = next(iter(script.data_generator(script.train_data, 8)))
    return inputs


class Scripted:
    """A generator that repeats the choices of the script."""

    def __init__(self, chosen):
        self.chosen = iter(np.ravel(chosen).tolist())

    def choice(self, values):
        value = next(self.chosen)
        assert value in values
        return value


def test_labels(extractor, batch, sample):
    token_ids, _, subject, chosen, object_ = batch
    examples = read_examples(sample / "train_data.json", limit=8)
    aligner = TripleAligner(extractor.tokenizer, extractor.schema, 128, search="tokens")
    quintuples = [rows for _, rows in aligner.label(examples)]
    labels = CasRelTargets(len(extractor.schema.predicates))(
        quintuples, np.asarray(token_ids), Scripted(chosen)
    )
    np.testing.assert_array_equal(labels["chosen"], chosen)
    np.testing.assert_array_equal(labels["subject"], subject)
    np.testing.assert_array_equal(labels["object"], object_)


@pytest.fixture
def unsure(script, extractor):
    """Keep the probabilities of both models moderate, because the original clips them at 1e-7."""
    parts = [getattr(extractor.model, name) for name in extractor.model.parts]
    before = [part.get_weights() for part in parts]
    for number in (0, 2):
        smaller = [before[number][0] / 20, before[number][1]]
        parts[number].set_weights(smaller)
        script.parts[number].set_weights(smaller)
    yield
    for part, theirs, weights in zip(parts, script.parts, before, strict=True):
        part.set_weights(weights)
        theirs.set_weights(weights)


def test_loss_and_probabilities(script, extractor, batch, unsure):
    token_ids, segment_ids, subject, chosen, object_ = batch
    preds = script.subject_model.predict([token_ids, segment_ids])
    object_preds = script.object_model.predict([token_ids, segment_ids, chosen])
    odds = extractor.model([token_ids, segment_ids, chosen])
    np.testing.assert_allclose(tf.sigmoid(odds["subject"]), preds, atol=1e-5)
    np.testing.assert_allclose(tf.sigmoid(odds["object"]), object_preds, atol=1e-5)

    mask = tf.constant(token_ids != 0)
    floats = [tf.constant(part, tf.float32) for part in (subject, object_, preds, object_preds)]
    expected = script.TotalLoss([2, 3]).compute_loss([*floats, None], [None] * 4 + [mask])
    labels = {"subject": subject, "object": object_, "chosen": chosen}
    labels["weight"] = np.full(8, 8 / np.count_nonzero(token_ids), np.float32)
    losses = extractor.model.sample_losses(
        labels, extractor.model.factors([token_ids, segment_ids])
    )
    ours = sum(float(tf.reduce_mean(loss)) for loss in losses.values())
    assert ours == pytest.approx(float(expected), rel=1e-5)


def test_triples(script, extractor, sample):
    lines = (sample / "dev_data.json").read_text("utf-8").splitlines()[:10]
    texts = [json.loads(line)["text"] for line in lines]
    found = [
        {(t.subject.text, t.predicate, t.object.text) for t in extraction.triples}
        for extraction in extractor(texts, max_triples=10_000)
    ]
    assert found == [set(script.extract_spoes(text)) for text in texts]
    assert sum(map(len, found)) > 30
