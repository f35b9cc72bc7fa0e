"""README and docs: their code runs, their commands parse, and their links work."""

import re
import runpy
import shlex
import sys
from pathlib import Path

import pytest
import typer

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "README.zh-CN.md", "CHANGELOG.md")),
    ROOT / "examples" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]


def name(path):
    return f"{path.parent.name}-{path.name}"


def commands(text, program):
    """Return a program's commands in the indented blocks, with continuation lines joined."""
    lines = re.findall(rf"^(?: {{4}})({program} .*)$", text.replace("\\\n", " "), re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


def all_commands(program):
    found = [
        command for path in DOCUMENTS for command in commands(path.read_text("utf-8"), program)
    ]
    assert found, f"no document names a {program} command"
    return found


def test_gplinker_commands_parse(tmp_path, monkeypatch):
    from gplinker_tf.cli.app import app

    run = tmp_path / "run"
    run.mkdir()
    (run / "run.yaml").write_text("data: lic2019\nencoder: bert\n")
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    group = typer.main.get_command(app)
    for _, subcommand, *arguments in all_commands("gplinker"):
        arguments = arguments[: arguments.index(">")] if ">" in arguments else arguments
        with group.make_context("gplinker", [subcommand, *arguments]) as context:
            command = group.get_command(context, subcommand)
            command.make_context(subcommand, list(arguments), parent=context)


def test_make_targets_exist():
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for command in all_commands("make"):
        assert command[1] in targets


def test_python_commands_teach(monkeypatch, capsys):
    programs = {
        tuple(rest[:2] if rest[0] == "-m" else rest[:1]) for _, *rest in all_commands("python")
    }
    monkeypatch.chdir(ROOT)
    for program in programs:
        monkeypatch.setattr(sys, "argv", [program[-1], "--help"])
        monkeypatch.delitem(sys.modules, program[-1], raising=False)  # runpy would warn about it
        run = runpy.run_module if program[0] == "-m" else runpy.run_path
        with pytest.raises(SystemExit, match=r"^0$"):
            run(program[-1], run_name="__main__")
        assert "usage: " in capsys.readouterr().out.lower()


def test_the_readmes_python_runs(run_folder, tmp_path, monkeypatch):
    (tmp_path / "run").symlink_to(run_folder, target_is_directory=True)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 2
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        exec(block, {"__name__": "__main__"})


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target
