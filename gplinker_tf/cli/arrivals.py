"""Windows of texts, some of which may not have arrived through a pipe yet."""

from __future__ import annotations

import io
import select
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

#: Texts in the first window, which is small so that results come soon, and in the largest.
FIRST, LARGEST = 64, 1024

#: Texts in the largest window for workers: few, so that all finish at about the same time.
ON_RAY = 256

#: Seconds after which a window is passed on, however few texts it has.
FILLING = 1.0

#: Seconds without a new line after which input counts as slow.
PAUSE = 0.1


def windows(
    texts: Iterable[str], waits: Callable[[], bool], largest: int = LARGEST
) -> Iterator[list[str]]:
    """Yield the texts, several at a time.

    If reading them fails, the texts before the error are yielded first.

    Args:
        texts: the texts.
        waits: tells whether the next text has not arrived yet.
        largest: the number of texts in the largest window.

    Example:

    >>> [len(window) for window in windows(["a"] * 200, lambda: False)]
    [64, 128, 8]
    >>> [len(window) for window in windows(["a"] * 3, lambda: True)]
    [1, 1, 1]
    """
    texts, size, ended, failure = iter(texts), FIRST, False, None
    while not ended:
        window: list[str] = []
        filled = float("inf")
        try:
            while len(window) < size and time.monotonic() < filled:
                window.append(next(texts))
                filled = min(filled, time.monotonic() + FILLING)
                if waits():
                    break
        except StopIteration:
            ended = True
        except Exception as error:
            ended, failure = True, error
        if window:
            yield window
        size = min(2 * size, largest)
    if failure is not None:
        raise failure


def watch_standard_input() -> Callable[[], bool]:
    """Replace `sys.stdin` by a stream that can tell whether it is waiting for input.

    Returns:
        A function that tells whether no line is available, nor any input within a moment.
    """
    try:
        descriptor = sys.stdin.fileno()
    except (AttributeError, OSError):  # it was replaced by another stream
        return lambda: False
    watched = _WatchedInput(descriptor)
    sys.stdin = io.TextIOWrapper(watched, encoding="utf-8")
    return watched.waits


class _Arrived(io.FileIO):
    """A file that counts the bytes read from it, which a pipe does not."""

    _bytes = 0

    def readinto(self, buffer: Any, /) -> int:
        read = super().readinto(buffer)
        self._bytes += read
        return read

    def tell(self) -> int:
        return self._bytes


class _WatchedInput(io.BufferedReader):
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._arrived = _Arrived(descriptor, closefd=False)
        super().__init__(self._arrived)

    def waits(self) -> bool:
        # Peeking into an empty buffer would itself wait.
        if self._arrived.tell() > self.tell() and b"\n" in self.peek():
            return False
        readable, _, _ = select.select([self._descriptor], [], [], PAUSE)
        return not readable
