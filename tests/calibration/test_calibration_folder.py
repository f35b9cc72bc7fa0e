"""The files that tuning writes to a folder, and errors if they are damaged."""

import csv
import json

import pytest
from calibration.cases import PREDICATES, random_found

from gplinker_tf import InputError
from gplinker_tf.calibration import (
    RELIABILITY,
    THRESHOLD_CURVE,
    THRESHOLD_PICTURE,
    THRESHOLDS,
    Calibration,
    ProbabilityModel,
    read_calibration,
    tune_thresholds,
    write_calibration,
)
from gplinker_tf.extras import is_there

MODEL = ProbabilityModel(-0.25, 1 / 3, {"导演": 0.1})


@pytest.mark.parametrize(
    "calibration",
    [
        Calibration(),
        Calibration(
            -1.5,
            {"主演": 2.0},
            ProbabilityModel(-0.25, 1 / 3, {"导演": 0.1}),
            {"f1": 0.5, "texts": 9},
        ),
    ],
)
def test_a_calibration_is_read_as_it_was_written(tmp_path, calibration):
    write_calibration(tmp_path, calibration)
    assert read_calibration(tmp_path, PREDICATES) == calibration


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("[]", "TypeError"),
        ("{", "JSONDecodeError"),
        ({"threshold": "high"}, "'high' is not a finite number"),
        ({"threshold": float("nan")}, "nan is not a finite number"),
        ({"by_predicate": [1]}, "AttributeError"),
        ({"by_predicate": {"导演": True}}, "True is not a finite number"),
        ({"by_predicate": {"编剧": 1.0}}, "'编剧', which the model does not know"),
        ({"probability": {"slope": 1.0}}, "KeyError: 'intercept'"),
    ],
)
def test_a_damaged_file_is_named_with_the_way_out(tmp_path, change, message):
    write_calibration(tmp_path, Calibration(1.0))
    path = tmp_path / THRESHOLDS
    if isinstance(change, dict):
        change = json.dumps(json.loads(path.read_text("utf-8")) | change)
    path.write_text(change, "utf-8")
    with pytest.raises(InputError, match=message) as error:
        read_calibration(tmp_path, PREDICATES)
    assert str(path) in str(error.value) and "Delete the file" in str(error.value)


def test_a_tuning_leaves_its_curve_its_reliability_and_a_picture(tmp_path):
    tuning = tune_thresholds(random_found(shift=(-1, 0, 2)), PREDICATES, -5.0)
    tuning.save(tmp_path)
    assert read_calibration(tmp_path, PREDICATES) == tuning.calibration
    assert tuning.calibration.measured["f1"] == round(tuning.out_of_fold.f1, 4)
    with (tmp_path / THRESHOLD_CURVE).open(encoding="utf-8") as file:
        curve = {float(row["threshold"]): row for row in csv.DictReader(file)}
    assert float(curve[0.0]["f1"]) == pytest.approx(tuning.at_zero.f1, abs=1e-4)
    assert int(curve[0.0]["found"]) == tuning.at_zero.found
    with (tmp_path / RELIABILITY).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["triples"]) for row in rows) == tuning.reliability.triples.sum()
    picture = tmp_path / THRESHOLD_PICTURE
    assert picture.is_file() == is_there("matplotlib")
