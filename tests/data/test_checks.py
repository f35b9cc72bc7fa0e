"""The checks: each problem is one sentence with its count and its first lines."""

import json

import pytest

from gplinker_tf import InputError
from gplinker_tf.data import AnnotatedTexts, check_data, check_texts, read_schema

HEADER = "text,subject,predicate,object"
GOOD = ["Ada wrote Tin,Ada,wrote,Tin", "Bo wrote Salt,Bo,wrote,Salt"]


@pytest.fixture
def check(tmp_path):
    """A function that returns the warnings about rows, without folder names."""

    def warnings(train, dev, **options):
        for name, rows in (("train.csv", train), ("dev.csv", dev)):
            (tmp_path / name).write_text("\n".join([HEADER, *rows]), "utf-8")
        limits = options.get("limit"), options.get("dev_limit")
        files = tmp_path / "train.csv", tmp_path / "dev.csv"
        found = check_texts(
            *(AnnotatedTexts.read(*file) for file in zip(files, [None] * 2, limits, strict=True))
        )
        return [sentence.replace(f"{tmp_path}/", "") for sentence in found]

    return warnings


def test_nothing_to_say(check, sample):
    assert check(GOOD, ["Cy wrote Moon,Cy,wrote,Moon"]) == []
    files = (sample / "train_data.json", sample / "dev_data.json")
    assert check_data(*files, read_schema(sample / "all_50_schemas")) == []


def test_texts_of_dev_that_are_in_train(check):
    dev = ["new,a,wrote,b", "ADA wrote Ｔin ,Ada,wrote,Tin", "Bo wrote Salt,,,"]
    [sentence] = check(GOOD, dev)
    assert sentence == (
        "Dev texts that also occur in train: 2 of 3 (dev.csv:3 equals train.csv:2, dev.csv:4 "
        "equals train.csv:3). F1 will be too optimistic. gplinker split makes files that share "
        "no text."
    )


def test_predicates_with_one_text_or_none(check):
    [none, one] = check([*GOOD, "x,a,met,b"], ["y,a,knew,b", "z,a,met,b"])
    assert none.startswith("Predicates in dev that train lacks: 1 (knew at dev.csv:2). ")
    assert one.startswith("Predicates with only one training text: 1 (met at train.csv:4). ")


def test_texts_that_stand_again(check, tmp_path):
    rows = [
        *GOOD,
        "ada wrote tin,ADA,wrote,tin",
        "bo wrote salt,bo,wrote,salty",
        "BO WROTE SALT,,,",
    ]
    [sentence] = check(rows, ["y,a,wrote,b"])
    assert sentence.startswith(
        "Repeated texts with different triples: 1 (train.csv:3 and train.csv:5). "
    )
    path = tmp_path / "again.json"
    spo = [{"subject": "Cy", "predicate": "wrote", "object": "Moon"}]
    lines = [{"text": "Cy wrote Moon", "spo_list": found} for found in (spo, spo, [])]
    path.write_text("\n".join(map(json.dumps, lines)))
    [sentence] = check_data(tmp_path / "train.csv", path)[1:] or [""]
    assert f"1 ({path}:1 and {path}:3)" in sentence


def test_empty_texts_and_white_space(check):
    rows = [*GOOD, " ,a,wrote,b", '"x\ty"," x",wrote,"y\t"', "z, x,wrote ,y"]
    dev = ["w,a,wrote,b"]
    rare, empty, spaces = check(rows, dev)
    assert rare.startswith("Predicates with only one training text: 1 (wrote  at train.csv:6)")
    assert empty == "Empty texts: 1 (train.csv:4). Remove them."
    assert spaces.startswith(
        "Words with whitespace around them: 4 "
        r"(' x' at train.csv:5, 'y\t' at train.csv:5, ' x' at train.csv:6, ...). "
    )


def test_files_without_a_triple(check):
    with pytest.raises(InputError, match=r"train\.csv: .*read. There is nothing to l"):
        check(["x,,,", "y,,,"], GOOD)
    with pytest.raises(InputError, match=r"dev\.csv: .*read. F1 would be 0"):
        check(GOOD, ["x,,,"])


def test_limits_leave_the_rest_unread(check):
    rows = [*GOOD, "Cy wrote Moon,Cy,wrote,Moon"]
    assert len(check(rows, rows[2:])) == 1
    assert check(rows, rows[2:], limit=2) == []
    with pytest.raises(InputError, match=r"dev\.csv: expected triples"):
        check(rows, ["x,,,", *rows], dev_limit=1)


def test_predicates_that_are_spelled_nearly_alike(check):
    rows = [f"{name} {n},{name},{predicate},{n}" for n in (1, 2) for name, predicate in NEARLY]
    [sentence] = check(rows, ["w,a,works_for,b"])
    assert sentence == (
        "Predicates that differ only in case, spaces or punctuation: 1 ('Works for' at "
        "train.csv:2 and 'works_for' at train.csv:3). Each counts as a separate predicate. Use "
        "one spelling."
    )


NEARLY = [("Ada", "Works for"), ("Bo", "works_for"), ("Cy", "lives in")]
