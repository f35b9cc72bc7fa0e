"""A tuned run: its triples and probabilities, and when its thresholds are removed."""

import copy
import pickle
import shutil

import numpy as np
import pytest

from gplinker_tf import InputError, RelationExtractor, evaluate, tune
from gplinker_tf.calibration import THRESHOLDS, Calibration, ProbabilityModel
from gplinker_tf.data import read_examples
from gplinker_tf.runs import clear

pytestmark = pytest.mark.slow

#: No limits, because a barely trained model finds more triples than are listed.
UNCUT = {"max_pairs": 1_000_000, "max_triples": 1_000_000}


@pytest.fixture(scope="module")
def examples(sample):
    return read_examples(sample / "dev_data.json", limit=40)


@pytest.fixture
def run(run_folder, tmp_path):
    return shutil.copytree(run_folder, tmp_path / "run")


@pytest.fixture
def extractor(run):
    return RelationExtractor.load(run)


def words(extractions):
    return [{triple.words for triple in extraction.triples} for extraction in extractions]


def test_thresholds_are_used_where_none_is_given(extractor, examples, low_threshold):
    texts = [example.text for example in examples]
    low, at_zero = extractor(texts, low_threshold, **UNCUT), extractor(texts)
    assert at_zero == extractor(texts, 0.0)
    names = extractor.schema.predicates
    highs = {names[0]: low_threshold + 1, names[1]: low_threshold + 2}
    extractor.calibration = Calibration(low_threshold, highs)
    found = extractor(texts, **UNCUT)
    kept = [
        {t.words for t in e.triples if t.lowest_score > highs.get(t.predicate, low_threshold)}
        for e in low
    ]
    assert words(found) == kept != words(low)
    assert extractor(texts, 0.0) == at_zero
    assert list(extractor.stream(texts, **UNCUT)) == found


def test_each_triple_has_its_probability(extractor, examples, low_threshold):
    model = ProbabilityModel(0.5, 1.0)
    assert not any(t.probability for t in extractor(examples[0].text, low_threshold).triples)
    extractor.calibration = Calibration(low_threshold, probability=model)
    texts = [example.text for example in examples]
    found = [triple for e in extractor(texts, **UNCUT) for triple in e.triples]
    assert len(found) > 20
    for triple in found:
        assert triple.probability == pytest.approx(
            model([triple.lowest_score], [triple.predicate])[0]
        )
        assert low_threshold < triple.lowest_score <= triple.score / 4 + 1e-4


def test_a_tuned_run_says_in_its_evaluation_what_tuning_said(run, examples):
    tuning = tune(run, examples, per_predicate=False)
    assert evaluate(run, examples).tokenized == tuning.at_zero
    tuning.save(run)
    assert evaluate(run, examples).tokenized == tuning.chosen
    assert evaluate(run, examples, threshold=0.0).tokenized == tuning.at_zero
    assert tuning.chosen.f1 >= tuning.at_zero.f1


def test_thresholds_go_with_their_model(run, extractor, tmp_path):
    tuned = Calibration(-1.0, probability=ProbabilityModel(0.5, 1.0))
    extractor.calibration = tuned
    extractor.save(run)
    loaded = RelationExtractor.load(run)
    assert loaded.calibration == tuned
    for copied in (copy.deepcopy(loaded), pickle.loads(pickle.dumps(loaded))):
        assert copied.calibration == tuned
    loaded.calibration = None
    loaded.save(run)
    assert not (run / THRESHOLDS).exists()
    extractor.save(run)
    clear(run)
    assert not (run / THRESHOLDS).exists()


def test_a_model_that_marks_everything_ends_in_words(extractor, examples):
    for weight in extractor.model.trainable_weights:
        weight.assign(np.zeros(weight.shape) + 0.5)
    with pytest.raises(InputError, match="marks nearly everything"):
        tune(extractor, examples)
