"""Extraction with two Ray workers, one of which is killed: each text once, in order."""

import os
import signal
import sys
from functools import partial

import pytest
from typer.testing import CliRunner

from gplinker_tf import Extraction, InputError
from gplinker_tf.cli.app import app
from gplinker_tf.data import read_examples
from gplinker_tf.distributed import ExtractionStage, map_on_ray

ray = pytest.importorskip("ray")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:The model finds")]


@pytest.fixture(scope="module", autouse=True)
def cluster():
    """One cluster for all tests, because starting it is slow."""
    os.environ.update(RAY_USAGE_STATS_ENABLED="0", RAY_worker_niceness="0")
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers can't import it
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


def die_once(marker):
    """Kill the first process that calls this with SIGKILL."""
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def extract_or_die(marker, texts):
    if "dies" in texts:
        die_once(marker)
    if "broken" in texts:
        raise InputError("broken text")
    return [Extraction(text) for text in texts]


def texts_of(results):
    return [extraction.text for extractions in results for extraction in extractions]


def test_a_killed_worker_loses_and_doubles_nothing(tmp_path):
    texts = [str(number) for number in range(200)]
    texts[90] = "dies"
    windows = [texts[start : start + 10] for start in range(0, 200, 10)]
    extract = partial(extract_or_die, tmp_path / "killed")
    assert texts_of(map_on_ray(extract, windows, workers=2)) == texts
    assert (tmp_path / "killed").exists()


def test_what_came_before_an_error_comes_first(tmp_path):
    def windows():
        yield from (["1"], ["2"])
        raise InputError("bad line")

    def until_an_error(windows):
        found = []
        with pytest.raises(InputError) as raised:
            found.extend(map_on_ray(partial(extract_or_die, tmp_path / "killed"), windows, 2))
        return texts_of(found), str(raised.value)

    (tmp_path / "killed").touch()
    assert until_an_error(windows()) == (["1", "2"], "bad line")
    assert until_an_error([["1"], ["broken"], ["2"]]) == (["1"], "broken text")


def test_the_command_writes_the_same(run_folder, sample, low_threshold, tmp_path):
    lines = (sample / "dev_data.json").read_text("utf-8").splitlines(keepends=True)[:80]
    texts = tmp_path / "texts.jsonl"
    texts.write_text("".join(lines), "utf-8")

    def extracted(name, *options):
        path = tmp_path / name
        arguments = run_folder, texts, "--threshold", low_threshold
        command = ["extract", *map(str, arguments), "--output", str(path), *options]
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.stderr
        return list(read_examples(path))

    def words(examples):
        return [(one.text, sorted(triple.words for triple in one.triples)) for one in examples]

    assert words(extracted("on_ray", "--ray")) == words(extracted("alone"))


class StageThatDies(ExtractionStage):
    """A stage without a model, whose first worker is killed at one of the texts."""

    def __init__(self, marker):
        super().__init__("run")
        self.extract = partial(extract_or_die, marker)


def test_a_stage_of_ray_data_survives_a_kill(tmp_path):
    texts = [str(number) for number in range(80)]
    texts[33] = "dies"
    rows = ray.data.from_items([{"id": id_, "text": text} for id_, text in enumerate(texts)])
    found = rows.repartition(8).map_batches(
        StageThatDies,
        fn_constructor_args=[tmp_path / "killed"],
        batch_format="pyarrow",
        concurrency=2,
        num_cpus=0.5,  # workers must not take all cores from the tasks that feed them
    )
    found = sorted(found.take_all(), key=lambda row: row["id"])
    assert (tmp_path / "killed").exists()
    assert [row["text"] for row in found] == texts
    assert [row["triples"] for row in found] == [[]] * 80
