"""The one exception that means: the input is at fault, and the message says how to fix it."""

from __future__ import annotations

from typing import Any


class InputError(ValueError):
    """A file, folder, argument or text that cannot be used as given.

    The message says what was expected, what was received and what to do about it; errors in a
    file begin with `path:line`. The command line prints it and exits with code 2.

    Args:
        message: the whole message, its place included.
        place: where a file is at fault, a `gplinker_tf.data.Place`; `None` for other errors.
    """

    def __init__(self, message: str, place: Any = None) -> None:
        super().__init__(message)
        self.place = place
