"""A training run: what it writes, what it keeps, how it stops."""

import json
import re
import signal
import time

import numpy as np
import pytest
from forks import COMMAND_LINE
from safetensors.numpy import load_file

from gplinker_tf import Example, InputError, RelationExtractor
from gplinker_tf.backend import tf
from gplinker_tf.data import DataFolder, read_examples
from gplinker_tf.encoders import EncoderFolder
from gplinker_tf.metrics import Evaluation, ScoreCounts, evaluate_triples
from gplinker_tf.training import AveragingAdam, EpochEvaluation, TrainingOptions, train

pytestmark = pytest.mark.slow

RUN_FILES = {
    ".lock",
    "checkpoints",
    "config.json",
    "curves.png",
    "dev_pred.json",
    "history.jsonl",
    "model.safetensors",
    "run.yaml",
    "vocab.txt",
}


def run(sample, folder, options, **kwargs):
    kwargs = {"progress": False, "report": lambda line: None} | kwargs
    encoder = EncoderFolder.open(sample, weights_required=False)
    return train(DataFolder.open(sample), encoder, folder, options, **kwargs)


def test_the_run_folder_holds_the_whole_run(run_folder):
    assert {path.name for path in run_folder.iterdir()} == RUN_FILES
    records = [json.loads(line) for line in (run_folder / "history.jsonl").open()]
    assert [record["epoch"] for record in records] == [1, 2]
    assert records[1]["loss"] < records[0]["loss"]
    parts = sum(records[0][f"{name}_loss"] for name in ("entity", "head", "tail"))
    assert records[0]["loss"] == pytest.approx(parts, rel=1e-4)
    assert records[0]["learning_rate"] == pytest.approx(3e-3)
    assert (run_folder / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_the_saved_model_scores_what_the_history_says(run_folder, sample):
    records = [json.loads(line) for line in (run_folder / "history.jsonl").open()]
    best = max(records, key=lambda record: (record["f1"], record["epoch"]))
    examples = read_examples(sample / "dev_data.json", limit=24)
    extractor = RelationExtractor.load(run_folder)
    found = extractor([example.text for example in examples])
    evaluation = evaluate_triples(examples, found, extractor.tokenizer.tokenize)
    assert evaluation.tokenized.f1 == pytest.approx(best["f1"])
    assert evaluation.exact.recall == pytest.approx(best["exact_recall"])


def evaluation_of(run_folder, tmp_path, averaging):
    """Return an evaluation callback for the loaded model of a run."""
    extractor = RelationExtractor.load(run_folder)
    optimizer = AveragingAdam(0.01, averaging=averaging)
    extractor.model.compile(optimizer)
    callback = EpochEvaluation(
        extractor, optimizer, [Example("北京")], tmp_path, report=lambda line: None, progress=False
    )
    callback.set_model(extractor.model)
    return callback


def logs():
    return dict.fromkeys(["loss", "entity_loss", "head_loss", "tail_loss"], 1.0)


def test_averaged_weights_are_evaluated_and_saved_and_taken_out_again(run_folder, tmp_path):
    callback = evaluation_of(run_folder, tmp_path, averaging=0.5)
    weights = callback.extractor.model.trainable_variables
    for _ in range(2):
        callback.optimizer.apply_gradients([(tf.ones(weight.shape), weight) for weight in weights])
    head = callback.extractor.model.head.q_dense.kernel
    trained = head.numpy()
    with callback.optimizer.averaged_weights():
        averaged = head.numpy()
    assert np.abs(trained - averaged).max() > 1e-4
    callback.on_epoch_end(0, logs())
    saved = load_file(tmp_path / "model.safetensors")["head/2"]
    np.testing.assert_allclose(saved, averaged, rtol=1e-6)
    np.testing.assert_array_equal(head.numpy(), trained)


def test_the_best_epoch_stays_and_the_later_of_equals_wins(run_folder, tmp_path, monkeypatch):
    scores = iter([5, 8, 8, 3])

    def scripted(examples, extractions, tokenize):
        counts = ScoreCounts(next(scores), 10, 10)
        return Evaluation(counts, counts, {})

    monkeypatch.setattr("gplinker_tf.training.epoch_evaluation.evaluate_triples", scripted)
    callback = evaluation_of(run_folder, tmp_path, averaging=None)
    bias = callback.extractor.model.entity.p_dense.bias
    for epoch in range(4):
        bias.assign(np.full(bias.shape, float(epoch), "float32"))
        callback.on_epoch_end(epoch, logs())
    assert callback.best["epoch"] == 3
    assert load_file(tmp_path / "model.safetensors")["entity/1"][0] == 2.0
    assert [record["f1"] for record in callback.records] == [0.5, 0.8, 0.8, 0.3]


def test_a_loss_that_is_no_number_stops_the_run_and_names_the_lines(sample, tmp_path):
    settings = {"epochs": 2, "batch_size": 4, "limit": 8, "dev_limit": 2, "recipe": "blog"}
    options = TrainingOptions(model="casrel", learning_rate=1e30, **settings)
    with pytest.raises(InputError) as caught:
        run(sample, tmp_path / "run", options)
    message = str(caught.value)
    assert "train_data.json: " in message and "not finite in epoch 1, step 2" in message
    lines = re.search(r"at lines ([\d, ]+)\.", message)[1].split(", ")
    assert len(lines) == 4 and set(map(int, lines)) <= set(range(1, 9))
    weights = load_file(tmp_path / "run" / "model.safetensors")
    assert all(np.isfinite(array).all() for array in weights.values())


def test_ctrl_c_keeps_the_best_so_far(forks, tmp_path):
    folder = tmp_path / "run"
    process = forks.start(COMMAND_LINE, "demo", "--output", folder)
    deadline = time.monotonic() + 300
    while "epoch 1: loss" not in process.stdout and time.monotonic() < deadline:
        assert not process.ended, process.stderr
        time.sleep(0.2)
    process.kill(signal.SIGINT)
    assert process.wait() == 130, process.stderr
    assert "epoch 1: loss" in process.stdout and "Traceback" not in process.stderr
    assert RelationExtractor.load(folder)(["电影《候鸟的月台》由韩知秋自导自演。"])
    assert not list(folder.glob("*.unfinished"))


def test_a_folder_that_is_not_empty_is_refused_and_nothing_of_others_is_removed(
    sample, run_folder, tmp_path
):
    sizes = {"epochs": 1, "batch_size": 4, "limit": 4, "dev_limit": 2, "encoder_layers": 1}
    options = TrainingOptions(model="casrel", averaging=None, **sizes)
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "history.jsonl").write_text("old\n")
    with pytest.raises(InputError, match="--overwrite"):
        run(sample, folder, options)
    assert (folder / "history.jsonl").read_text() == "old\n"
    run(sample, folder, options, overwrite=True)
    assert (folder / "notes.txt").read_text() == "mine"
    assert len((folder / "history.jsonl").read_text().splitlines()) == 1
    with pytest.raises(InputError, match="which is a file"):
        run(sample, folder / "notes.txt", options)


def test_bad_data_leaves_the_old_run_alone(sample, tmp_path):
    folder, data = tmp_path / "run", tmp_path / "data"
    folder.mkdir()
    data.mkdir()
    (folder / "model.safetensors").write_text("old")
    for name in ("train_data.json", "dev_data.json", "all_50_schemas"):
        (data / name).write_bytes((sample / name).read_bytes())
    (data / "dev_data.json").write_text('{"text": "北京", "spo_list": [{"subject": "北"}]}')
    with pytest.raises(InputError, match=r"dev_data\.json:1: .*predicate"):
        train(
            DataFolder.open(data),
            EncoderFolder.open(sample, weights_required=False),
            folder,
            overwrite=True,
        )
    assert (folder / "model.safetensors").read_text() == "old"


def test_more_tokens_than_the_encoder_has_positions(sample, tmp_path):
    with pytest.raises(InputError, match=r"at most 128, the number of positions.*max_length=129"):
        run(sample, tmp_path / "run", TrainingOptions(max_length=129))
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        (
            "loss_form",
            r"TrainingOptions\(model=GPLinkerOptions\(loss_form='x'\)\), with GPLinkerOptions from "
            r"gplinker_tf\.models\.$",
        ),
        ("loss", r"model=GPLinkerOptions\(loss_form='x'\)"),
        ("tail", r"model=GPLinkerOptions\(with_tail='x'\)"),
        ("epoch", "Write epochs='x'"),
        ("nothing_like_it", r"help\(TrainingOptions\) lists them"),
    ],
)
def test_a_name_that_is_no_option_says_what_was_meant(name, way_out):
    with pytest.raises(TypeError, match=rf"Received: {name}='x'\. .*{way_out}"):
        TrainingOptions(**{name: "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pointer", "fast"),
        ("epochs", 0),
        ("batch_size", -1),
        ("learning_rate", 0.0),
        ("max_length", 3),
        ("averaging", 1.0),
        ("head_size", 7),
        ("encoder_layers", 0),
    ],
)
def test_options_out_of_range(name, value):
    with pytest.raises(InputError, match=f"Received: {name}={value!r}"):
        TrainingOptions.of({name: value})


def test_the_blogs_recipe_is_the_scripts():
    options = TrainingOptions(recipe="blog")
    assert (options.model.pointer, options.epochs, options.batch_size) == ("efficient", 20, 64)
    assert (options.learning_rate, options.max_length, options.averaging) == (1e-5, 128, 0.999)
    assert options.model.head_size == 64
    assert AveragingAdam().epsilon == 1e-6
