"""Which checkpoint is kept when a run has ended."""

import numpy as np
import pytest

from gplinker_tf.runs import (
    Checkpoint,
    keep_newest_checkpoint,
    read_newest_checkpoint,
    write_checkpoint,
)


@pytest.fixture
def folder(tmp_path):
    for step in (10, 20):
        write_checkpoint(tmp_path, Checkpoint({"entity/0": np.zeros([8, 64])}, {"step": step}))
    return tmp_path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_newest_stays(folder):
    size = (folder / "step-00000020.safetensors").stat().st_size
    assert keep_newest_checkpoint(folder) == size
    assert names(folder) == ["step-00000020.safetensors"]


def test_a_damaged_one_goes_and_the_one_before_it_stays(folder):
    path = folder / "step-00000020.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    assert keep_newest_checkpoint(folder) == (folder / "step-00000010.safetensors").stat().st_size
    assert names(folder) == ["step-00000010.safetensors"]
    assert read_newest_checkpoint(folder).notes["step"] == 10


def test_where_all_are_damaged_nothing_is_removed(folder):
    before = names(folder)
    for path in folder.iterdir():
        path.write_bytes(b"damaged")
    assert keep_newest_checkpoint(folder) == 0 and names(folder) == before
    assert keep_newest_checkpoint(folder / "none") == 0
