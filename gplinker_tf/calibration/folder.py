"""The files that tuning writes to a run folder, and how its thresholds are read back."""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gplinker_tf._atomic_write import whole_file
from gplinker_tf.calibration.calibration import Calibration
from gplinker_tf.calibration.probability import ProbabilityModel
from gplinker_tf.errors import InputError

THRESHOLDS = "thresholds.json"
THRESHOLD_CURVE, RELIABILITY = "thresholds.csv", "reliability.csv"
THRESHOLD_PICTURE = "thresholds.png"

#: How to recover from any damage.
WAY_OUT = "Delete the file, which resets the threshold to 0, and tune again."


def write_calibration(folder: str | Path, calibration: Calibration | None) -> None:
    """Write `thresholds.json`; an old file stays until the new one is complete.

    Args:
        folder: the run folder.
        calibration: the calibration to write; `None` removes the file.

    Example:

    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> write_calibration(folder, Calibration(-1.5))
    >>> read_calibration(folder, ["主演"])
    Calibration(threshold -1.5)
    >>> write_calibration(folder, None)
    >>> read_calibration(folder, ["主演"]) is None
    True
    """
    path = Path(folder) / THRESHOLDS
    if calibration is None:
        path.unlink(missing_ok=True)
        return
    with whole_file(path) as unfinished:
        text = json.dumps(asdict(calibration), ensure_ascii=False, indent=1)
        unfinished.write_text(text, encoding="utf-8")


def read_calibration(folder: str | Path, predicates: Collection[str]) -> Calibration | None:
    """Read the calibration that `write_calibration` wrote.

    Args:
        folder: the run folder.
        predicates: the predicates of the model.

    Returns:
        The calibration, or `None` if the run has not been tuned.

    Raises:
        InputError: the file is damaged, or belongs to a model with other predicates.

    Example:

    >>> import tempfile
    >>> read_calibration(tempfile.mkdtemp(), ["主演"]) is None
    True
    """
    path = Path(folder) / THRESHOLDS
    if not path.exists():
        return None
    try:
        calibration = _calibration(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{path}: expected thresholds that `gplinker tune` wrote. Received: "
            f"{type(error).__name__}: {error}. {WAY_OUT}"
        ) from error
    unknown = [name for name in calibration.by_predicate if name not in predicates]
    if unknown:
        raise InputError(
            f"{path}: expected thresholds of the model's own predicates. Received: "
            f"{unknown[0]!r}, which the model does not know. {WAY_OUT}"
        )
    return calibration


def _calibration(values: dict[str, Any]) -> Calibration:
    probability = values["probability"]
    if probability is not None:
        intercept, slope = (_finite(probability[name]) for name in ("intercept", "slope"))
        shifts = {name: _finite(value) for name, value in probability["shifts"].items()}
        probability = ProbabilityModel(intercept, slope, shifts)
    return Calibration(
        threshold=_finite(values["threshold"]),
        by_predicate={name: _finite(value) for name, value in values["by_predicate"].items()},
        probability=probability,
        measured=dict(values["measured"]),
    )


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is not a finite number")
    return float(value)
