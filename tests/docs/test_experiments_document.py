"""docs/experiments.md: its Python runs from top to bottom."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text("utf-8")


@pytest.mark.slow
def test_the_examples_run(tmp_path):
    code = "\n".join(re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL))
    command = [sys.executable, "-W", "error:::gplinker_tf", "-c", code]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert (tmp_path / "bilinear" / "model.safetensors").is_file()
