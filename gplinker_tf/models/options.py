"""What the options of every model have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gplinker_tf.option import changed_options, options_of


@dataclass(frozen=True, repr=False)
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

    def __repr__(self) -> str:
        """Those that are not the defaults."""
        return f"{type(self).__name__}({', '.join(changed_options(self))})"

    def __post_init__(self) -> None:
        for name, known in options_of(self).items():
            known.check(name, getattr(self, name))
