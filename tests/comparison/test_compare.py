"""A table from finished runs, and what happens when a run fails."""

import json
import resource
import shutil

import pytest
from compared import SETTINGS, VARIANTS
from filelock import FileLock

from gplinker_tf import InputError, RelationExtractor
from gplinker_tf.backend import tf
from gplinker_tf.comparison import _jobs as jobs
from gplinker_tf.comparison import make_table
from gplinker_tf.comparison._runs import Runs
from gplinker_tf.comparison.failures import FULL, plain_error, reason_of
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.metrics import evaluate_triples

pytestmark = pytest.mark.slow


@pytest.fixture
def make(sample, encoder, output):
    def make(variants=VARIANTS, seeds=1, settings=SETTINGS, folder=output, **options):
        lines = []
        folders = DataFolder.open(sample), EncoderFolder.open(encoder)
        options = {"measure": False, "report": lines.append} | options
        return make_table(*folders, folder, variants, seeds, settings, **options), lines

    return make


@pytest.fixture
def fail(output, monkeypatch):
    """A function that removes a run and makes the process that would train it fail."""

    def fail(failure):
        def ask(*arguments):
            raise failure

        shutil.rmtree(output / "runs" / "casrel-seed-1")
        monkeypatch.setattr("gplinker_tf.comparison._table.in_new_process", ask)

    return fail


def test_all_three_forms_have_what_the_runs_have(make, output):
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*") if path.is_file()}
    result, lines = make(variants=["casrel"])
    assert "run 1 of 1: casrel, seed 1: finished, F1 " in lines[0]
    assert {path: path.stat().st_mtime_ns for path in before} == before
    summary = json.loads((output / "table.json").read_text("utf-8"))
    assert summary == json.loads(json.dumps(result.summary)) and not result.failures
    # Runs that were not asked for but exist are in the table too.
    assert [row["variant"] for row in summary["rows"]] == VARIANTS
    assert [len(row["runs"]) for row in summary["rows"]] == [2, 2]
    assert summary["setting"]["texts"] == 48 and summary["setting"]["dev_texts"] == 24
    assert summary["options"]["learning_rate"] == 3e-3 and "model" not in summary["options"]
    assert summary["versions"]["tensorflow"] == tf.__version__
    text = (output / "table.md").read_text("utf-8")
    for row in summary["rows"]:
        cells = f"{row['variant']}", "2 of 2", f"{row['f1']['mean']:.4f}", f"{row['blog_f1']:.4f}"
        assert any(all(cell in line for cell in cells) for line in text.splitlines())
        assert f"{row['head_parameters']:,}" in text
    assert "other data and another encoder" in text and "tiny-bert with 1 layers of 24" in text
    assert str(output.parent) not in text + json.dumps(summary)
    assert (output / "table.png").read_bytes().startswith(b"\x89PNG")


def test_what_has_not_been_trained_says_so(make, output, fail):
    fail(KeyboardInterrupt())
    lines = []
    with pytest.raises(KeyboardInterrupt):
        make(seeds=3, report=lines.append)
    assert lines[-2].startswith("run 1 of 6: casrel, seed 1")
    assert lines[-1] == "Interrupted. Run the same command to continue."
    assert "1 of 3" in (output / "table.md").read_text("utf-8")
    assert json.loads((output / "table.json").read_text("utf-8"))["rows"][0]["runs"][0] == {
        "name": "casrel-seed-1",
        "seed": 1,
        "state": "not run yet",
    }


def test_a_dry_run_writes_nothing(make, output):
    before = sorted(output.rglob("*"))
    result, lines = make(seeds=3, settings=SETTINGS | {"epochs": 4}, dry_run=True)
    assert result is None and sorted(output.rglob("*")) == before
    assert "casrel, seed 1: continues, 2 of 4 epochs done" in lines[0]
    assert lines[-1] == "run 6 of 6: gplinker-efficient, seed 3: 4 epochs to train"


def test_a_run_that_fits_no_memory(make, output, fail):
    fail(MemoryError("OOM when allocating"))
    shutil.rmtree(output / "runs" / "casrel-seed-2")
    result, lines = make()
    assert list(result.failures) == ["casrel-seed-1"]
    assert "with 8 texts at once" in lines[1] and "--accumulation 2 computes 4 at" in lines[1]
    text = (output / "table.md").read_text("utf-8")
    assert "- casrel, seed 1: Probably out of memory" in text
    [cells] = [line.split("|") for line in text.splitlines() if line.startswith("| casrel ")][:1]
    assert [cell.strip() for cell in cells[2:5]] == ["0 of 1", "-", ""]
    assert "f1" in result.summary["rows"][1]
    # The reason stays in the table until the run exists.
    result, _ = make(variants=["gplinker-efficient"])
    assert not result.failures and "out of memory" in (output / "table.md").read_text("utf-8")


def test_a_full_disk_ends_it_and_keeps_what_there_is(make, output, fail):
    fail(OSError(28, "No space left on device"))
    with pytest.raises(InputError, match=r"No space left on device.*Free some space"):
        make()
    assert (output / "table.md").is_file() and (output / "runs" / "casrel-seed-2").is_dir()


def test_a_table_that_cannot_be_written_says_so(make, output, monkeypatch):
    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gplinker_tf.comparison._table.draw_table", fail)
    with pytest.raises(InputError, match=r"cannot be finished \(No space left.*Free some space"):
        make()
    assert not list(output.glob("*.unfinished"))


def test_what_cannot_be_written_or_read_is_named(make, output):
    (output / "table.json").write_text("{")
    (output / "runs" / "casrel-seed-1" / "model.safetensors").unlink()
    with pytest.raises(InputError, match=r"cannot be made: .*model\.safetensors"):
        make()


def test_a_file_is_no_folder(make, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="Expected a folder to write to"):
        make(folder=tmp_path / "file")


def test_an_encoder_that_is_too_short_is_told_before_anything_is_trained(make, tmp_path):
    with pytest.raises(InputError, match="Expected at most 48, the number of positions"):
        make(settings=SETTINGS | {"max_length": 50}, folder=tmp_path / "new", dry_run=True)


def test_where_it_trains_reaches_the_children(make, output, monkeypatch):
    (output / "runs" / "casrel-seed-1" / "history.jsonl").unlink()
    asked = []
    monkeypatch.setattr(
        "gplinker_tf.comparison._table.in_new_process",
        lambda job, run, data, encoder, strategy: asked.append(strategy),
    )
    make(strategy="mirrored")
    assert asked == ["mirrored"]
    with pytest.raises(InputError, match=r"a table is made on one machine.*'multiworker'"):
        make(strategy="multiworker")


def test_a_process_that_is_ending_is_waited_for(make, output, monkeypatch):
    folder = output / "runs" / "casrel-seed-1"
    (folder / "history.jsonl").unlink()
    asked = []
    monkeypatch.setattr(
        "gplinker_tf.comparison._table.in_new_process",
        lambda *arguments: asked.append(lock.is_locked),
    )
    lock = FileLock(folder / ".lock")
    lock.acquire()

    def report(line):
        if "waiting for it to end" in line:
            lock.release()

    make(variants=["casrel"], report=report)
    assert asked == [False]


def test_the_options_are_those_of_a_gplinker(make, output):
    """CasRel, the first row, has no head size of its own."""
    for path in output.glob("runs/gplinker-*/run.yaml"):
        text = path.read_text("utf-8").replace("head_size: 64", "head_size: 32")
        path.write_text(text, "utf-8")
    summed = make(settings=SETTINGS | {"head_size": 32})[0].summary
    assert summed["rows"][0]["variant"] == "casrel" and summed["options"]["head_size"] == 32


def test_other_runs_are_refused(make, output):
    with pytest.raises(InputError, match=r"Expected learning_rate=0\.003.*learning_rate=0\.1"):
        make(settings=SETTINGS | {"learning_rate": 0.1})
    with pytest.raises(InputError, match=r"Expected at most 1 epochs.*which has 2"):
        make(settings=SETTINGS | {"epochs": 1})


@pytest.mark.parametrize(
    ("error", "raised", "reason"),
    [
        (MemoryError(), MemoryError, "MemoryError"),
        (tf.errors.ResourceExhaustedError(None, None, "OOM\nat"), MemoryError, "OOM"),
        (InputError("Expected"), InputError, "Expected"),
        (OSError(28, "No space left on device"), OSError, "No space left on device"),
        (RuntimeError("Traceback:\n  at\nKeyError: 'x'\n"), RuntimeError, "KeyError: 'x'"),
    ],
)
def test_what_a_job_fails_with(error, raised, reason):
    failure = plain_error(error)
    assert isinstance(failure, raised) and reason_of(failure) == reason


def test_a_full_disk_in_training_is_told_and_then_it_goes_on(sample, encoder, tmp_path):
    run = Runs(tmp_path / "table", SETTINGS | {"epochs": 1}).run("casrel", 1)
    arguments = run, DataFolder.open(sample), EncoderFolder.open(encoder)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, before[1]))
    try:
        with pytest.raises(InputError, match=r"cannot be saved \(File too large\)") as caught:
            jobs.train_run(*arguments)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert plain_error(caught.value).errno in FULL and not run.finished
    jobs.train_run(*arguments, "mirrored")
    assert run.finished


def test_f1_of_texts_that_training_has_not_seen(make, sample, trained, tmp_path):
    folder, test = tmp_path / "tested", tmp_path / "test.json"
    run = folder / "runs" / "gplinker-efficient-seed-1"
    shutil.copytree(trained, run)
    lines = (sample / "dev_data.json").read_text("utf-8").splitlines(keepends=True)
    test.write_text("".join(lines[-30:]), "utf-8")
    before = (run / "dev_pred.json").read_bytes()
    arguments = {"variants": ["gplinker-efficient"], "folder": folder, "test": test}
    assert make(**arguments, dry_run=True)[1] == [
        "run 1 of 1: gplinker-efficient, seed 1: trained, not tested yet"
    ]
    summary = make(**arguments)[0].summary
    extractor = RelationExtractor.load(run)
    examples = read_examples(test, extractor.schema)
    extractions = extractor([example.text for example in examples])
    scores = evaluate_triples(examples, extractions, extractor.tokenizer.tokenize).tokenized
    [row] = summary["rows"]
    assert row["f1"]["mean"] == scores.f1 and row["recall"] == scores.recall
    assert (summary["setting"]["test"], summary["setting"]["test_texts"]) == ("test.json", 30)
    text = (folder / "table.md").read_text("utf-8")
    assert "F1 is on the 30 texts of test.json" in text and "used once" in text
    assert (run / "dev_pred.json").read_bytes() == before
    assert "finished, F1" in make(**arguments, dry_run=True)[1][0]
    # With other texts it has to be tested again.
    test.write_text("".join(lines[-29:]), "utf-8")
    assert "not tested yet" in make(**arguments, dry_run=True)[1][0]
    with pytest.raises(InputError, match="No such file: test="):
        make(test=tmp_path / "none.json")
