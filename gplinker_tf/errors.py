"""The exception for invalid input; its message says how to fix the problem."""

from __future__ import annotations

from typing import Any


class InputError(ValueError):
    """An error in the input: a file, folder, argument or text that cannot be used as given.

    The message says what was expected, what was received and what to do about it; errors in a
    file begin with `path:line`. The command line prints it and exits with code 2.

    Args:
        message: the whole message, including the place.
        place: where in a file the error is, a `gplinker_tf.data.Place`; `None` for other errors.
    """

    def __init__(self, message: str, place: Any = None) -> None:
        super().__init__(message)
        self.place = place
