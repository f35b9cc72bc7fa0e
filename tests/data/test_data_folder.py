"""The data folder: which files it finds, and its errors if it can't choose."""

import gzip

import pytest

from gplinker_tf import InputError
from gplinker_tf.data import DataFolder

TABLE = b"text,subject,predicate,object\nAda wrote Tin,Ada,wrote,Tin\n"


@pytest.fixture
def folder(tmp_path):
    """A function that makes a folder with the named files."""

    def make(*names):
        for name in names:
            content = TABLE if ".csv" in name else b"wrote\n"
            (tmp_path / name).write_bytes(
                gzip.compress(content) if name.endswith(".gz") else content
            )
        return tmp_path

    return make


@pytest.mark.parametrize(
    "names",
    [
        ("train_data.json", "dev_data.json", "all_50_schemas"),
        ("train.json.gz", "dev.jsonl", "schema.json"),
        ("train.csv.gz", "dev.tsv.gz", "schema.jsonl.gz"),
        ("train.tsv", "dev_data.json.gz", "schema.txt"),
    ],
)
def test_the_names_it_knows(folder, names):
    data = DataFolder.open(folder(*names))
    assert tuple(path.name for path in (data.train, data.dev, data.schema)) == names
    assert data.read_schema().predicates == ("wrote",)


def test_two_candidates_are_both_named(folder):
    path = folder("train.csv", "train_data.json.gz", "dev.csv", "schema.txt", "schema.json")
    with pytest.raises(InputError, match=r"Received: train_data\.json\.gz and train\.csv\. Keep"):
        DataFolder.open(path)
    (path / "train_data.json.gz").unlink()
    with pytest.raises(InputError, match=r"Received: schema\.json and schema\.txt\."):
        DataFolder.open(path)


def test_what_is_missing_is_named(folder, tmp_path):
    with pytest.raises(InputError, match="No such folder"):
        DataFolder.open(tmp_path / "nothing")
    with pytest.raises(InputError, match=r"Expected train_data\.json.*Received: nothing"):
        DataFolder.open(tmp_path)
    with pytest.raises(InputError, match=r"Expected dev_data\.json.*train\.csv.*gplinker import"):
        DataFolder.open(folder("train.csv"))
    with pytest.raises(InputError, match=r"all_50_schemas.*--schema FILE.*--schema-from-data"):
        DataFolder.open(folder("dev.csv"))


def test_a_schema_from_elsewhere(folder, tmp_path):
    path = folder("train.csv", "dev.csv", "schema.txt")
    other = tmp_path / "other.txt"
    other.write_text("met\n")
    assert DataFolder.open(path, other).read_schema().predicates == ("met",)
    data, told = DataFolder.open(path, schema_from_data=True), []
    assert data.schema is None and data.read_schema(told.append).predicates == ("wrote",)
    assert told == ["Predicates in the data (1): wrote (2)"]
    with pytest.raises(InputError, match="Leave one out"):
        DataFolder.open(path, other, schema_from_data=True)
