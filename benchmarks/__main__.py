"""All figures of docs/performance.md, measured in one run on one machine.

    pip install -r benchmarks/requirements.txt
    pip install --no-deps bert4keras==0.11.5 bert4torch==0.6.2 torch4keras==0.3.4
    python -m benchmarks --data lic2019 --encoder zh-e5-small

Each library runs in its own process, and the processes take turns. The results are printed as a
table, row by row, and written to OUTPUT/results.md and OUTPUT/results.csv; `--curves` adds
curves.csv and two plots. A full run takes about an hour on two cores. Each ratio is given for
wall time and for processor time: rely on processor time if other programs use the machine.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from benchmarks import curves, report
from benchmarks.command import DataOption, EncoderOption, TurnsOption, commands, listed, run_command
from benchmarks.figures import FIGURES
from benchmarks.settings import Settings

Figure = Enum("Figure", {name: name for name in FIGURES}, type=str)

__doc__ += f"""
Figures:

{listed(FIGURES)}
All benchmarks; each has a --help:

{commands()}"""


def main(
    data: DataOption,
    encoder: EncoderOption,
    run: Annotated[
        Path | None,
        typer.Option(
            help="Run folder trained with that encoder, for extraction. If not given, a model is "
            "trained for a few steps."
        ),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            help="Output folder of `gplinker compare` with that encoder, for extraction by CasRel. "
            "If not given, that comparison is skipped."
        ),
    ] = None,
    only: Annotated[
        list[Figure],
        typer.Option(
            help="Measure only this figure; may be repeated.", metavar="FIGURE", show_default="all"
        ),
    ] = [*Figure],  # noqa: B006
    with_curves: Annotated[
        bool, typer.Option("--curves", help="Also measure and plot the curves.")
    ] = False,
    turns: TurnsOption = 21,
    output: Annotated[Path, typer.Option(help="Results folder.")] = Path("build/benchmarks"),
) -> None:
    """Measure figures of docs/performance.md."""
    output.mkdir(parents=True, exist_ok=True)
    settings = Settings(data, encoder, run, table, output, turns)
    results = []
    bar = tqdm([figure.value for figure in only], unit=" figures")
    for name in bar:
        bar.set_postfix_str(name)
        for result in FIGURES[name](settings):
            results.append(result)
            bar.write(report.line(result))
            # Written after each result, so that an interrupted run keeps what it has measured.
            (output / "results.md").write_text(report.markdown(results) + "\n", "utf-8")
            report.write_csv(results, output / "results.csv")
    if with_curves:
        points = len(curves.SIDES) * sum(map(len, curves.AXES.values()))
        rows = list(tqdm(curves.measure(), "curves", points, unit=" points"))
        curves.write(rows, output / "curves.csv")
        curves.draw(rows, "milliseconds", "milliseconds", output / "time.png")
        curves.draw(rows, "peak_extra_mebibytes", "peak extra MiB", output / "memory.png")
    print(f"Written to {output}")


if __name__ == "__main__":
    run_command(main)
