"""A stage adds the same triples to every kind of batch, and is pickled as its settings only."""

import pickle

import pandas
import pyarrow
import pytest

from gplinker_tf import RelationExtractor
from gplinker_tf.data import read_examples
from gplinker_tf.distributed import SPARK_TYPE, ExtractionStage, arrow_type, triple_rows


@pytest.fixture(scope="module")
def texts(sample):
    return [example.text for example in read_examples(sample / "dev_data.json", limit=6)]


@pytest.fixture(scope="module")
def stage(run_folder, low_threshold):
    return ExtractionStage(run_folder, threshold=low_threshold)


@pytest.mark.slow
def test_every_kind_of_batch_has_the_triples_that_the_extractor_finds(
    stage, run_folder, low_threshold, texts
):
    expected = [*map(triple_rows, RelationExtractor.load(run_folder)(texts, low_threshold)), None]
    assert any(expected)
    columns = {"id": range(len(expected)), "text": [*texts, None]}
    table = pyarrow.table({name: list(values) for name, values in columns.items()})
    for batch in (table, table.to_batches()[0]):
        found = stage(stage(batch))  # the second call replaces the column
        assert found.column_names == ["id", "text", "triples"]
        assert found["triples"].type == arrow_type()
        assert found["triples"].to_pylist() == expected
    for kind in ("object", "string"):  # a missing text is None or NaN in one, NA in the other
        frame = stage(pandas.DataFrame(columns).astype({"text": kind}))
        assert frame["triples"].tolist() == expected and list(frame["id"]) == list(columns["id"])
    assert stage(columns)["triples"] == expected


@pytest.mark.slow
def test_batches_without_texts_keep_the_type(stage):
    none = stage(pyarrow.table({"text": pyarrow.array([], pyarrow.string())}))
    assert none["triples"].type == arrow_type()


def test_a_stage_is_sent_as_its_settings(stage, texts):
    stage({"text": texts})
    sent = pickle.dumps(stage)
    assert len(sent) < 1000
    assert pickle.loads(sent).extract.settings == stage.extract.settings


def test_errors_come_where_the_stage_is_made_or_say_the_way_out(stage, run_folder):
    with pytest.raises(TypeError, match="treshold"):
        ExtractionStage(run_folder, treshold=1.0)
    with pytest.raises(TypeError, match=r"or missing values. Received: int 7. Name the"):
        stage({"text": [7]})


def test_the_types_of_spark_and_arrow_are_one():
    struct = arrow_type().value_type
    names = {"int32": "int", "string": "string", "double": "double"}
    fields = ",".join(f"{field.name}:{names[str(field.type)]}" for field in struct)
    assert f"array<struct<{fields}>>" == SPARK_TYPE
