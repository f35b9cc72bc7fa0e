"""What the two TPLinkers can be told: nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gplinker_tf.models.options import ModelOptions


@dataclass(frozen=True, repr=False)
class TPLinkerOptions(ModelOptions):
    """TPLinker has no options of its own."""

    kind: ClassVar[str] = "tplinker"


@dataclass(frozen=True, repr=False)
class TPLinkerPlusOptions(ModelOptions):
    """TPLinker-plus has no options of its own."""

    kind: ClassVar[str] = "tplinker-plus"
