"""Speed and memory: what is measured, in turns, once."""

import json

import numpy as np
import pytest
from conftest import SETTINGS, VARIANTS
from reference import in_one_generation

from gplinker_tf import InputError
from gplinker_tf.alignment import LabeledTexts
from gplinker_tf.batching import TrainingBatches
from gplinker_tf.comparison import _jobs as jobs
from gplinker_tf.comparison._peak_memory import STATUS, peak_mebibytes
from gplinker_tf.comparison._processes import NO_MEMORY, ChildFailure
from gplinker_tf.comparison._runs import asked_runs
from gplinker_tf.comparison._speeds import ROUNDS, Speeds
from gplinker_tf.data import DataFolder
from gplinker_tf.structures import Encoding

pytestmark = pytest.mark.slow


@pytest.fixture
def asked(monkeypatch):
    """The questions to child processes, whose answers grow."""
    questions = []

    def ask(work, **arguments):
        questions.append((work, arguments))
        return {"sentences_per_second": float(len(questions)), "gpu_peak_mebibytes": None}

    monkeypatch.setattr("gplinker_tf.comparison._speeds.ask_child", ask)
    return questions


@pytest.fixture
def measure(sample, encoder, output):
    def measure(variants=VARIANTS, **options):
        speeds = Speeds(output / "speeds.json")
        runs = asked_runs(output, variants, 1, SETTINGS)
        data, places = DataFolder.open(sample), {"data": {}, "encoder": str(encoder)}
        speeds.measure(runs, data, places, lambda line: None, **options)
        return speeds

    return measure


def test_variants_take_turns_and_the_median_counts(asked, measure):
    speeds = measure()
    works = ["measure_training", "measure_extraction"]
    assert [work for work, _ in asked] == works * len(VARIANTS) * ROUNDS
    seen = [arguments["options"]["model"] for work, arguments in asked if "training" in work]
    assert seen == ["casrel", "gplinker"] * ROUNDS
    assert speeds.of("casrel")["training"]["sentences_per_second"] == 5.0  # of 1, 5, 9
    assert speeds.of("gplinker-efficient")["extraction"]["sentences_per_second"] == 8.0
    assert speeds.of("casrel")["training"]["gpu_peak_mebibytes"] is None
    assert speeds.of("tplinker") == {} and speeds.rounds == ROUNDS


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
    measure(["casrel", "gplinker-standard"])  # a new one: those beside it are measured anew
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
    assert measure(["casrel"]).of("casrel")["training"]["gpu_peak_mebibytes"] == 7.0


def test_the_batch_with_the_most_tokens_is_among_the_steps():
    """Not the last one of an epoch, which may hold the longest text and no other."""
    texts = [Encoding(np.ones(size, int), np.zeros(size, int), None) for size in [50] * 8 + [60]]
    batches = TrainingBatches(LabeledTexts(texts, [], []), None, batch_size=8, seed=1)
    step = jobs._largest(batches)
    assert len(batches.order(0)[step]) == 8


def test_a_measurement_that_fails_says_so(monkeypatch, measure):
    def ask(work, **arguments):
        raise ChildFailure(NO_MEMORY, "its process was killed")

    monkeypatch.setattr("gplinker_tf.comparison._speeds.ask_child", ask)
    assert measure().of("casrel")["training"] == {"failure": "its process was killed"}


def test_a_damaged_file_says_so(output):
    (output / "speeds.json").write_text("[")
    with pytest.raises(InputError, match="expected the speeds of a table"):
        Speeds(output / "speeds.json")


@in_one_generation
def test_what_is_measured_is_training_and_extraction(sample, encoder, output, monkeypatch):
    monkeypatch.setattr(jobs, "STEPS", 4)
    [run] = asked_runs(output, ["gplinker-efficient"], 1, SETTINGS)
    data = {"folder": str(sample), "schema": None, "schema_from_data": False}
    trained = jobs.measure_training(data, str(encoder), run.options.flat())
    dev = str(sample / "dev_data.json")
    extracted = jobs.measure_extraction(str(run.folder), dev, 24, "float32", jit=False)
    for figures in (trained, extracted):
        assert figures["sentences_per_second"] > 0 and figures["peak_mebibytes"] > 100


@pytest.mark.skipif(not STATUS.is_file(), reason="the system does not say")
def test_the_peak_stays_when_the_memory_is_given_back():
    before = peak_mebibytes()["peak_mebibytes"]
    block = bytearray(b"1") * (200 * 2**20 + int(before) * 2**20 // 50)
    after = peak_mebibytes()["peak_mebibytes"]
    del block
    coarse = 10  # the kernel adds threads up now and then
    assert after >= before + 100 and peak_mebibytes()["peak_mebibytes"] > after - coarse
