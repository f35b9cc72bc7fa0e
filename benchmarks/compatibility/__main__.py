"""The table of docs/compatibility.md: published bert4keras scripts, migrated and run.

    git clone https://github.com/bojone/bert4keras checkouts/bojone/bert4keras
    ...
    python -m benchmarks.compatibility --scripts checkouts

Each script in benchmarks/compatibility/cases.py is migrated with `gplinker migrate` and run for one
epoch of a few steps, in both Keras generations, with made-up data and a tiny random encoder at the
paths that it uses. The outcomes are written to docs/compatibility.csv and the table of the page.
Missing checkouts are skipped. The scripts need rouge, nltk, sympy, scikit-learn and jieba.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from benchmarks.command import run_command
from benchmarks.compatibility.cases import CASES, Case
from benchmarks.compatibility.encoders import Encoders, vocabulary
from benchmarks.compatibility.made_up_data import TEXTS
from benchmarks.compatibility.sandbox import lay_out
from benchmarks.compatibility.table import KERAS, Outcome, merge

ROOT = Path(__file__).parents[2]
LONGEST = 150
SHORT_RUN = Path(__file__).with_name("short_run.py")


def main(
    scripts: Annotated[Path, typer.Option(help="Folder of checkouts, each at OWNER/NAME.")],
    only: Annotated[
        list[str] | None, typer.Option(help="Part of the path of scripts to run; repeatable.")
    ] = None,
    jobs: Annotated[int, typer.Option(help="Number of scripts to run in parallel.")] = 1,
    timeout: Annotated[int, typer.Option(help="Time limit per script, in seconds.")] = 300,
    output: Annotated[Path, typer.Option(help="Folder for logs.")] = Path("build/compatibility"),
) -> None:
    """Migrate and run published bert4keras scripts, and write the table of the page."""
    output.mkdir(parents=True, exist_ok=True)
    cases = [case for case in CASES if any(part in case.name for part in only or [""])]
    cases = [case for case in cases if (scripts / case.repository).is_dir()]
    repositories = sorted({case.repository for case in cases})
    folders = [(scripts / name, output / "migrated" / name) for name in repositories]
    runs = [(case, keras) for case in cases for keras in KERAS]
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda pair: migrate(*pair), folders))
        encoders = make_encoders(cases, output)
        outcomes = pool.map(lambda each: run(*each, encoders, output, timeout), runs)
        for outcome in tqdm(outcomes, total=len(runs), unit="run"):
            merge([outcome], ROOT / "docs")
            if outcome.error:
                tqdm.write(f"{outcome.case.name}, {outcome.keras}: {outcome.error}")


def migrate(checkout: Path, migrated: Path) -> None:
    """Migrate a repository as a user does."""
    shutil.rmtree(migrated, ignore_errors=True)
    command = [sys.executable, "-m", "gplinker_tf", "migrate", checkout, "--output", migrated]
    ran = subprocess.run(command, capture_output=True, text=True)
    if not migrated.is_dir():
        raise SystemExit(ran.stderr)


def make_encoders(cases: list[Case], output: Path) -> Encoders:
    """Make encoders whose vocabulary has every character of the scripts and the data."""
    scripts = (output / "migrated" / case.repository / case.script for case in cases)
    texts = (script.read_text("utf-8") for script in scripts)
    return Encoders(output / "encoders", vocabulary("".join([*texts, *TEXTS])))


def run(case: Case, keras: str, encoders: Encoders, output: Path, timeout: int) -> Outcome:
    """Run a script in its own sandbox, under one generation of Keras."""
    sandbox = (output / "sandboxes" / f"{case.name.replace('/', '+')}+{keras}").resolve()
    shutil.rmtree(sandbox, ignore_errors=True)
    script = lay_out(case, output / "migrated" / case.repository, encoders, sandbox)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "TF_USE_LEGACY_KERAS": str(int(keras == "legacy")),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    log = output / f"{sandbox.name}.log"
    with log.open("w", encoding="utf-8") as file:
        try:
            code = subprocess.run(
                [sys.executable, SHORT_RUN, script],
                cwd=script.parent,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=timeout,
            ).returncode
        except subprocess.TimeoutExpired:
            return Outcome(case, keras, f"not finished after {timeout} s")
    if code:
        errors = re.findall(r"^[\w.]+(?:Error|Exception): .*", log.read_text("utf-8"), re.M)
        return Outcome(case, keras, errors[-1][:LONGEST] if errors else f"exit code {code}")
    shutil.rmtree(sandbox)
    return Outcome(case, keras)


if __name__ == "__main__":
    run_command(main)
