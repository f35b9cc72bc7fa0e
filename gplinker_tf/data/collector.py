"""Python's collector of cycles, put to rest while many objects are made and none is garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Without Python's collector of cycles, which walks ever more objects and finds no garbage.

    That is a fifth of the time for the texts of LIC2019.
    """
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            gc.enable()
