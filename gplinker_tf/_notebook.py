"""Whether this process is the kernel of a notebook."""

import sys
from typing import Any


def kernel_shell() -> Any | None:
    """IPython's shell in a notebook; `None` outside one.

    Outside one IPython is often not installed, and importing it takes half a second.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell if getattr(shell, "kernel", None) is not None else None
