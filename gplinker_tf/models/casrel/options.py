"""The options of CasRel: none so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gplinker_tf.models.options import ModelOptions


@dataclass(frozen=True, repr=False)
class CasRelOptions(ModelOptions):
    """CasRel has no options of its own.

    Example:

    >>> from gplinker_tf.training import TrainingOptions
    >>> TrainingOptions(CasRelOptions(), epochs=3) == TrainingOptions("casrel", epochs=3)
    True
    """

    kind: ClassVar[str] = "casrel"
