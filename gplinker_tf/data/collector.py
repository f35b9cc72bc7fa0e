"""A pause for Python's garbage collector while many objects are created and none is garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Disable the cyclic garbage collector, which scans more and more objects and frees none.

    This saves a fifth of the time for the texts of LIC2019.
    """
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            gc.enable()
