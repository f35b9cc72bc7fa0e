"""Progress bars: one output in a notebook cell, empty at the end; tqdm's own in a terminal."""

from types import SimpleNamespace

import pytest

from gplinker_tf import _progress
from gplinker_tf._progress import Progress


@pytest.fixture
def cell(monkeypatch):
    """The outputs of a notebook cell, each as the list of texts that it has shown."""
    outputs = []

    class Handle:
        def __init__(self, shown):
            self.shown = shown

        def update(self, data, raw):
            self.shown.append(data["text/plain"])

    def display(data, raw, display_id):
        outputs.append([data["text/plain"]])
        return Handle(outputs[-1])

    shell = SimpleNamespace(execution_count=1, outputs=outputs)
    monkeypatch.setattr(pytest.importorskip("IPython.display"), "display", display)
    monkeypatch.setattr(_progress, "kernel_shell", lambda: shell)
    monkeypatch.setattr(_progress, "SECONDS", 0.0)
    monkeypatch.setattr(Progress, "_output", (-1, None))
    return shell


def test_the_bars_of_a_cell_take_turns(cell, capsys):
    for name in ("train", "extract"):
        assert list(Progress(range(3), name)) == [0, 1, 2]
    [shown] = cell.outputs
    assert any("train" in text and "2/3" in text for text in shown)
    assert any("extract" in text and "2/3" in text for text in shown)
    assert shown[-1] == ""
    cell.execution_count = 2
    list(Progress(range(3)))
    assert len(cell.outputs) == 2
    assert capsys.readouterr() == ("", "")


def test_a_bar_that_is_switched_off_shows_nothing(cell):
    list(Progress(range(3), disable=True))
    assert not cell.outputs


def test_outside_a_notebook_it_is_a_line_of_stderr(capsys):
    list(Progress(range(3), "train"))
    assert "train: 100%" in capsys.readouterr().err
