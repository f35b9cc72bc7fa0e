"""Progress bars: tqdm's in a terminal, a single line that disappears in a notebook."""

from __future__ import annotations

from io import StringIO
from typing import Any

from tqdm.std import tqdm

from gplinker_tf._notebook import kernel_shell

#: Width of a bar in a notebook, in characters, and seconds between updates.
WIDTH, SECONDS = 88, 0.5


class Progress(tqdm):
    """A tqdm bar; in a notebook, all bars of a cell share one output, which is empty at the end.

    tqdm's own notebook bar needs ipywidgets, and each bar leaves its initial state behind in a
    saved notebook.
    """

    _output: tuple[int, Any] = -1, None

    def __init__(self, *args: Any, **settings: Any) -> None:
        shell = None if settings.get("disable") else kernel_shell()
        self._handle = None if shell is None else self._output_of_cell(shell)
        if self._handle is not None:
            settings |= {"file": StringIO(), "ncols": WIDTH, "leave": False}
            # Check the clock at every step, so that tqdm needs no thread to redraw a slow bar.
            settings |= {"mininterval": SECONDS, "miniters": 1}
        super().__init__(*args, **settings)

    @classmethod
    def _output_of_cell(cls, shell: Any) -> Any:
        from IPython.display import display

        if cls._output[0] != shell.execution_count:
            cls._output = shell.execution_count, display(_line(""), raw=True, display_id=True)
        return cls._output[1]

    def display(self, msg: str | None = None, pos: int | None = None) -> Any:
        if self._handle is None:
            return super().display(msg, pos)
        return self._handle.update(_line(str(self) if msg is None else msg), raw=True)


def _line(text: str) -> dict[str, str]:
    return {"text/plain": text}
