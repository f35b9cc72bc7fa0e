"""Scripts of bert4keras's kind run once `gplinker migrate` has changed their import lines."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPTS = Path(__file__).parent / "scripts"


@pytest.mark.parametrize("name", ["gplinker", "casrel", "ner"])
def test_a_script_trains_evaluates_saves_loads_and_learns(name, sample, tmp_path):
    old, new = tmp_path / "old.py", tmp_path / "new.py"
    old.write_text((SCRIPTS / f"{name}_script.py").read_text("utf-8").replace("DATA", str(sample)))
    migrate = [sys.executable, "-m", "gplinker_tf", "migrate", old.name, "--output", new.name]
    migrated = subprocess.run(migrate, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert migrated.stderr.splitlines()[0] == "Written to new.py"
    changed = [
        line
        for line, before in zip(
            new.read_text("utf-8").splitlines(), old.read_text("utf-8").splitlines(), strict=True
        )
        if line != before
    ]
    assert changed and all("import" in line for line in changed)

    ran = subprocess.run([sys.executable, new.name], cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-3000:]
    best = [float(number) for number in re.findall(r"best f1: ([\d.]+)", ran.stdout)]
    [loaded] = re.findall(r"loaded f1: ([\d.]+)", ran.stdout)
    assert best[-1] > 0.7
    assert float(loaded) == best[-1]
    assert (tmp_path / "best_model.weights").is_file()
    # Keras 2.3 shows no bar in predict; what the script prints is its own and that of fit.
    assert "1/1" not in ran.stdout
