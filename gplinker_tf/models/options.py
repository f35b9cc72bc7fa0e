"""What the options of every model have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gplinker_tf.option import options_of


@dataclass(frozen=True)
class ModelOptions:
    """Abstract: the options that one model alone has, all of them arguments of its class.

    A subclass is a frozen dataclass of fields that `gplinker_tf.option.option` makes: the command
    line, its help, YAML files and the documentation are made of them.

    Attributes:
        kind: the model's name.

    Raises:
        InputError: a value is none of its option's.
    """

    kind: ClassVar[str]

    def __post_init__(self) -> None:
        for name, known in options_of(self).items():
            known.check(name, getattr(self, name))
