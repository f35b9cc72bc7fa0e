"""The examples run as they stand."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples"


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
