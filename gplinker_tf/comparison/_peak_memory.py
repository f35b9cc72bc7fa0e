"""The most memory that this process has had."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from gplinker_tf.backend import tf

STATUS = Path("/proc/self/status")


def peak_mebibytes() -> dict[str, float | None]:
    """Resident memory at its highest, TensorFlow itself included, and that of the first GPU.

    The kernel's `VmHWM` where there is one: unlike `ru_maxrss` it does not begin with what the
    parent process had.
    """
    return {"peak_mebibytes": _resident(), "gpu_peak_mebibytes": _of_gpu()}


def _resident() -> float:
    if STATUS.is_file():
        lines = STATUS.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 2**10
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _of_gpu() -> float | None:
    info: dict[str, Any] = {}
    if tf.config.list_physical_devices("GPU"):
        info = tf.config.experimental.get_memory_info("GPU:0")
    return info["peak"] / 2**20 if info else None
