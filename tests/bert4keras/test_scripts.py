"""Scripts for bert4keras run after `gplinker migrate` has changed their imports."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gplinker_tf.cli.app import app

pytestmark = pytest.mark.slow

SCRIPTS = Path(__file__).parent / "scripts"


@pytest.mark.parametrize("name", ["gplinker", "casrel", "ner"])
def test_a_script_trains_evaluates_saves_loads_and_learns(name, sample, forks, tmp_path):
    old, new = tmp_path / "old.py", tmp_path / "new.py"
    old.write_text((SCRIPTS / f"{name}_script.py").read_text("utf-8").replace("DATA", str(sample)))
    migrated = CliRunner().invoke(app, ["migrate", str(old), "--output", str(new)])
    assert migrated.exit_code == 0 and f"Written to {new}" in migrated.output.splitlines()
    changed = [
        line
        for line, before in zip(
            new.read_text("utf-8").splitlines(), old.read_text("utf-8").splitlines(), strict=True
        )
        if line != before
    ]
    assert changed and all("import" in line for line in changed)

    printed = forks.run(new.read_text("utf-8"), cwd=tmp_path)
    best = [float(number) for number in re.findall(r"best f1: ([\d.]+)", printed)]
    [loaded] = re.findall(r"loaded f1: ([\d.]+)", printed)
    assert best[-1] > 0.7
    assert float(loaded) == best[-1]
    assert (tmp_path / "best_model.weights").is_file()
    # Keras 2.3 shows no bar in predict: all that is printed comes from the script and from fit.
    assert "1/1" not in printed
