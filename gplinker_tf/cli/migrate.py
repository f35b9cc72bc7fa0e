"""`gplinker migrate`."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gplinker_tf._counted import counted
from gplinker_tf.cli.command import command
from gplinker_tf.errors import InputError

if TYPE_CHECKING:
    from gplinker_tf.migration.project import MigratedFile, Project


@command
def migrate(
    path: Annotated[
        Path, typer.Argument(help="A Python script that uses bert4keras, or a folder of them.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            help="File or folder for the result. A script is printed if this is not given.",
            show_default=False,
        ),
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Change the files.")] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit with code 1 if a file would change."),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; print the changes as a unified diff.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an output that exists.")
    ] = False,
) -> None:
    """Port a bert4keras script or project to this package: only its import lines change.

    A copy of bert4keras inside the project is recognized, and its imports are changed too. Places
    that can't be changed automatically are listed by line on standard error, and the exit code is
    1.

    Example: gplinker migrate old.py --output new.py
    """
    from gplinker_tf.migration import Project

    project = Project(path)
    _expect_one_way(project, output, in_place, check, diff)
    if output is not None:
        _expect_new(project, output, overwrite)
    files = list(project.migrated())
    if not project.is_folder and files[0].error:
        raise InputError(files[0].error)
    if diff:
        _print(*(file.diff for file in files))
    elif in_place:
        _expect_own(project, files)
        for file in files:
            if file.changed and file.new:
                file.new.write(file.path)
    elif output is not None:
        _write(project, files, output)
    elif not check:
        _print(*(file.new.encoded for file in files if file.new))
    _say_notes(files, check)
    left = _closing_count(files)
    if left or any(file.error for file in files) or (check and any(f.changed for f in files)):
        raise typer.Exit(1)


def _expect_one_way(
    project: Project, output: Path | None, in_place: bool, check: bool, diff: bool
) -> None:
    """Raise an error unless it is clear where the result goes."""
    given = {
        "--output": output is not None,
        "--in-place": in_place,
        "--check or --diff": check or diff,
    }
    ways = [name for name, is_given in given.items() if is_given]
    if len(ways) > 1 or (project.is_folder and not ways):
        received = " and ".join(ways) or f"a folder, {project.path}, and none of these"
        raise InputError(f"Expected one of {', '.join(given)}. Received: {received}.")


def _expect_new(project: Project, output: Path, overwrite: bool) -> None:
    """Raise an error if writing would destroy something, or is not possible."""
    if project.is_folder:
        if output.exists() and not output.is_dir():
            raise InputError(f"Expected a folder to write to. Received: {output}, which is a file.")
        if output.resolve().is_relative_to(project.path.resolve()):
            raise InputError(
                f"Expected a folder outside the project. Received: {output}. Use --in-place to "
                "change the project's own files."
            )
        used = output.is_dir() and any(output.iterdir())
    else:
        from gplinker_tf.runs import expect_target

        expect_target(output)
        used = output.is_file()
    if used and not overwrite:
        raise InputError(
            f"Expected an output that does not exist. Received: {output}. Replace it with "
            "--overwrite, or name another one."
        )


def _expect_own(project: Project, files: list[MigratedFile]) -> None:
    """Raise an error if a change would reach a file outside the project through a link."""
    for file in files:
        real = file.path.resolve()
        if project.is_folder and file.changed and not real.is_relative_to(project.path.resolve()):
            raise InputError(
                f"Expected files inside the project to change. Received: {file.path}, a link to "
                f"{real}. Migrate that file first, or use --output. Nothing was changed."
            )


def _write(project: Project, files: list[MigratedFile], output: Path) -> None:
    if project.is_folder:
        for path in project.copy(output):
            typer.echo(f"{path}: not copied, because it is large", err=True)
    for file in files:
        if file.new:
            file.new.write(project.target(file.path, output))
    typer.echo(f"Written to {output}", err=True)


def _say_notes(files: list[MigratedFile], check: bool) -> None:
    copies = defaultdict(list)
    for file in files:
        for note in file.notes:
            typer.echo(f"{file.path}:{note.line}: {note.text}", err=True)
        if file.error:
            typer.echo(file.error, err=True)
        if file.copy_of:
            copies[file.path.parent].append(file.path.name)
        if check and file.changed:
            typer.echo(f"{file.path}: would change", err=True)
    for folder, names in copies.items():
        text = f"copied from bert4keras, no longer imported: {', '.join(names)}"
        typer.echo(f"{folder}: {text}", err=True)


def _closing_count(files: list[MigratedFile]) -> int:
    """Print how many files were changed and how many places are left; return the latter."""
    left = sum(not note.done for file in files for note in file.notes)
    changed = sum(file.changed for file in files)
    unread = sum(file.error is not None for file in files)
    parts = [
        counted(changed, "changed file"),
        counted(len(files) - changed - unread, "unchanged file"),
        *([counted(unread, "unreadable file")] if unread else []),
        f"{counted(left, 'place')} left to change by hand",
    ]
    typer.echo(", ".join(parts), err=True)
    return left


def _print(*texts: bytes) -> None:
    for text in texts:
        sys.stdout.buffer.write(text)
