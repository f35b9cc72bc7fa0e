"""Training curves of a run: from its folder, from its records, and during training."""

import json

import pytest
from pictures import expect_sound
from tiny import as_dataset, tiny_casrel, tiny_casrel_batch

from gplinker_tf import InputError
from gplinker_tf.runs import best_epoch, write_epochs
from gplinker_tf.training import AveragingAdam, TrainingResult
from gplinker_tf.visualization import TrainingCurves, show_training, training, training_curves

SCORES = {"precision": 0.6, "recall": 0.5, "f1": 0.55}
RECORDS = [
    {"epoch": 1, "loss": 8.0, "entity_loss": 3.0, **SCORES},
    {"epoch": 2, "loss": 4.0, "entity_loss": 1.0, **SCORES, "f1": 0.6},
    {"epoch": 3, "loss": 3.0, "entity_loss": 1.0, **SCORES, "f1": 0.5},
]


def test_a_run_folder_shows_losses_and_scores(tmp_path):
    write_epochs(tmp_path / "history.jsonl", RECORDS)
    picture = show_training(tmp_path)
    words = expect_sound(picture)
    assert {"Training loss", "Dev set", "F1 0.500", "loss 3", "entity 1"} <= set(words)
    assert "Learning rate" not in words
    assert repr(picture) == "Picture('3 epochs, best F1 0.6000 in epoch 2')"
    assert "epoch 2: F1 0.600" in picture.to_svg()


@pytest.mark.parametrize("count", [0, 1])
def test_few_epochs_draw(count):
    expect_sound(show_training(RECORDS[:count]))


def test_records_may_lack_scores_and_have_a_rate():
    words = expect_sound(show_training([{"epoch": 1, "loss": 0.0, "learning_rate": 1e-4}]))
    assert "Learning rate" in words and "Dev set" not in words


def test_what_fit_gives_is_shown(tmp_path):
    result = TrainingResult(tmp_path, RECORDS[1], RECORDS, interrupted=False)
    assert show_training(result).html == show_training(RECORDS).html


def test_an_old_run_folder_opens(tmp_path):
    with pytest.raises(InputError, match="no epoch has ended"):
        TrainingResult.open(tmp_path)
    write_epochs(tmp_path / "history.jsonl", RECORDS)
    opened = TrainingResult.open(tmp_path)
    assert opened == TrainingResult(tmp_path, best_epoch(RECORDS), RECORDS, interrupted=False)
    assert show_training(opened).html == show_training(RECORDS).html


def test_no_such_folder(tmp_path):
    with pytest.raises(InputError, match="No such folder"):
        show_training(tmp_path / "none")
    with pytest.raises(ValueError, match="Pass the folder"):
        show_training(RECORDS, live=True)


def test_a_run_of_another_process_is_followed_to_its_last_epoch(tmp_path, monkeypatch):
    (tmp_path / "run.yaml").write_text("epochs: 3\n")
    waits = []

    def another_epoch(seconds):
        waits.append(seconds)
        write_epochs(tmp_path / "history.jsonl", RECORDS[: len(waits)])

    monkeypatch.setattr(training.time, "sleep", another_epoch)
    picture = show_training(tmp_path, live=True)
    assert len(waits) == 3 and repr(picture).startswith("Picture('3 epochs")


def test_interrupting_leaves_the_picture(tmp_path, monkeypatch):
    def interrupt(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(training.time, "sleep", interrupt)
    assert repr(show_training(tmp_path, live=True)) == "Picture('0 epochs')"


def test_the_callback_draws_a_fit():
    model = tiny_casrel()
    model.compile(AveragingAdam(0.001))
    curves = TrainingCurves()
    data = as_dataset(*tiny_casrel_batch())
    for _ in range(2):
        model.fit(data, epochs=2, steps_per_epoch=2, verbose=0, callbacks=[curves])
    assert [record["epoch"] for record in curves.records] == [1, 2]
    assert curves.records[0]["learning_rate"] == pytest.approx(0.001)
    assert json.dumps(curves.records)
    assert "Training loss" in expect_sound(curves.picture)


def test_losses_of_a_dev_set_do_not_replace_those_of_training():
    curves = TrainingCurves()
    curves.on_epoch_end(0, {"loss": 8.0, "head_loss": 3.0, "val_loss": 9.0, "val_head_loss": 4.0})
    assert curves.records == [{"epoch": 1, "loss": 8.0, "head_loss": 3.0}]


@pytest.mark.slow
def test_in_a_notebook_one_output_is_drawn_again(monkeypatch):
    shown = []

    class Handle:
        def update(self, picture):
            shown.append(repr(picture))

    def display(picture, display_id):
        shown.append(repr(picture))
        return Handle()

    display_module = pytest.importorskip("IPython.display")
    monkeypatch.setattr(display_module, "display", display)
    monkeypatch.setattr(training_curves, "kernel_shell", object)
    monkeypatch.setattr(training_curves, "SECONDS", 0.0)
    model = tiny_casrel()
    model.compile(AveragingAdam(0.001))
    curves = TrainingCurves()
    model.fit(
        as_dataset(*tiny_casrel_batch()), epochs=1, steps_per_epoch=2, verbose=0, callbacks=[curves]
    )
    assert shown == ["Picture('0 epochs')"] * 3 + ["Picture('1 epoch')"]
