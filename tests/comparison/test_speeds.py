"""Speed and memory: models are measured in turns, and only once."""

import json

import numpy as np
import pytest
from compared import SETTINGS, VARIANTS
from reference import in_one_generation

from gplinker_tf import InputError
from gplinker_tf.alignment import LabeledTexts
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.comparison import _jobs as jobs
from gplinker_tf.comparison._runs import Runs
from gplinker_tf.comparison._speeds import JOBS, ROUNDS, measure_speeds, medians_of, read_speeds
from gplinker_tf.comparison.machine import STATUS, forget_peak, peak_mebibytes
from gplinker_tf.data import DataFolder
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.structures import Encoding
from gplinker_tf.training.preparation import new_optimizer

pytestmark = pytest.mark.slow


@pytest.fixture
def asked(monkeypatch):
    """The calls to child processes, which return growing numbers."""
    questions = []

    def ask(job, run, data, encoder):
        questions.append((job, run))
        return {"sentences_per_second": float(len(questions)), "gpu_peak_mebibytes": None}

    monkeypatch.setattr("gplinker_tf.comparison._speeds.in_new_process", ask)
    return questions


@pytest.fixture
def measure(sample, encoder, output):
    def measure(variants=VARIANTS, **options):
        path, runs = output / "speeds.json", Runs(output, SETTINGS).asked(variants, 1)
        folders = DataFolder.open(sample), EncoderFolder.open(encoder)
        measure_speeds(path, runs, *folders, lambda line: None, **options)
        return read_speeds(path)

    return measure


def test_variants_take_turns_and_the_median_counts(asked, measure):
    speeds = measure()
    assert [job for job, _ in asked] == [*JOBS.values()] * len(VARIANTS) * ROUNDS
    seen = [run.variant for job, run in asked if job is jobs.measure_training]
    assert seen == VARIANTS * ROUNDS
    casrel, gplinker = (medians_of(variant, speeds) for variant in VARIANTS)
    assert casrel["training"]["sentences_per_second"] == 5.0  # of 1, 5, 9
    assert gplinker["extraction"]["sentences_per_second"] == 8.0
    assert casrel["training"]["gpu_peak_mebibytes"] is None
    assert medians_of("tplinker", speeds) == {} and len(speeds["rounds"]) == ROUNDS


def test_what_is_measured_is_not_measured_again(asked, measure, output, monkeypatch):
    measure()
    count = len(asked)
    measure()
    measure(["casrel"])
    assert len(asked) == count
    content = json.loads((output / "speeds.json").read_text("utf-8"))
    content["rounds"].pop()
    (output / "speeds.json").write_text(json.dumps(content))
    measure()  # interrupted before the last round
    assert len(asked) == count + count // ROUNDS
    measure(again=True)
    assert len(asked) == 2 * count + count // ROUNDS
    measure(["casrel", "gplinker-standard"])  # a new model: the others are measured again
    assert len(asked) == 3 * count + count // ROUNDS
    monkeypatch.setitem(SETTINGS, "epochs", 3)
    measure(["casrel", "gplinker-standard"])
    assert len(asked) == 3 * count + count // ROUNDS
    monkeypatch.setitem(SETTINGS, "accumulation", 2)
    measure(["casrel", "gplinker-standard"])
    assert len(asked) == 4 * count + count // ROUNDS


def test_figures_that_some_rounds_lack(asked, measure, output):
    measure(["casrel"])
    content = json.loads((output / "speeds.json").read_text("utf-8"))
    content["rounds"][0]["casrel"]["training"]["gpu_peak_mebibytes"] = 7.0  # a GPU, then none
    (output / "speeds.json").write_text(json.dumps(content))
    assert medians_of("casrel", measure(["casrel"]))["training"]["gpu_peak_mebibytes"] == 7.0


def test_the_batch_with_the_most_tokens_is_among_the_steps():
    """Not the last batch of an epoch, which may hold the longest text and no other."""
    texts = [Encoding(np.ones(size, int), np.zeros(size, int), None) for size in [50] * 8 + [60]]
    batches = TrainingBatches(LabeledTexts(texts, [], []), None, batch_size=8, seed=1)
    step = jobs._largest(batches)
    assert len(batches.order(0)[step]) == 8


def test_a_measurement_that_fails_says_so(monkeypatch, measure):
    def ask(*arguments):
        raise MemoryError("its process was killed")

    monkeypatch.setattr("gplinker_tf.comparison._speeds.in_new_process", ask)
    assert medians_of("casrel", measure())["training"] == {"failure": "its process was killed"}


def test_a_damaged_file_says_so(output):
    (output / "speeds.json").write_text("[")
    with pytest.raises(InputError, match="expected the speeds of a table"):
        read_speeds(output / "speeds.json")


@in_one_generation
def test_what_is_measured_is_training_and_extraction(sample, encoder, output, monkeypatch):
    monkeypatch.setattr(jobs, "STEPS", 4)
    runs = Runs(output, SETTINGS | {"adversarial": 0.5})
    casrel, gplinker = (runs.run(variant, 1) for variant in VARIANTS)
    folders = DataFolder.open(sample), EncoderFolder.open(encoder)
    compiled = []
    monkeypatch.setattr(
        "gplinker_tf.training.plan.new_optimizer",
        lambda model, *others: compiled.append(model) or new_optimizer(model, *others),
    )
    trained = jobs.measure_training(casrel, *folders)
    assert compiled[0].adversarial == 0.5
    extracted = jobs.measure_extraction(gplinker, *folders)
    for figures in (trained, extracted):
        assert figures["sentences_per_second"] > 0 and figures["peak_mebibytes"] > 100


@pytest.mark.skipif(not STATUS.is_file(), reason="the system does not report it")
def test_the_peak_stays_when_the_memory_is_given_back():
    forget_peak()  # earlier tests may have used more memory
    before = peak_mebibytes()["peak_mebibytes"]
    block = bytearray(b"1") * (200 * 2**20)
    after = peak_mebibytes()["peak_mebibytes"]
    del block
    coarse = 10  # the kernel updates the counters only now and then
    assert after >= before + 100 and peak_mebibytes()["peak_mebibytes"] > after - coarse
