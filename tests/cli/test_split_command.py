"""`gplinker split` as a user calls it."""

import subprocess
import sys

import pytest
from test_cli import gplinker

TABLE = "text,subject,predicate,object\nAda wrote Tin,Ada,wrote,Tin\nBo met Cy,Bo,met,Cy\n"


@pytest.mark.slow
def test_it_says_what_it_did_and_what_is_wrong(tmp_path):
    path, data = tmp_path / "all.csv", tmp_path / "data"
    path.write_text(TABLE)
    result = gplinker("split", path, "--output", data, "--dev-share", "0.5", "--seed", "1")
    assert (result.returncode, result.stderr) == (0, "")
    counts, dev_counts, *lacking = result.stdout.splitlines()
    assert counts == f"{data / 'train.csv'}: 1 text, 1 line, 1 triple"
    assert dev_counts == f"{data / 'dev.csv'}: 1 text, 1 line, 1 triple"
    assert [line.split(":")[0] for line in lacking] == [
        "train lacks 1 of the 2 predicates",
        "dev lacks 1 of the 2 predicates",
    ]
    result = gplinker("split", path, "--output", data)
    assert result.returncode == 2 and "--overwrite" in result.stderr
    path.write_text(TABLE + "one cell\n")
    result = gplinker("split", path, "--output", data, "--overwrite")
    assert result.returncode == 2 and f"gplinker: {path}:4: expected 4 cells" in result.stderr


def test_it_does_not_wait_for_tensorflow(tmp_path):
    (tmp_path / "all.csv").write_text(TABLE)
    code = (
        "import sys; from gplinker_tf.cli.app import app\n"
        "app(['split', 'all.csv', '--output', 'data'], standalone_mode=False)\n"
        "sys.exit('tensorflow' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True)
    assert result.returncode == 0, result.stderr.decode()
