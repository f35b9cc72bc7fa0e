"""What a table was made on: no names of hosts, no places of files."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

from gplinker_tf.backend import tf
from gplinker_tf.training.memory import memory_gibibytes

CPU_INFO = Path("/proc/cpuinfo")


def machine() -> dict[str, Any]:
    """Processor, cores that this process may use, memory, GPUs, system."""
    names = [
        tf.config.experimental.get_device_details(device).get("device_name", device.device_type)
        for device in tf.config.list_physical_devices("GPU")
    ]
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gibibytes": memory_gibibytes(),
        "gpus": names,
        "system": platform.system(),
    }


def _processor() -> str:
    if CPU_INFO.is_file():
        for line in CPU_INFO.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
