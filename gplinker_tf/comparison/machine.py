"""The machine of a measurement and the memory it took, without host names or paths."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import Any

from gplinker_tf.backend import tf
from gplinker_tf.training.memory import memory_gibibytes

CPU_INFO = Path("/proc/cpuinfo")
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def machine() -> dict[str, Any]:
    """Return the processor, the cores that this process may use, memory, GPUs and system."""
    gpus = tf.config.list_physical_devices("GPU")
    details = map(tf.config.experimental.get_device_details, gpus)
    affinity = getattr(os, "sched_getaffinity", None)
    return {
        "processor": _field(CPU_INFO, "model name") or platform.processor() or platform.machine(),
        "cores": len(affinity(0)) if affinity else os.cpu_count(),
        "memory_gibibytes": memory_gibibytes(),
        "gpus": [known.get("device_name", "GPU") for known in details],
        "system": platform.system(),
    }


def peak_mebibytes() -> dict[str, float | None]:
    """Return the peak resident memory, including TensorFlow itself, and that of the first GPU.

    This uses the kernel's `VmHWM`, if available: unlike `ru_maxrss`, it does not start from the
    memory of the parent process.
    """
    gpu = None
    if tf.config.list_physical_devices("GPU"):
        gpu = tf.config.experimental.get_memory_info("GPU:0")["peak"] / 2**20
    return {"peak_mebibytes": resident_peak(), "gpu_peak_mebibytes": gpu}


def resident_peak() -> float:
    """Return the peak resident memory of this process in MiB."""
    if kibibytes := _field(STATUS, "VmHWM"):
        return int(kibibytes.split()[0]) / 2**10
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def forget_peak() -> None:
    """Reset the resident peak to the current memory; on Linux only."""
    CLEAR.write_text("5")


def _field(path: Path, name: str) -> str | None:
    """Return the first value of a name in a file of the kernel, or `None`."""
    lines = path.read_text().splitlines() if path.is_file() else []
    values = (line.partition(":")[2].strip() for line in lines if line.startswith(name))
    return next(values, None)
