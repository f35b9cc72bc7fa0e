"""Optional dependencies."""

from __future__ import annotations

from importlib.util import find_spec

from gplinker_tf.errors import InputError

#: The extra that installs each module.
EXTRAS = {
    "matplotlib": "plots",
    "h5py": "convert",
    "huggingface_hub": "hub",
    "openpyxl": "excel",
    "pandas": "dataframes",
    "tensorboard": "tensorboard",
    "ipywidgets": "notebook",
    "IPython": "notebook",
    "resvg_py": "notebook",
    "fastapi": "serve",
    "uvicorn": "serve",
    "prometheus_client": "serve",
    "sentencepiece": "sentencepiece",
    "spacy": "spacy",
    "onnxruntime": "onnx",
    "ai_edge_litert": "litert",
    "ray": "ray",
    "onnx": "export",
    "tf2onnx": "export",
}


def is_there(module: str) -> bool:
    """Return whether a module can be imported."""
    return find_spec(module) is not None


def way_to(module: str) -> str:
    """Return how to install a missing module.

    Example:

    >>> print(way_to("matplotlib"))
    pip install 'gplinker_tf[plots]' (or matplotlib alone)
    """
    return f"pip install 'gplinker_tf[{EXTRAS[module]}]' (or {module} alone)"


class MissingPackageError(InputError, ImportError):
    """An optional dependency is not installed; the message says how to install it."""


def require(module: str, purpose: str, otherwise: str = "") -> None:
    """Check that a module can be imported.

    Args:
        module: the module, one of `EXTRAS`.
        purpose: what needs it; the sentence begins with it.
        otherwise: what to do instead of installing it.

    Raises:
        MissingPackageError: it can't be imported.
    """
    if not is_there(module):
        instead = f", or {otherwise}" if otherwise else ""
        raise MissingPackageError(
            f"{purpose} needs {module}, which is not installed. Run {way_to(module)}{instead}."
        )
