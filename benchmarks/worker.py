"""A side of a comparison in a process of its own, which takes turns with the others.

    python -m benchmarks.worker MODULE:FUNCTION ARGUMENTS

Each side has its own process, since bert4keras, this package and torch can't share one; taking
turns lets what else the machine does meet all alike.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

#: bert4keras runs on legacy Keras only; everything else runs on Keras 3.
LEGACY = ("benchmarks.sides.bert4keras",)


class Worker:
    """Starts a side; asks it for pieces of work.

    Args:
        side: `"module:function"` under `benchmarks.sides`.
        **arguments: what the function takes; plain values.
    """

    def __init__(self, side: str, **arguments: Any) -> None:
        module = f"benchmarks.sides.{side}"
        environment = os.environ | {
            "TF_USE_LEGACY_KERAS": "1" if module.startswith(LEGACY) else "0",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "HF_HUB_OFFLINE": "1",
        }
        self.name = side
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed with the worker
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", module, json.dumps(arguments, default=str)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def seconds(self, work: str, turn: int = 0) -> float:
        """How long a piece of work took."""
        return self._ask("seconds", work, turn)

    def peak_mebibytes(self, work: str) -> float:
        """How far the process's resident memory rose above what it was before."""
        return self._ask("peak_mebibytes", work, 0)

    def value(self, work: str) -> Any:
        """What a piece of work returns."""
        return self._ask("value", work, 0)

    def _ask(self, *question: Any) -> Any:
        with suppress(BrokenPipeError):  # it has ended: no answer will come
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            self._errors.seek(0)
            raise RuntimeError(f"{self.name} ended early:\n{self._errors.read()[-3000:]}")
        return json.loads(answer)

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._errors.close()


def seconds(work: Callable[[int], Any], turn: int) -> float:
    began = time.perf_counter()
    work(turn)
    return time.perf_counter() - began


def peak_mebibytes(work: Callable[[int], Any], turn: int) -> float:
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # from now on VmHWM is the peak since now
    before = _status("VmRSS")
    work(turn)
    return (_status("VmHWM") - before) / 1024


def _status(name: str) -> int:
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name))


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print belongs to no answer
    module, function = sys.argv[1].split(":")
    works = getattr(importlib.import_module(module), function)(**json.loads(sys.argv[2]))
    kinds = {
        "seconds": seconds,
        "peak_mebibytes": peak_mebibytes,
        "value": lambda work, turn: work(turn),
    }
    for line in sys.stdin:
        kind, work, turn = json.loads(line)
        print(json.dumps(kinds[kind](works[work], turn)), file=answers, flush=True)


if __name__ == "__main__":
    main()
