"""The options of the two TPLinkers: none so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gplinker_tf.models.options import ModelOptions


@dataclass(frozen=True, repr=False)
class TPLinkerOptions(ModelOptions):
    """TPLinker has no options of its own.

    Example:

    >>> from gplinker_tf.training import TrainingOptions
    >>> TrainingOptions(TPLinkerOptions(), epochs=3) == TrainingOptions("tplinker", epochs=3)
    True
    """

    kind: ClassVar[str] = "tplinker"


@dataclass(frozen=True, repr=False)
class TPLinkerPlusOptions(ModelOptions):
    """TPLinker-plus has no options of its own.

    Example:

    >>> from gplinker_tf.training import TrainingOptions
    >>> TrainingOptions(TPLinkerPlusOptions(), epochs=3).model.kind
    'tplinker-plus'
    """

    kind: ClassVar[str] = "tplinker-plus"
