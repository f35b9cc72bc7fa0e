"""docs/experiments.md: its Python code runs from top to bottom."""

import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text("utf-8")


@pytest.mark.slow
def test_the_examples_run(forks, tmp_path):
    strict = "import warnings; warnings.filterwarnings('error', module='gplinker_tf')"
    code = "\n".join([strict, *re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)])
    forks.run(code, cwd=tmp_path)
    assert (tmp_path / "bilinear" / "model.safetensors").is_file()
