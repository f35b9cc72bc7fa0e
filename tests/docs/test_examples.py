"""The examples run unchanged."""

import re
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

RUN = "import runpy, sys; del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')"
EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_scripts_shape(forks, sample, tmp_path):
    shutil.copytree(sample, tmp_path / "sample")
    script = EXAMPLES / "task_relation_extraction_gplinker.py"
    sizes = ("--epochs", "1", "--limit", "24", "--batch-size", "8")
    said = forks.run(RUN, script, "sample", "sample", "--from-scratch", *sizes, cwd=tmp_path)
    assert re.search(r"f1: 0\.\d{5}, precision: 0\.\d{5}", said)
    assert (tmp_path / "best_model" / "model.safetensors").is_file()
