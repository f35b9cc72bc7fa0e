"""Work in a process of its own, as it is: here the process is real."""

import pytest

from gplinker_tf.comparison._processes import BAD_INPUT, ChildFailure, ask_child

pytestmark = pytest.mark.slow


def test_a_module_in_the_current_folder_is_not_taken_for_a_library(tmp_path, monkeypatch):
    (tmp_path / "yaml.py").write_text("raise ImportError('not the library')\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ChildFailure, match="no_such_folder") as failure:
        ask_child("train_run", data={"folder": "no_such_folder"}, encoder="", output="", options={})
    assert failure.value.kind == BAD_INPUT
