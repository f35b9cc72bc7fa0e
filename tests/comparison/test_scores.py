"""The scores in a table are those of the runs' histories and predictions."""

import json
from statistics import mean

import numpy as np
import pytest
from compared import SETTINGS, VARIANTS

from gplinker_tf import InputError, RelationExtractor
from gplinker_tf.comparison._runs import Runs
from gplinker_tf.comparison._scores import scores
from gplinker_tf.comparison._summary import head_parameters
from gplinker_tf.comparison.variants import REFERENCE
from gplinker_tf.metrics import bootstrap_f1, evaluate_triples, interval
from gplinker_tf.runs import read_predictions

pytestmark = pytest.mark.slow


@pytest.fixture
def runs(output):
    every = Runs(output, SETTINGS).asked(VARIANTS, 2)
    return {name: [run for run in every if run.variant == name] for name in VARIANTS}


def best(run):
    records = [json.loads(line) for line in (run.folder / "history.jsonl").open()]
    return max(records, key=lambda record: (record["f1"], record["epoch"]))


def test_means_are_of_the_histories(runs):
    rows = scores(runs)
    for variant, of_variant in runs.items():
        points = [best(run) for run in of_variant]
        for name in ("f1", "exact_f1"):
            values = [point[name] for point in points]
            assert rows[variant][name]["mean"] == mean(values)
            assert rows[variant][name]["lowest"] == min(values)
            assert rows[variant][name]["highest"] == max(values)
        assert rows[variant]["recall"] == mean(point["recall"] for point in points)
        assert rows[variant]["reference"] == "gplinker-efficient"


def test_intervals_are_of_the_predictions(runs):
    """Counts come from `evaluate_triples` for each text; differences use the same draws."""
    means = {}
    for variant, of_variant in runs.items():
        counts = []
        for run in of_variant:
            pairs = zip(*read_predictions(run.folder / "dev_pred.json"), strict=True)
            tokenize = RelationExtractor.load(run.folder).tokenizer.tokenize
            results = [evaluate_triples([a], [b], tokenize).tokenized for a, b in pairs]
            counts.append([(r.correct, r.found, r.annotated) for r in results])
        means[variant] = bootstrap_f1(np.array(counts)).mean(axis=1)
    rows = scores(runs)
    for variant, values in means.items():
        assert rows[variant]["f1"]["interval"] == pytest.approx(interval(values))
    casrel, reference = (means[variant] for variant in VARIANTS)
    difference = rows["casrel"]["f1"]["difference"]
    assert difference["interval"] == pytest.approx(interval(casrel - reference))
    f1 = {variant: rows[variant]["f1"]["mean"] for variant in VARIANTS}
    assert difference["mean"] == pytest.approx(f1["casrel"] - f1["gplinker-efficient"])
    assert "difference" not in rows["gplinker-efficient"]["f1"]


def test_a_difference_is_of_the_seeds_that_both_have(runs):
    whole = scores(runs)["casrel"]["f1"]
    assert whole["difference"]["seeds"] == [1, 2]
    (casrel, _), (first, second) = runs.values()
    fewer = scores({"casrel": [casrel], "gplinker-efficient": [first, second]})["casrel"]["f1"]
    assert fewer["difference"]["seeds"] == [1]
    assert fewer["difference"]["mean"] == best(casrel)["f1"] - best(first)["f1"]
    alone = scores({"casrel": [casrel], "gplinker-efficient": [first]})["casrel"]["f1"]
    assert fewer["difference"] == alone["difference"]
    assert "difference" not in scores({"casrel": [casrel], REFERENCE: [second]})["casrel"]["f1"]


def test_without_the_reference_the_first_one_is_it(runs):
    assert scores({"casrel": runs["casrel"]})["casrel"]["reference"] == "casrel"
    assert scores({}) == {}


def test_predictions_of_other_texts_are_refused(runs):
    path = runs["casrel"][1].folder / "dev_pred.json"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("\n}\n") + 3], "utf-8")
    with pytest.raises(InputError, match="Write it again"):
        scores(runs)


def test_head_parameters_are_those_of_the_models_layers(runs):
    run = runs["gplinker-efficient"][0]
    model = RelationExtractor.load(run.folder).model
    heads = [weight for part in model.parts for weight in getattr(model, part).weights]
    assert head_parameters(run) == sum(int(np.prod(weight.shape)) for weight in heads)


def test_a_run_is_as_far_as_its_history(output, runs):
    run = runs["casrel"][0]
    assert run.finished and run.state == "finished"
    longer = Runs(output, SETTINGS | {"epochs": 5}).run("casrel", 1)
    assert not longer.finished and longer.state == "2 of 5 epochs"
    path = run.folder / "history.jsonl"
    records = [best(run) | {"epoch": epoch, "f1": f1} for epoch, f1 in [(1, 0.5), (2, 0.4)]]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    patient = Runs(output, SETTINGS | {"epochs": 5, "patience": 1}).run("casrel", 1)
    assert patient.finished and patient.scores["epoch"] == 1
    assert Runs(output, SETTINGS).run("casrel", 3).state == "not run yet"


def test_runs_that_were_not_asked_for_are_found(output):
    (output / "runs" / "notes").mkdir()
    runs = Runs(output, SETTINGS)
    beside = runs.beside(runs.asked(["casrel"], 1), failed=["gplinker-standard-seed-3"])
    assert [run.name for run in beside] == [
        "casrel-seed-2",
        "gplinker-efficient-seed-1",
        "gplinker-efficient-seed-2",
        "gplinker-standard-seed-3",
    ]
