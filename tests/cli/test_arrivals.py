"""Windows of texts: in order, without delay, and complete before an error."""

import os
import sys
import time

import pytest

from gplinker_tf.cli import arrivals
from gplinker_tf.cli.arrivals import FIRST, LARGEST, watch_standard_input, windows
from gplinker_tf.data import read_texts


def never():
    return False


def test_windows_grow_and_keep_the_order():
    texts = [str(number) for number in range(5000)]
    found = list(windows(iter(texts), never))
    assert [text for window in found for text in window] == texts
    assert len(found[0]) == FIRST and max(map(len, found)) == LARGEST
    assert list(windows([], never)) == []


def test_what_comes_before_an_error_comes_first():
    def texts():
        yield from "ab"
        raise OSError("gone")

    found = windows(texts(), never)
    assert next(found) == ["a", "b"]
    with pytest.raises(OSError, match="gone"):
        next(found)


def test_a_window_is_not_filled_for_long(monkeypatch):
    monkeypatch.setattr(arrivals, "FILLING", 0.05)

    def slow():
        for number in range(8):
            time.sleep(0.02)
            yield str(number)

    assert max(map(len, windows(slow(), never))) <= 4


@pytest.fixture
def standard_input(monkeypatch):
    """The write end of a pipe whose other end is standard input."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin, os.fdopen(writing, "wb", buffering=0) as pipe:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield pipe


def test_lines_of_a_pipe_come_at_once(standard_input):
    waits = watch_standard_input()
    found = windows(read_texts("-"), waits)
    for lines in (["a", "b"], ["北京"], ["c" * 50_000, "d", "e"]):
        standard_input.write("".join(f"{line}\n" for line in lines).encode())
        start = time.monotonic()
        assert next(found) == lines
        assert time.monotonic() - start < 5
    standard_input.write(b"the last")
    standard_input.close()
    assert list(found) == [["the last"]]


def test_a_full_pipe_gives_full_windows(standard_input):
    texts = [f"line {number}" for number in range(3000)]
    standard_input.write("".join(f"{text}\n" for text in texts).encode())  # less than a pipe holds
    standard_input.close()
    found = list(windows(read_texts("-"), watch_standard_input()))
    assert [text for window in found for text in window] == texts
    assert len(found) == 6


def test_a_stand_in_for_standard_input_is_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert watch_standard_input()() is False
