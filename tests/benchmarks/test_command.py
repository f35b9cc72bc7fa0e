"""The benchmarks are commands whose help says what they do."""

import ast

import typer
from typer.testing import CliRunner

from benchmarks import command

#: Not for users: runs the scripts of the compatibility table.
INSIDE = {"short_run.py"}


def test_every_command_is_listed_with_what_it_measures():
    listed = command.commands()
    for path in command.FOLDER.rglob("*.py"):
        text = path.read_text("utf-8")
        if 'if __name__ == "__main__"' in text and path.name not in INSIDE:
            assert ast.get_docstring(ast.parse(text)).partition("\n")[0] in listed, path
    assert "    python -m benchmarks.compatibility  " in listed


def test_the_help_is_the_docstring_with_its_blocks_as_they_are(monkeypatch):
    text = "What it measures.\n\n    run \\\n        --data x\n\nA sentence\nin two lines.\n"
    monkeypatch.setitem(globals(), "__doc__", text)
    ran = []
    monkeypatch.setattr(typer.Typer, "__call__", lambda app: ran.append(app))

    def main(run: command.RunArgument, turns: command.TurnsOption = 3):
        pass

    command.run_command(main)
    shown = CliRunner().invoke(ran[0], ["--help"]).output
    assert "      run \\\n          --data x\n" in shown
    assert "A sentence in two lines." in shown and "RUN" in shown and "--turns" in shown
