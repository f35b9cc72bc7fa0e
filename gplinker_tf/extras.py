"""What is only needed for some things, and may be missing."""

from __future__ import annotations

from importlib.util import find_spec

#: By module the extra that brings it.
EXTRAS = {
    "matplotlib": "plots",
    "h5py": "convert",
    "huggingface_hub": "hub",
    "openpyxl": "excel",
    "pandas": "dataframes",
    "tensorboard": "tensorboard",
    "ipywidgets": "notebook",
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
    """Whether a module can be imported."""
    return find_spec(module) is not None


def way_to(module: str) -> str:
    """How a module that is missing is installed.

    Example:

    >>> print(way_to("matplotlib"))
    pip install 'gplinker_tf[plots]' (or matplotlib alone)
    """
    return f"pip install 'gplinker_tf[{EXTRAS[module]}]' (or {module} alone)"
