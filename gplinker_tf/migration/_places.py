"""Where this package has the modules of bert4keras and Keras."""

from __future__ import annotations

from collections.abc import Callable

HERE = "gplinker_tf.bert4keras"
OLD = "bert4keras"

#: The replacement of each package; the longest matching name counts.
PLACES = {OLD: HERE} | dict.fromkeys(
    ("keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras"), f"{HERE}.keras"
)

#: From a module's name, and the dots before it, to the bert4keras module that it is a copy of.
CopyOf = Callable[[str, int], str | None]


class Places:
    """The modules that replace those that a script imports.

    Args:
        copy_of: tells which modules of the project are copies of bert4keras's.
    """

    def __init__(self, copy_of: CopyOf | None = None) -> None:
        self._copy_of = copy_of or (lambda module, level: None)

    def of(self, module: str, level: int = 0) -> str | None:
        """Return the module that replaces another, or `None` if it stays.

        Args:
            module: its name, without the dots of a relative import.
            level: the number of these dots.
        """
        if copied := self._copy_of(module, level):
            return f"{HERE}.{copied}"
        if level:
            return None
        for old in sorted(PLACES, key=len, reverse=True):
            if module == old or module.startswith(f"{old}."):
                return PLACES[old] + module[len(old) :]
        return None

    def is_copy(self, module: str, level: int = 0) -> bool:
        """Return whether a module of the project is a copy of bert4keras's."""
        return self._copy_of(module, level) is not None
