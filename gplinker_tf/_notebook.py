"""Detection of a notebook kernel."""

import sys
from typing import Any


def kernel_shell() -> Any | None:
    """Return IPython's shell in a notebook, or `None` elsewhere.

    This does not import IPython, which is often not installed and takes half a second to import.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell if getattr(shell, "kernel", None) is not None else None
