"""The examples run as they stand."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_quickstart_notebook(tmp_path, monkeypatch):
    monkeypatch.setenv("EPOCHS", "1")
    notebook = nbformat.read(EXAMPLES / "quickstart.ipynb", as_version=4)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=resources).execute()
    outputs = [
        output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    text = "\n".join(outputs)
    assert "epoch 1: loss" in text and "候鸟的月台" in text and "best subject: " in text
    assert (tmp_path / "quickstart-run" / "model.safetensors").is_file()


def test_the_notebook_is_stored_without_outputs():
    notebook = nbformat.read(EXAMPLES / "quickstart.ipynb", as_version=4)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")


def test_the_scripts_shape(sample, tmp_path):
    shutil.copytree(sample, tmp_path / "sample")
    command = [
        *(sys.executable, EXAMPLES / "task_relation_extraction_gplinker.py"),
        *("sample", "sample", "--from-scratch"),
        *("--epochs", "1", "--limit", "24", "--batch-size", "8"),
    ]
    result = subprocess.run(
        command, cwd=tmp_path, capture_output=True, encoding="utf-8", env=dict(os.environ)
    )
    assert result.returncode == 0, result.stderr
    assert re.search(r"f1: 0\.\d{5}, precision: 0\.\d{5}", result.stdout)
    assert (tmp_path / "best_model" / "model.safetensors").is_file()
