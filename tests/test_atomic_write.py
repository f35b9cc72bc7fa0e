"""Atomic writes: a file is complete or unchanged; links, modes, pipes and devices are kept."""

import os
import re
import select
import stat
import threading
from pathlib import Path

import pytest

import gplinker_tf
from gplinker_tf._atomic_write import whole_file


def write(path, text="new"):
    with whole_file(path) as unfinished:
        unfinished.write_text(text)


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o604)
    with pytest.raises(KeyboardInterrupt), whole_file(path) as unfinished:
        unfinished.write_text("half")
        assert path.read_text() == "old"
        raise KeyboardInterrupt
    assert path.read_text() == "old" and mode_of(path) == 0o604
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("there", [True, False])
def test_links_are_followed(tmp_path, there):
    target, middle, link = (tmp_path / name / "file" for name in ("target", "middle", "link"))
    for path in (target, middle, link):
        path.parent.mkdir()
    middle.symlink_to(target)
    link.symlink_to(os.path.join("..", "middle", "file"))
    if there:
        target.write_text("old")
    write(link)
    assert link.is_symlink() and middle.is_symlink() and not target.is_symlink()
    assert target.read_text() == link.read_text() == "new"
    assert [len(list(path.parent.iterdir())) for path in (target, middle, link)] == [1, 1, 1]


@pytest.mark.parametrize("mode", [0o600, 0o444, 0o666, 0o755])
def test_the_mode_of_a_file_stays(tmp_path, mode):
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(mode)
    with whole_file(path) as unfinished:
        assert mode_of(unfinished) == mode | 0o200, "nobody else reads it before it is whole"
        unfinished.write_text("new")
        assert mode_of(unfinished) == mode | 0o200
    assert path.read_text() == "new" and mode_of(path) == mode


def test_a_new_file_has_the_usual_mode(tmp_path):
    write(tmp_path / "ours")
    (tmp_path / "usual").touch()
    assert mode_of(tmp_path / "ours") == mode_of(tmp_path / "usual")


@pytest.mark.parametrize("linked", [False, True])
def test_a_named_pipe_is_written_to(tmp_path, linked):
    pipe, path, read = tmp_path / "pipe", tmp_path / "pipe", []
    os.mkfifo(pipe)
    if linked:
        path = tmp_path / "link"
        path.symlink_to(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    write(path)
    reader.join(10)
    assert read == ["new"] and stat.S_ISFIFO(pipe.stat().st_mode)
    assert len(list(tmp_path.iterdir())) == 1 + linked


def test_a_device_is_written_to(tmp_path):
    ours, theirs = os.openpty()
    try:
        (tmp_path / "device").symlink_to(os.ttyname(theirs))
        write(tmp_path / "device", "new\n")
        assert select.select([ours], [], [], 10)[0], "nothing was written to it"
        assert os.read(ours, 100).split() == [b"new"]
        assert stat.S_ISCHR((tmp_path / "device").stat().st_mode)
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(IsADirectoryError):
        write(tmp_path)


def test_every_room_writes_through_it():
    """The exceptions are a log, temporary files and a device.

    Exports write into a folder that is renamed when it is complete.
    """
    package = Path(gplinker_tf.__file__).parent
    writes = re.compile(
        r"^(?! *(>>>|\.\.\.)).*(\.write_(text|bytes)\(|os\.replace\().*", re.MULTILINE
    )
    others = {
        (path.relative_to(package).as_posix(), found[0].strip())
        for path in package.rglob("*.py")
        for found in writes.finditer(path.read_text("utf-8"))
        if "unfinished" not in found[0]
    }
    assert {name for name, _ in others} == {
        "cli/bad_lines.py",
        "comparison/machine.py",
        "data/importing.py",
        "export/_new_axes.py",
        "export/exporting.py",
    }, others
