"""The base class of model options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gplinker_tf.option import changed_options, options_of


@dataclass(frozen=True, repr=False)
class ModelOptions:
    """Abstract: the options specific to one model, all of them arguments of its class.

    A subclass is a frozen dataclass whose fields are made by `gplinker_tf.option.option`. The
    command line, its help, YAML files and the documentation are derived from them.

    Attributes:
        kind: the model's name.

    Raises:
        InputError: an option has an invalid value.
    """

    kind: ClassVar[str]

    def __repr__(self) -> str:
        """Return the options that differ from their defaults."""
        return f"{type(self).__name__}({', '.join(changed_options(self))})"

    def __post_init__(self) -> None:
        for name, known in options_of(self).items():
            known.check(name, getattr(self, name))
